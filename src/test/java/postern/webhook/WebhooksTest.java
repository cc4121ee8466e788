package postern.webhook;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static postern.testserver.FakeWeb.head;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.egress.HttpPost;
import postern.egress.JndiDns;
import postern.testserver.FakeDns;
import postern.testserver.FakeWeb;
import postern.webhook.DeliveryOutcome.Kind;

/** The dialler leads every address to a web server of the test's own, and keeps a record. */
@Timeout(60)
class WebhooksTest {

    private static final String PUBLIC = "93.184.216.34";
    private static final FakeWeb WEB = FakeWeb.start("app.example", "other.example");
    private static final SigningSecret SECRET = SigningSecret.random();

    private final CountDownLatch ended = new CountDownLatch(1);
    private final FakeDns dns =
            FakeDns.start().host("app.example", PUBLIC).host("other.example", PUBLIC);
    private final List<String> dialled = new CopyOnWriteArrayList<>();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Webhooks webhooks = webhooks(List.of("Inner.local", "10.0.0.1:8080"), 20_000);

    @AfterEach
    void stop() throws IOException {
        ended.countDown();
        dns.close();
    }

    @AfterAll
    static void stopWeb() {
        WEB.close();
    }

    /** The example of the specification's reference libraries. */
    @Test
    void aSignatureIsThatOfStandardWebhooks() {
        var secret = new SigningSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        var body = "{\"test\": 2432232314}".getBytes(UTF_8);

        assertThat(secret.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body))
                .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void aDeliveryHasItsIdItsTimeAndASignatureOfEachSecret() {
        WEB.answers("app.example/hook?a=b", head("204 No Content"));

        var outcome =
                webhooks.deliver(
                        "https://app.example/hook?a=b",
                        "msg_1",
                        "{}".getBytes(UTF_8),
                        List.of(SECRET, SigningSecret.random()));

        assertThat(outcome.delivered()).isTrue();
        assertThat(dialled).containsExactly(PUBLIC + ":443");
        assertThat(WEB.contents())
                .last()
                .asString()
                .contains("webhook-id: msg_1\n", "Content-Type: application/json\n")
                .containsPattern("webhook-timestamp: \\d{10}\n")
                .containsPattern("webhook-signature: v1,[A-Za-z0-9+/]{43}= v1,[A-Za-z0-9+/]{43}=\n")
                .endsWith("\n\n{}");
        assertThat(meters.counter("postern.webhook.deliveries", "outcome", "delivered").count())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://app.example/",
                "https://app.example:8443/",
                "https://localhost/",
                "https://127.0.0.1/",
                "https://[::1]/",
                "https://0x7f000001/",
                "https://intranet/",
                "https://user@app.example/",
                "https://app.example/#x",
                "https://app.example/\r\nX: y",
                "https://app.example/ü",
                "https://app.example/ ",
                "https://app.example/%zz",
                "http://10.0.0.1:8081/",
                "//app.example/",
                "file:///etc/passwd",
                "inner.local",
                ""
            })
    void aUrlThatIsNotPublicHttpsIsRefused(String url) {
        assertThatIllegalArgumentException().isThrownBy(() -> webhooks.endpoint(url));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://app.example/",
                "http://inner.local/hook",
                "https://INNER.local:9443/",
                "http://10.0.0.1:8080/"
            })
    void aPublicUrlAndOneOfTheOperatorsListAreTaken(String url) {
        assertThatCode(() -> webhooks.endpoint(url)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fd00::1"})
    void aHostWithAnAddressThatIsNotPublicIsNotDialled(String address) {
        dns.host("rebound.example", PUBLIC, address);

        assertThat(deliver("https://rebound.example/").kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(dialled).isEmpty();
    }

    @Test
    void aRedirectIsARefusalAndNotFollowed() {
        WEB.answers(
                "app.example/moved",
                head("308 Moved", "Location: https://other.example/", "Content-Length: 0"));

        var outcome = deliver("https://app.example/moved");

        assertThat(outcome.kind()).isEqualTo(Kind.REFUSED);
        assertThat(outcome.status()).isEqualTo(308);
        assertThat(dns.questions()).doesNotContain("A other.example");
    }

    @Test
    void gone410IsNoOrdinaryRefusal() {
        WEB.answers("app.example/gone", head("410 Gone", "Content-Length: 0"));
        assertThat(deliver("https://app.example/gone").kind()).isEqualTo(Kind.GONE);
    }

    /** The server goes on until the test ends. */
    @Test
    void theBodyOfAResponseIsNotRead() {
        WEB.answers(
                "app.example/talks",
                out -> {
                    out.write(
                            "HTTP/1.1 200 OK\r\nContent-Encoding: x\r\n\r\n".getBytes(ISO_8859_1));
                    out.flush();
                    ended.await();
                });

        assertThat(deliver("https://app.example/talks").delivered()).isTrue();
    }

    @Test
    void aHeadThatDoesNotEndInTimeIsCut() {
        WEB.answers(
                "app.example/slow",
                out -> {
                    out.write("HTTP/1.1 200 OK\r\n".getBytes(ISO_8859_1));
                    while (!ended.await(20, TimeUnit.MILLISECONDS)) {
                        out.write("X: y\r\n".getBytes(ISO_8859_1));
                        out.flush();
                    }
                });
        var impatient = webhooks(List.of(), 700);

        assertThat(deliver(impatient, "https://app.example/slow").kind())
                .isEqualTo(Kind.UNREACHABLE);
    }

    @Test
    void aHeadThatIsTooLongIsNoResponse() {
        WEB.answers(
                "app.example/long",
                head("200 OK", "X: " + "y".repeat(20_000), "Content-Length: 0"));
        assertThat(deliver("https://app.example/long").kind()).isEqualTo(Kind.UNREACHABLE);
    }

    @Test
    void retryAfterIsSecondsOrADate() {
        WEB.answers("app.example/busy", head("503 Busy", "Retry-After: 120"));
        assertThat(deliver("https://app.example/busy").retryAfter())
                .isEqualTo(Duration.ofMinutes(2));
        var date = ZonedDateTime.now(ZoneOffset.UTC).plusDays(1);
        WEB.answers(
                "app.example/busy",
                head(
                        "429 No",
                        "Retry-After: " + DateTimeFormatter.RFC_1123_DATE_TIME.format(date)));
        assertThat(deliver("https://app.example/busy").retryAfter())
                .isBetween(Duration.ofHours(23), Duration.ofHours(24));
        WEB.answers("app.example/busy", head("429 No", "Retry-After: soon"));
        assertThat(deliver("https://app.example/busy").retryAfter()).isNull();
    }

    @Test
    void aSlowHostDoesNotTakeThePlacesOfOthers() throws Exception {
        var arrived = new CountDownLatch(1);
        var gate = new CountDownLatch(1);
        WEB.answers(
                "app.example/waits",
                out -> {
                    arrived.countDown();
                    gate.await();
                    out.write("HTTP/1.1 204 No\r\n\r\n".getBytes(ISO_8859_1));
                });
        WEB.answers("other.example/", head("204 No Content"));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(() -> deliver("https://app.example/waits"));
            arrived.await();

            assertThat(deliver("https://app.example/waits").kind()).isEqualTo(Kind.BUSY);
            assertThat(deliver("https://other.example/").delivered()).isTrue();

            gate.countDown();
            assertThat(first.get().delivered()).isTrue();
        }
        assertThat(deliver("https://app.example/waits").delivered()).isTrue();
    }

    private DeliveryOutcome deliver(String url) {
        return deliver(webhooks, url);
    }

    private static DeliveryOutcome deliver(Webhooks webhooks, String url) {
        return webhooks.deliver(url, "msg_1", "{}".getBytes(UTF_8), List.of(SECRET));
    }

    private Webhooks webhooks(List<String> permitted, long milliseconds) {
        return new Webhooks(
                new WebhookProperties(permitted, Duration.ofMillis(milliseconds), 10, 1, null),
                new HttpPost(new JndiDns(dns.address()), this::dial, WEB.trusting()),
                meters);
    }

    private Socket dial(InetAddress address, int port, Duration timeout) throws IOException {
        dialled.add(address.getHostAddress() + ":" + port);
        return new Socket(InetAddress.getLoopbackAddress(), WEB.port());
    }
}
