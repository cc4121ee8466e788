package postern.egress;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static postern.testserver.FakeWeb.head;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.testserver.FakeDns;
import postern.testserver.FakeWeb;

/** The dialler leads every address to a web server of the test's own, and keeps a record. */
class FormPostTest {

    private static final String PUBLIC = "93.184.216.34";

    /** Takes connections and says nothing. */
    private static final String SILENT = "93.184.216.99";

    private static final FakeWeb WEB = FakeWeb.start("idp.example", "localhost");
    private static final URI TOKEN = URI.create("https://idp.example/token?tenant=a%20b");
    private static final int LARGEST = 1000;

    private final CountDownLatch ended = new CountDownLatch(1);
    private final FakeDns dns = FakeDns.start();
    private final List<String> dialled = new CopyOnWriteArrayList<>();
    private final List<Duration> timeouts = new CopyOnWriteArrayList<>();
    private ServerSocket silent;
    private final FormPost forms =
            new FormPost(new JndiDns(dns.address()), this::dial, WEB.trusting());

    @BeforeEach
    void startTheSilentOne() throws IOException {
        silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void stop() throws IOException {
        silent.close();
        ended.countDown();
        dns.close();
    }

    @AfterAll
    static void stopWeb() {
        WEB.close();
    }

    @Test
    void aFormIsPostedOnceAndItsAnswerIsReadWhateverItsStatus() throws IOException {
        dns.host("idp.example", PUBLIC);
        WEB.answers(
                "idp.example/token?tenant=a%20b",
                head("400 Bad Request", "Content-Length: 2", "Retry-After: 7").followedBy("no"));
        var form = new LinkedHashMap<String, String>();
        form.put("grant_type", "a b");
        form.put("code", "ü&=\r\n+");

        var answer = forms.post(Endpoint.atPublicHost(TOKEN), form, "Basic x", LARGEST, deadline());

        assertThat(answer.status()).isEqualTo(400);
        assertThat(new String(answer.body(), ISO_8859_1)).isEqualTo("no");
        assertThat(answer.retryAfter()).isEqualTo(Duration.ofSeconds(7));
        assertThat(answer.toString()).doesNotContain("no");
        assertThat(dialled).containsExactly(PUBLIC + ":443");
        assertThat(WEB.contents())
                .last()
                .asString()
                .contains(
                        "Authorization: Basic x\n",
                        "Content-Type: application/x-www-form-urlencoded\n")
                .endsWith("\n\ngrant_type=a+b&code=%C3%BC%26%3D%0D%0A%2B");
    }

    @Test
    void aRedirectIsAnAnswerThatIsNotFollowed() throws IOException {
        dns.host("idp.example", PUBLIC).host("other.example", PUBLIC);
        WEB.answers(
                "idp.example/token?tenant=a%20b",
                head("307 T", "Location: https://other.example/", "Content-Length: 0"));

        assertThat(post(TOKEN).status()).isEqualTo(307);
        assertThat(dns.questions()).doesNotContain("A other.example");
    }

    @Test
    void anotherAddressIsTriedOnlyWhereNothingWasSent() throws IOException {
        dns.host("idp.example", "203.1.0.1", PUBLIC, "93.184.216.35");
        WEB.answers("idp.example/once", _ -> {});

        assertThatThrownBy(() -> post(URI.create("https://idp.example/once")))
                .isInstanceOf(IOException.class);

        assertThat(dialled).containsExactly("203.1.0.1:443", PUBLIC + ":443");
    }

    @Test
    void anAddressThatDoesNotAnswerTakesNoMoreThanItsShareOfTheTime() throws IOException {
        dns.host("idp.example", "203.1.0.1", "203.1.0.2", PUBLIC);
        WEB.file("idp.example/token?tenant=a%20b", "yes");

        assertThat(post(TOKEN).status()).isEqualTo(200);

        assertThat(timeouts.get(0)).isBetween(Duration.ofSeconds(3), Duration.ofMillis(6_700));
        assertThat(timeouts.get(1)).isGreaterThan(Duration.ofSeconds(4));
        assertThat(timeouts.get(2)).isGreaterThan(Duration.ofSeconds(8));
    }

    @Test
    @Timeout(60)
    void anAddressThatSpeaksNoTlsTakesNoMoreThanItsShareOfTheTime() throws IOException {
        dns.host("idp.example", SILENT, PUBLIC, "93.184.216.35", "93.184.216.36");
        WEB.file("idp.example/token?tenant=a%20b", "yes");
        var endpoint = Endpoint.atPublicHost(TOKEN);
        var deadline = Deadline.in(Duration.ofSeconds(12));

        var answer = forms.post(endpoint, Map.of(), null, LARGEST, deadline);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(dialled).containsExactly(SILENT + ":443", PUBLIC + ":443");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "10.0.0.1",
                "169.254.169.254",
                "::1",
                "fd00::1",
                "64:ff9b::a00:1"
            })
    void aPublicEndpointWithAnAddressThatIsNotPublicIsNotDialled(String address) {
        dns.host("idp.example", PUBLIC, address);

        assertThatThrownBy(() -> post(TOKEN)).hasMessageContaining("not public");
        assertThat(dialled).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://idp.example/token",
                "https://idp.example:8443/token",
                "https://localhost/token",
                "https://127.0.0.1/token",
                "https://0x7f000001/token",
                "https://idp.internal/token",
                "https://user:x@idp.example/token",
                "https://idp.example/token#x",
                "https:///token",
                "ftp://idp.example/",
                "/token"
            })
    void aPublicEndpointIsHttpsOnAPublicHost(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Endpoint.atPublicHost(URI.create(url)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://10.0.0.1:65536/token", "http://localhost:0/token"})
    void noEndpointHasAPortThatDoesNotExist(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Endpoint.atInternalHost(URI.create(url)));
    }

    @Test
    void anInternalEndpointMayHaveAnyAddressAndPort() throws IOException {
        WEB.file("localhost:8443/token", "yes");

        var endpoint = Endpoint.atInternalHost(URI.create("https://localhost:8443/token"));
        var answer = forms.post(endpoint, Map.of(), null, LARGEST, deadline());

        assertThat(answer.status()).isEqualTo(200);
        assertThat(dialled).singleElement().asString().endsWith(":8443");
    }

    @Test
    void httpIsForTheGatewaysOwnHostAlone() {
        var endpoint = Endpoint.atInternalHost(URI.create("http://10.0.0.1/token"));

        assertThatThrownBy(() -> forms.post(endpoint, Map.of(), null, LARGEST, deadline()))
                .isInstanceOf(FetchFailed.class);
        assertThat(dialled).isEmpty();
    }

    @Test
    @Timeout(30)
    void aSlowAnswerIsCutThoughAnOctetComesNowAndThen() {
        dns.host("idp.example", PUBLIC);
        WEB.answers(
                "idp.example/slow",
                out -> {
                    out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(ISO_8859_1));
                    while (!ended.await(20, TimeUnit.MILLISECONDS)) {
                        out.write('x');
                        out.flush();
                    }
                });
        var slow = Endpoint.atPublicHost(URI.create("https://idp.example/slow"));

        assertThatThrownBy(() ->
                        forms.post(
                                slow,
                                Map.of(),
                                null,
                                LARGEST * 1000,
                                Deadline.in(Duration.ofMillis(700))))
                .isInstanceOf(IOException.class);
    }

    @Test
    void anAnswerBeyondTheBoundIsCut() {
        dns.host("idp.example", PUBLIC);
        WEB.file("idp.example/large", "x".repeat(LARGEST + 1));

        assertThatThrownBy(() -> post(URI.create("https://idp.example/large")))
                .isInstanceOf(FetchFailed.class);
    }

    private HttpAnswer post(URI uri) throws IOException {
        return forms.post(Endpoint.atPublicHost(uri), Map.of("a", "b"), null, LARGEST, deadline());
    }

    private Socket dial(InetAddress address, int port, Duration timeout) throws IOException {
        dialled.add(address.getHostAddress() + ":" + port);
        timeouts.add(timeout);
        if (address.getHostAddress().startsWith("203.1.0.")) {
            throw new ConnectException("refused");
        }
        if (address.getHostAddress().equals(SILENT)) {
            return new Socket(InetAddress.getLoopbackAddress(), silent.getLocalPort());
        }
        return new Socket(InetAddress.getLoopbackAddress(), WEB.port());
    }

    private static Deadline deadline() {
        return Deadline.in(Duration.ofSeconds(20));
    }
}
