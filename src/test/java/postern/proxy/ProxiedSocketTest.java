package postern.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said to a proxy, and what becomes of each answer. */
@Timeout(30)
class ProxiedSocketTest {

    private static final String GREETING = "* OK ready";
    private static final String GREETING_HEX =
            HexFormat.of().formatHex(GREETING.getBytes(ISO_8859_1));

    private final ServerSocket proxy;
    private final CompletableFuture<String> said = new CompletableFuture<>();

    ProxiedSocketTest() throws IOException {
        this.proxy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
    }

    /** The server's greeting comes in one piece with the proxy's answer. */
    @Test
    void socksConnectsByNameAndTakesNothingOfTheServers() throws IOException {
        answers(hex("0500 05000001 7f000001 0001" + GREETING_HEX));

        try (var socket = connected("socks5://localhost:%d", "imap.example.org")) {
            assertThat(socket.getInputStream().readNBytes(GREETING.length()))
                    .asString(ISO_8859_1)
                    .isEqualTo(GREETING);
        }
        assertThat(said.join())
                .isEqualTo(latin1("050100 05010003 10") + "imap.example.org" + latin1("03e1"));
    }

    @Test
    void socksTellsUserAndPasswordWhereTheProxyWantsThem() throws IOException {
        answers(hex("0502 0100 05000004 00000000000000000000000000000001 0001"));

        connected("socks5://anne:secret@localhost:%d", "192.0.2.7").close();

        assertThat(said.join())
                .isEqualTo(
                        latin1("05020002 0104")
                                + "anne"
                                + latin1("06")
                                + "secret"
                                + latin1("05010001 c0000207 03e1"));
    }

    @Test
    void httpConnectsByNameAndTakesNothingOfTheServers() throws IOException {
        answers(("HTTP/1.1 200 OK\r\nVia: x\r\n\r\n" + GREETING).getBytes(ISO_8859_1));

        try (var socket = connected("http://anne:secret@localhost:%d", "imap.example.org")) {
            assertThat(socket.getInputStream().readNBytes(GREETING.length()))
                    .asString(ISO_8859_1)
                    .isEqualTo(GREETING);
        }
        assertThat(said.join())
                .isEqualTo(
                        "CONNECT imap.example.org:993 HTTP/1.1\r\nHost: imap.example.org:993\r\n"
                                + "Proxy-Authorization: Basic YW5uZTpzZWNyZXQ=\r\n\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "05ff, the proxy wants another way to authenticate",
        "0502 0101, the proxy does not accept its user and password",
        "0500 05050001, the proxy does not connect to the mail server (5)",
        "0500 05000009, the proxy does not speak SOCKS 5",
        "0400, the proxy does not speak SOCKS 5",
        "48545450, the proxy does not speak SOCKS 5",
        "0500 0500, the proxy hangs up",
        "'', the proxy hangs up"
    })
    void whatSocksRefusesIsTold(String answer, String message) {
        answers(hex(answer));

        assertThatThrownBy(() -> connected("socks5://anne:secret@localhost:%d", "imap.example.org"))
                .isInstanceOf(ProxyRefused.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1 407 Who?, the proxy does not accept its user and password",
        "HTTP/1.0 503, the proxy does not connect to the mail server (503)",
        "* OK IMAP4rev1, the proxy does not speak HTTP/1.1",
        "HTTP/1.1 2000 OK, the proxy does not speak HTTP/1.1"
    })
    void whatHttpRefusesIsTold(String line, String message) {
        answers((line + "\r\n\r\n").getBytes(ISO_8859_1));

        assertThatThrownBy(() -> connected("http://localhost:%d", "imap.example.org"))
                .isInstanceOf(ProxyRefused.class)
                .hasMessage(message);
    }

    @Test
    void anEndlessHeadIsNotReadToItsEnd() {
        answers(("HTTP/1.1 200 OK\r\nX: " + "x".repeat(20_000)).getBytes(ISO_8859_1));

        assertThatThrownBy(() -> connected("http://localhost:%d", "imap.example.org"))
                .isInstanceOf(ProxyRefused.class)
                .hasMessage("the proxy does not answer CONNECT");
    }

    @Test
    void aProxyThatSaysNothingIsNotWaitedForForLong() {
        var address = "http://localhost:" + proxy.getLocalPort();

        assertThatThrownBy(() ->
                        OutboundProxy.parse(address)
                                .socketTo("imap.example.org", 993)
                                .connect(proxy.getLocalSocketAddress(), 20))
                .isInstanceOf(SocketTimeoutException.class);
    }

    private Socket connected(String address, String server) throws IOException {
        var socket =
                OutboundProxy.parse(address.formatted(proxy.getLocalPort())).socketTo(server, 993);
        socket.connect(proxy.getLocalSocketAddress(), 20_000);
        return socket;
    }

    /** Answers everything at once, and notes what the client has said when it hangs up. */
    private void answers(byte[] octets) {
        Thread.ofVirtual()
                .name("proxy")
                .start(() -> {
                    var heard = new ByteArrayOutputStream();
                    try (var client = proxy.accept()) {
                        client.getOutputStream().write(octets);
                        client.shutdownOutput();
                        client.getInputStream().transferTo(heard);
                    } catch (IOException _) {
                        // the client has hung up
                    }
                    said.complete(heard.toString(ISO_8859_1));
                });
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    private static String latin1(String hex) {
        return new String(hex(hex), ISO_8859_1);
    }
}
