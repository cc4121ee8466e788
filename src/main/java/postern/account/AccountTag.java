package postern.account;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;

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
        return new AccountTag(
                ByteBuffer.wrap(sha256().digest(login.getBytes(StandardCharsets.UTF_8)))
                        .getShort());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
