package postern.account;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;

/**
 * Marks what belongs to an account: the first two octets of a SHA-256 of the mail server's host and
 * port and the login name. Different tags mean different login names; equal tags most likely mean
 * the same one. Two login names may still lead to the same mailboxes, where one is an alias.
 */
public record AccountTag(short value) {

    public static AccountTag of(Account account) {
        var server = account.server();
        var host = server.host().toLowerCase(Locale.ROOT);
        // No login name has a line end.
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
