package postern.imap.pool;

import java.util.Locale;
import postern.account.Account;
import postern.account.ImapServer;

/**
 * Identifies a user on a mail server. The per-account limits apply to it, since the server counts
 * connections by user, whatever the credential.
 */
record AccountKey(ImapServer server, String user) {

    static AccountKey of(Account account) {
        var server = account.server();
        var host = server.host().toLowerCase(Locale.ROOT);
        return new AccountKey(
                new ImapServer(host, server.port(), server.security()), account.user());
    }
}
