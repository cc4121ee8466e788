package postern.account;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import postern.digest.Sha256;

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

    /**
     * A name in the shared state for something of this account: every account has names of its own,
     * and none shows whose it is.
     */
    public String sharedName(String thing) {
        var text = "%s\n%d\n%s\n%s".formatted(server.host(), server.port(), user, thing);
        return Sha256.base64Url(text.getBytes(StandardCharsets.UTF_8), Sha256.OCTETS);
    }

    private static ImapServer lowerCase(ImapServer server) {
        var host = server.host().toLowerCase(Locale.ROOT);
        return new ImapServer(host, server.port(), server.security());
    }
}
