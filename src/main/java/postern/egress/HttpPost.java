package postern.egress;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.util.Map;
import javax.net.ssl.SSLSocketFactory;

/**
 * Posts octets. Like {@link HttpsFetch} it looks the host up once and connects to an address that
 * it has judged; it follows no redirects, and time and size are bounded. A body is sent once:
 * another address is tried only where nothing was sent.
 */
public final class HttpPost {

    /** Upper bound on the addresses of a host that are tried. */
    private static final int MOST_ADDRESSES = 3;

    private final Dns dns;
    private final Dialer dialer;
    private final SSLSocketFactory trusted;

    /**
     * @param trusted creates TLS sockets that check certificates
     */
    public HttpPost(Dns dns, Dialer dialer, SSLSocketFactory trusted) {
        this.dns = dns;
        this.dialer = dialer;
        this.trusted = trusted;
    }

    private interface Reader {

        HttpAnswer read(InputStream in) throws IOException;
    }

    /** The answer with its body, whatever its status. */
    HttpAnswer post(
            Endpoint endpoint,
            Map<String, String> fields,
            byte[] body,
            int largest,
            Deadline deadline)
            throws IOException {
        return send(endpoint, fields, body, deadline, in -> HttpResponse.read(in, largest));
    }

    /**
     * The answer without its body, which is not read.
     *
     * @param fields names and values of header fields, of visible ASCII
     */
    public HttpAnswer notify(
            Endpoint endpoint, Map<String, String> fields, byte[] body, Deadline deadline)
            throws IOException {
        return send(endpoint, fields, body, deadline, HttpResponse::readHead);
    }

    private HttpAnswer send(
            Endpoint endpoint,
            Map<String, String> fields,
            byte[] body,
            Deadline deadline,
            Reader reader)
            throws IOException {
        try (var connection = connect(endpoint, deadline)) {
            return reader.read(connection.send(head(endpoint, fields, body.length), body));
        }
    }

    private HttpConnection connect(Endpoint endpoint, Deadline deadline) throws IOException {
        return AddressAttempts.first(
                endpoint.addresses(dns),
                MOST_ADDRESSES,
                deadline,
                (address, connected) -> connect(address, endpoint, connected, deadline));
    }

    private HttpConnection connect(
            InetAddress address, Endpoint endpoint, Deadline connected, Deadline deadline)
            throws IOException {
        return HttpConnection.open(
                dialer,
                address,
                endpoint.port(),
                endpoint.host(),
                endpoint.secure() ? trusted : null,
                connected,
                deadline);
    }

    private static byte[] head(Endpoint endpoint, Map<String, String> fields, int length) {
        var head = new StringBuilder("POST %s HTTP/1.1\r\n".formatted(endpoint.path()));
        head.append("Host: ").append(endpoint.authority()).append("\r\n");
        fields.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
        head.append("Content-Length: ").append(length).append("\r\n");
        head.append("Accept-Encoding: identity\r\nUser-Agent: Postern\r\n");
        return head.append("Connection: close\r\n\r\n").toString().getBytes(US_ASCII);
    }
}
