package postern.egress;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import javax.net.ssl.SSLSocketFactory;

/**
 * Fetches small files by HTTPS from hosts that a stranger may have chosen. The host's addresses are
 * looked up once, all of them must be public, and the connection goes to one of those, so that a
 * second answer of the DNS cannot lead elsewhere. Only port 443; no redirects; time and size are
 * bounded.
 *
 * <p>No HTTP client of the JDK connects to a given address while it checks the certificate of a
 * given name, hence the little HTTP here.
 */
public final class HttpsFetch {

    private static final int PORT = 443;

    /** Upper bound on the addresses of a host that are tried. */
    private static final int MOST_ADDRESSES = 2;

    private final Dns dns;
    private final Dialer dialer;
    private final SSLSocketFactory trusted;

    /**
     * @param trusted creates TLS sockets that check certificates
     */
    public HttpsFetch(Dns dns, Dialer dialer, SSLSocketFactory trusted) {
        this.dns = dns;
        this.dialer = dialer;
        this.trusted = trusted;
    }

    /** The body of a 200; everything else is an IOException. */
    public byte[] get(DomainName host, String path, int largest, Deadline deadline)
            throws IOException {
        deadline.left();
        return AddressAttempts.first(
                PublicAddresses.required(dns.addresses(host)),
                MOST_ADDRESSES,
                deadline,
                (address, connected) -> get(address, host, path, largest, connected, deadline));
    }

    private byte[] get(
            InetAddress address,
            DomainName host,
            String path,
            int largest,
            Deadline connected,
            Deadline deadline)
            throws IOException {
        try (var connection =
                HttpConnection.open(
                        dialer, address, PORT, host.text(), trusted, connected, deadline)) {
            return HttpResponse.readFile(connection.send(request(host, path)), largest);
        }
    }

    private static byte[] request(DomainName host, String path) {
        return """
        GET %s HTTP/1.1\r
        Host: %s\r
        Accept: application/xml, text/xml\r
        Accept-Encoding: identity\r
        User-Agent: Postern\r
        Connection: close\r
        \r
        """
                .formatted(path, host)
                .getBytes(US_ASCII);
    }
}
