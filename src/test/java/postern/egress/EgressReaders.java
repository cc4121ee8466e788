package postern.egress;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import postern.fuzz.FuzzTarget;

/** The readers of names and of foreign HTTP responses, as fuzz targets. */
public final class EgressReaders {

    private static final int LARGEST = 64 * 1024;

    private EgressReaders() {}

    public static List<FuzzTarget> all() {
        return List.of(
                FuzzTarget.of(
                                "domain name",
                                it -> DomainName.parse(new String(it, UTF_8)).toString())
                        .of(
                                "example.org",
                                "m\u00fcller.example",
                                "127.0.0.1",
                                ".",
                                "a",
                                "-",
                                "xn--"),
                FuzzTarget.of("http response head", EgressReaders::head)
                        .throwing(FetchFailed.class)
                        .of(
                                "HTTP/1.1 204 No Content\r\n\r\n",
                                "HTTP/1.1 503\nRetry-After: 7\n\n",
                                "HTTP/1.1 429 No\r\nRetry-After: Sun, 29 Nov 2026 12:00:00 GMT\r\n\r\n",
                                "HTTP/1.1 100 Continue\r\n\r\n",
                                "a"),
                FuzzTarget.of("http response", EgressReaders::response)
                        .throwing(FetchFailed.class)
                        .of(
                                "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc",
                                "HTTP/1.1 200\nTransfer-Encoding: chunked\n\n1;x\na\n0\n\n",
                                "HTTP/1.0 200 OK\r\n\r\nabc",
                                "HTTP/1.1 429 No\r\nRetry-After: 5\r\n\r\n",
                                "a",
                                "\n"));
    }

    private static String head(byte[] octets) throws IOException {
        return "" + HttpResponse.readHead(new ByteArrayInputStream(octets)).status();
    }

    private static String response(byte[] octets) throws IOException {
        var answer = HttpResponse.read(new ByteArrayInputStream(octets), LARGEST);
        return answer.status() + new String(answer.body(), ISO_8859_1) + answer.retryAfter();
    }
}
