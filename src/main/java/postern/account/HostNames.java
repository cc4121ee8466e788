package postern.account;

import java.net.InetAddress;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

/** What an operator may write where a host is expected. */
public final class HostNames {

    private static final int LONGEST = 253;

    /** Names of containers may have underscores. */
    private static final Pattern NAME =
            Pattern.compile("[A-Za-z0-9_-]{1,63}(\\.[A-Za-z0-9_-]{1,63})*\\.?");

    private HostNames() {}

    /**
     * Throws IllegalArgumentException with the property for what is neither a name nor an address,
     * such as a URL or a host with a port: the lookup would fail only at the first login.
     */
    public static void check(String property, String host) {
        Assert.isTrue(
                isAddress(host) || host.length() <= LONGEST && NAME.matcher(host).matches(),
                () ->
                        property
                                + ": '%s' is no host name or address; a URL, a port and letters"
                                        .formatted(host)
                                + " outside of ASCII do not belong to it");
    }

    /**
     * As above for {@code host} below this prefix, and throws for a {@code port} there that is
     * none.
     *
     * @param port null where none is configured
     */
    public static void checkServer(String prefix, String host, @Nullable Integer port) {
        check(prefix + ".host", host);
        Assert.isTrue(
                port == null || port > 0 && port < 65_536,
                () -> prefix + ".port must be from 1 to 65535");
    }

    private static boolean isAddress(String host) {
        try {
            var _ = InetAddress.ofLiteral(host);
            return true;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }
}
