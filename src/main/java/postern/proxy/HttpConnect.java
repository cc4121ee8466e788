package postern.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.Base64;
import java.util.regex.Pattern;

/** The method CONNECT of HTTP (RFC 9110 §9.3.6). */
final class HttpConnect {

    private static final int LONGEST_HEAD = 16 * 1024;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3})(?: .*)?");
    private static final String PROXY_AUTHENTICATION_REQUIRED = "407";

    private HttpConnect() {}

    static void connect(Socket socket, OutboundProxy proxy, String server, int port)
            throws IOException {
        var authority = (server.indexOf(':') < 0 ? server : "[" + server + "]") + ":" + port;
        socket.getOutputStream()
                .write(
                        "CONNECT %1$s HTTP/1.1\r\nHost: %1$s\r\n%2$s\r\n"
                                .formatted(authority, authorization(proxy))
                                .getBytes(ISO_8859_1));
        var status = STATUS.matcher(firstLine(socket.getInputStream()));
        if (!status.matches()) {
            throw new ProxyRefused("the proxy does not speak HTTP/1.1");
        }
        if (status.group(1).equals(PROXY_AUTHENTICATION_REQUIRED)) {
            throw new ProxyRefused("the proxy does not accept its user and password");
        }
        if (!status.group(1).startsWith("2")) {
            throw new ProxyRefused(
                    "the proxy does not connect to the mail server (%s)"
                            .formatted(status.group(1)));
        }
    }

    private static String authorization(OutboundProxy proxy) {
        if (proxy.user() == null) {
            return "";
        }
        var credential = (proxy.user() + ":" + proxy.password()).getBytes(UTF_8);
        return "Proxy-Authorization: Basic "
                + Base64.getEncoder().encodeToString(credential)
                + "\r\n";
    }

    /**
     * Reads the head of the response and returns its first line. It reads octet by octet, since
     * what follows the head is the mail server's.
     */
    private static String firstLine(InputStream in) throws IOException {
        var head = new ByteArrayOutputStream();
        boolean lineIsEmpty = false;
        while (true) {
            int octet = in.read();
            if (octet < 0 || head.size() == LONGEST_HEAD) {
                throw new ProxyRefused("the proxy does not answer CONNECT");
            }
            head.write(octet);
            if (octet == '\n') {
                if (lineIsEmpty) {
                    return head.toString(ISO_8859_1).lines().findFirst().orElse("");
                }
                lineIsEmpty = true;
            } else if (octet != '\r') {
                lineIsEmpty = false;
            }
        }
    }
}
