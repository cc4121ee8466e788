package postern.web;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The address that a request came from: that of the TCP connection, or, where the operator trusts a
 * proxy to tell it ({@code server.forward-headers-strategy}), that of its client.
 */
public record ClientAddress(String text) {

    /** What is usually given to one subscriber. */
    private static final int IPV6_NETWORK = 8;

    public static ClientAddress of(HttpServletRequest request) {
        var address = request.getRemoteAddr();
        return new ClientAddress(address == null ? "" : address);
    }

    /** Without the brackets that an IPv6 address may have. */
    String bare() {
        return text.startsWith("[") && text.endsWith("]")
                ? text.substring(1, text.length() - 1)
                : text;
    }

    /** The address; of IPv6 the /64 network, since a host can use any address in it. */
    public String network() {
        var bare = bare();
        try {
            var octets = InetAddress.ofLiteral(bare).getAddress();
            return octets.length <= IPV6_NETWORK
                    ? bare
                    : HexFormat.of().formatHex(Arrays.copyOf(octets, IPV6_NETWORK));
        } catch (IllegalArgumentException _) {
            return bare; // what a proxy calls its client
        }
    }
}
