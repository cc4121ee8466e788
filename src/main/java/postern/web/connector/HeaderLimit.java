package postern.web.connector;

import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;

/**
 * Answers 414 and 431 to one request of HTTP/2 that is too large, as HTTP/1.1 does. Jetty would
 * close the connection, with the requests of others that a proxy sends on it; so it takes, and
 * announces, some times as much, and the request is judged after it has been decoded.
 */
final class HeaderLimit implements HttpConfiguration.Customizer {

    private static final int DECODED = 4;

    /** What a line of HTTP/1.1 has besides name and value. */
    private static final int LINE = 4;

    private final int octets;

    private HeaderLimit(int octets) {
        this.octets = octets;
    }

    /** The configuration of HTTP/1.1 for HTTP/2, with its limit. */
    static HttpConfiguration of(HttpConfiguration http1) {
        int octets = http1.getRequestHeaderSize();
        var http2 = new HttpConfiguration(http1);
        http2.setRequestHeaderSize(octets * DECODED);
        http2.addCustomizer(new HeaderLimit(octets));
        return http2;
    }

    @Override
    public Request customize(Request request, HttpFields.Mutable answer) {
        int uri = request.getHttpURI().toString().length();
        if (uri > octets) {
            throw new HttpException.RuntimeException(HttpStatus.URI_TOO_LONG_414);
        }
        long all = uri;
        for (var field : request.getHeaders()) {
            var value = field.getValue();
            all += field.getName().length() + (value == null ? 0 : value.length()) + LINE;
        }
        if (all > octets) {
            throw new HttpException.RuntimeException(
                    HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431);
        }
        return request;
    }
}
