package postern.account;

import java.util.Locale;

/**
 * A user of a mail server, whatever the credential: who owns the mailboxes, and whose connections
 * the server counts. The host is in lower case.
 */
public record AccountKey(ImapServer server, String user) {

    public static AccountKey of(Account account) {
        return new AccountKey(lowerCase(account.server()), account.user());
    }

    /** For caches that outlive a request: see {@link Account#cacheOwner}. */
    public static AccountKey ofCached(Account account) {
        return new AccountKey(lowerCase(account.server()), account.cacheOwner());
    }

    private static ImapServer lowerCase(ImapServer server) {
        var host = server.host().toLowerCase(Locale.ROOT);
        return new ImapServer(host, server.port(), server.security());
    }
}
