package postern.account;

import java.util.Locale;

/**
 * A user of a mail server, whatever the credential: who owns the mailboxes, and whose connections
 * the server counts. The host is in lower case.
 */
public record AccountKey(ImapServer server, String user) {

    public static AccountKey of(Account account) {
        var server = account.server();
        var host = server.host().toLowerCase(Locale.ROOT);
        return new AccountKey(
                new ImapServer(host, server.port(), server.security()), account.user());
    }
}
