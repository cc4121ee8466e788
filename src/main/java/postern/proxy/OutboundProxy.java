package postern.proxy;

import java.net.Socket;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A proxy that connects to mail servers for the gateway.
 *
 * @param user null where it wants no credential
 */
public record OutboundProxy(
        Protocol protocol,
        String host,
        int port,
        @Nullable String user,
        @Nullable String password) {

    /** How the proxy is asked to connect. */
    public enum Protocol {
        /** SOCKS version 5 (RFC 1928, RFC 1929). */
        SOCKS5,
        /** The method CONNECT of HTTP (RFC 9110 §9.3.6). */
        HTTP
    }

    /** A field of SOCKS5 has a length of one octet. */
    private static final int LONGEST = 255;

    public OutboundProxy {
        if ((user == null) != (password == null)) {
            throw new IllegalArgumentException("a user needs a password");
        }
        if (user != null && password != null && (tooLong(user) || tooLong(password))) {
            throw new IllegalArgumentException("user and password must be of 1 to 255 octets");
        }
    }

    /**
     * Parses {@code socks5://host:port} or {@code http://host:port}, with {@code user:password@} in
     * front of the host where the proxy wants it. Throws IllegalArgumentException, whose message
     * contains no credential.
     */
    public static OutboundProxy parse(String text) {
        var uri = uri(text);
        var protocol =
                switch (uri.getScheme()) {
                    case "socks5" -> Protocol.SOCKS5;
                    case "http" -> Protocol.HTTP;
                    case null, default -> throw invalid();
                };
        boolean more = uri.getRawQuery() != null || uri.getRawFragment() != null;
        if (uri.getHost() == null
                || uri.getPort() < 1
                || uri.getPort() > 65_535
                || more
                || !uri.getRawPath().matches("/?")) {
            throw invalid();
        }
        var credential = uri.getUserInfo();
        int colon = credential == null ? -1 : credential.indexOf(':');
        if (credential == null) {
            return new OutboundProxy(protocol, bare(uri.getHost()), uri.getPort(), null, null);
        }
        if (colon < 0) {
            throw invalid();
        }
        return new OutboundProxy(
                protocol,
                bare(uri.getHost()),
                uri.getPort(),
                credential.substring(0, colon),
                credential.substring(colon + 1));
    }

    /**
     * An unconnected socket. Its {@code connect} connects to the proxy and lets it connect to this
     * server, whatever address it is given.
     */
    public Socket socketTo(String server, int serverPort) {
        return new ProxiedSocket(this, server, serverPort);
    }

    /** Without the credential. */
    @Override
    public String toString() {
        return protocol + " " + host + ":" + port;
    }

    private static URI uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException _) {
            throw invalid();
        }
    }

    /** An IPv6 address without its brackets. */
    private static String bare(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static boolean tooLong(String text) {
        int octets = text.getBytes(StandardCharsets.UTF_8).length;
        return octets == 0 || octets > LONGEST;
    }

    private static IllegalArgumentException invalid() {
        return new IllegalArgumentException(
                "a proxy is socks5://host:port or http://host:port, with user:password@ in front of"
                        + " the host if it wants them");
    }
}
