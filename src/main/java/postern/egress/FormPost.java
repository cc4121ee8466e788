package postern.egress;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URLEncoder;
import java.util.Map;
import java.util.stream.Collectors;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Posts forms and reads small answers. Like {@link HttpsFetch} it looks the host up once and
 * connects to an address that it has judged; it follows no redirects, and time and size are
 * bounded. A form is sent once: what it does may not be done twice.
 */
public final class FormPost {

    /** Upper bound on the addresses of a host that are tried. */
    private static final int MOST_ADDRESSES = 3;

    private final Dns dns;
    private final Dialer dialer;
    private final SSLSocketFactory trusted;

    /**
     * @param trusted creates TLS sockets that check certificates
     */
    public FormPost(Dns dns, Dialer dialer, SSLSocketFactory trusted) {
        this.dns = dns;
        this.dialer = dialer;
        this.trusted = trusted;
    }

    /**
     * The answer, whatever its status.
     *
     * @param authorization the value of the header; null for none
     */
    public HttpAnswer post(
            Endpoint endpoint,
            Map<String, String> form,
            @Nullable String authorization,
            int largest,
            Deadline deadline)
            throws IOException {
        var body = encode(form).getBytes(US_ASCII);
        try (var connection = connect(endpoint, deadline)) {
            var answer = connection.send(head(endpoint, authorization, body.length), body);
            return HttpResponse.read(answer, largest);
        }
    }

    /** The status of the answer, which is not read any further. */
    public int status(Endpoint endpoint, Map<String, String> form, Deadline deadline)
            throws IOException {
        var body = encode(form).getBytes(US_ASCII);
        try (var connection = connect(endpoint, deadline)) {
            return HttpResponse.readStatus(
                    connection.send(head(endpoint, null, body.length), body));
        }
    }

    private HttpConnection connect(Endpoint endpoint, Deadline deadline) throws IOException {
        IOException failure = new FetchFailed("the host has no address");
        var addresses = endpoint.addresses(dns).stream().limit(MOST_ADDRESSES).toList();
        int untried = addresses.size();
        for (var address : addresses) {
            try {
                return connect(address, endpoint, deadline.ofFirst(untried--), deadline);
            } catch (IOException e) {
                failure = e;
            }
        }
        throw failure;
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

    private static byte[] head(Endpoint endpoint, @Nullable String authorization, int length) {
        var credentials = authorization == null ? "" : "Authorization: " + authorization + "\r\n";
        return """
        POST %s HTTP/1.1\r
        Host: %s\r
        %sContent-Type: application/x-www-form-urlencoded\r
        Content-Length: %d\r
        Accept: application/json\r
        Accept-Encoding: identity\r
        User-Agent: Postern\r
        Connection: close\r
        \r
        """
                .formatted(endpoint.path(), endpoint.authority(), credentials, length)
                .getBytes(US_ASCII);
    }

    private static String encode(Map<String, String> form) {
        return form.entrySet().stream()
                .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, UTF_8);
    }
}
