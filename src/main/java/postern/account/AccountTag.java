package postern.account;

import java.nio.ByteBuffer;
import java.util.Locale;
import postern.digest.Sha256;

/**
 * Marks ids as belonging to an account: the first two octets of a SHA-256 of the mail server's host
 * and port and the login name. Different tags mean different login names; equal tags most likely
 * mean the same one. Two login names may still open the same mailboxes, where one is an alias.
 */
public record AccountTag(short value) {

    public static AccountTag of(Account account) {
        var server = account.server();
        var host = server.host().toLowerCase(Locale.ROOT);
        // A login name contains no line end, so that the parts cannot run together.
        var login = "%s\n%d\n%s".formatted(host, server.port(), account.user());
        return new AccountTag(ByteBuffer.wrap(Sha256.of(login)).getShort());
    }
}
