package postern.egress;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A URL that something is posted to.
 *
 * @param internal whether it may be on the operator's own network
 * @param plain whether http is good enough on that network, and not only on the gateway's own host
 */
public record Endpoint(URI uri, boolean internal, boolean plain) {

    private static final int HTTPS = 443;
    private static final int HTTP = 80;
    private static final int LAST_PORT = 65_535;

    public Endpoint(URI uri, boolean internal) {
        this(uri, internal, false);
    }

    /** Throws IllegalArgumentException for a URL that must not be asked. */
    public Endpoint {
        require(uri.getHost() != null && uri.getUserInfo() == null, "is no URL of a host");
        require(uri.getFragment() == null, "has a fragment");
        require(uri.getPort() != 0 && uri.getPort() <= LAST_PORT, "has a port that does not exist");
        if (internal) {
            require(secure(uri) || "http".equals(uri.getScheme()), "is neither https nor http");
        } else {
            require(secure(uri), "is no https URL");
            require(uri.getPort() == -1 || uri.getPort() == HTTPS, "has another port than 443");
            require(DomainName.parse(uri.getHost()).isPresent(), "has no host of the public DNS");
        }
    }

    /** On a public host: {@code https} on port 443. */
    public static Endpoint atPublicHost(URI uri) {
        return new Endpoint(uri, false);
    }

    /** On any host and port: {@code https}, and on the gateway's own host also {@code http}. */
    public static Endpoint atInternalHost(URI uri) {
        return new Endpoint(uri, true);
    }

    /** Like {@link #atInternalHost}, and {@code http} wherever the operator permits the host. */
    public static Endpoint atPermittedHost(URI uri) {
        return new Endpoint(uri, true, true);
    }

    boolean secure() {
        return secure(uri);
    }

    public String host() {
        return uri.getHost().replaceAll("[\\[\\]]", "");
    }

    int port() {
        return uri.getPort() != -1 ? uri.getPort() : secure() ? HTTPS : HTTP;
    }

    /** Host and port as a request names them. */
    String authority() {
        return uri.getRawAuthority();
    }

    /** In ASCII, as a request names it. */
    String path() {
        var ascii = URI.create(uri.toASCIIString());
        var path = ascii.getRawPath().isEmpty() ? "/" : ascii.getRawPath();
        return ascii.getRawQuery() == null ? path : path + "?" + ascii.getRawQuery();
    }

    /** The addresses that may be connected to; one that may not be is a failure for all. */
    List<InetAddress> addresses(Dns dns) throws IOException {
        if (!internal) {
            return PublicAddresses.required(dns.addresses(new DomainName(lowerCase(host()))));
        }
        var addresses = systemAddresses(host());
        if (!secure() && !plain && !addresses.stream().allMatch(InetAddress::isLoopbackAddress)) {
            throw new FetchFailed("http is only for the gateway's own host");
        }
        return addresses;
    }

    private static List<InetAddress> systemAddresses(String host) throws FetchFailed {
        try {
            return List.of(InetAddress.getAllByName(host));
        } catch (UnknownHostException _) {
            throw new FetchFailed("the host has no address");
        }
    }

    private static String lowerCase(String host) {
        return DomainName.parse(host).orElseThrow().text();
    }

    private static boolean secure(@Nullable URI uri) {
        return uri != null && "https".equals(uri.getScheme());
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
