package postern.account;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Locale;
import java.util.regex.Pattern;
import javax.crypto.SecretKey;
import postern.digest.KeyedHash;

/**
 * The beginning of every token: a keyed hash of mail server and user, by which a load balancer can
 * keep an account on one replica. It is a hint and proves nothing, so that it is not checked when a
 * token is opened. Without the key nobody can try out whose tag it is.
 */
final class RoutingTag {

    /** 48 bits: accounts with the same tag share a replica, which does no harm. */
    private static final int LENGTH = 12;

    private static final Pattern TAGGED = Pattern.compile("[0-9a-f]{%d}\\..*".formatted(LENGTH));
    private static final byte[] PURPOSE = "postern routing tag".getBytes(UTF_8);

    private final KeyedHash hash;

    RoutingTag(SecretKey key) {
        // not the key itself, which encrypts
        hash = new KeyedHash(new KeyedHash(key.getEncoded()).of(PURPOSE).getBytes(UTF_8));
    }

    String of(String host, int port, String user) {
        return hash.of(
                        host.toLowerCase(Locale.ROOT).getBytes(UTF_8),
                        Integer.toString(port).getBytes(UTF_8),
                        user.getBytes(UTF_8))
                .substring(0, LENGTH);
    }

    static String with(String tag, String token) {
        return tag + "." + token;
    }

    /** The token without its tag; tokens from before there were tags have none. */
    static String strip(String token) {
        return TAGGED.matcher(token).matches() ? token.substring(LENGTH + 1) : token;
    }
}
