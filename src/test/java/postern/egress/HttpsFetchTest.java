package postern.egress;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static postern.testserver.FakeWeb.head;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.testserver.FakeDns;
import postern.testserver.FakeWeb;

/** The dialler leads public addresses to a web server of the test's own, and keeps a record. */
class HttpsFetchTest {

    private static final String PUBLIC = "93.184.216.34";
    private static final FakeWeb WEB = FakeWeb.start("good.example", "other.example");
    private static final DomainName GOOD = new DomainName("good.example");
    private static final int LARGEST = 1000;

    private final CountDownLatch ended = new CountDownLatch(1);
    private final FakeDns dns = FakeDns.start();
    private final List<String> dialled = new CopyOnWriteArrayList<>();
    private final HttpsFetch fetch = fetch(WEB.trusting());

    @AfterEach
    void stop() {
        ended.countDown();
        dns.close();
    }

    @AfterAll
    static void stopWeb() {
        WEB.close();
    }

    @Test
    void aFileOfAPublicHostIsFetchedOnPort443() throws IOException {
        dns.host("good.example", PUBLIC);
        WEB.file("good.example/a/b.xml", "hello");

        assertThat(get("/a/b.xml")).isEqualTo("hello");
        assertThat(dialled).containsExactly(PUBLIC + ":443");
    }

    @Test
    void chunksAndTheEndOfTheConnectionEndAFile() throws IOException {
        dns.host("good.example", PUBLIC);
        WEB.answers(
                "good.example/chunked",
                head("200 OK", "Transfer-Encoding: chunked")
                        .followedBy("3;x=y\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"));
        WEB.answers("good.example/open", head("200 OK").followedBy("abc"));

        assertThat(get("/chunked")).isEqualTo("abcde");
        assertThat(get("/open")).isEqualTo("abc");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1", "10.0.0.1", "169.254.169.254", "192.168.1.1", "100.100.100.200",
                "::1", "fe80::1", "fd00:ec2::254", "::ffff:127.0.0.1", "::127.0.0.1",
                "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "0.0.0.0", "224.0.0.1"
            })
    void aHostWithAnAddressThatIsNotPublicIsNotDialled(String address) {
        dns.host("good.example", address);

        assertThatThrownBy(() -> get("/")).hasMessageContaining("not public");
        assertThat(dialled).isEmpty();
    }

    @Test
    void onePrivateAddressAmongPublicOnesIsEnoughToRefuse() {
        dns.host("good.example", PUBLIC, "192.168.0.1", "2606:4700::1111");

        assertThatThrownBy(() -> get("/")).hasMessageContaining("not public");
        assertThat(dialled).isEmpty();
    }

    /** A second look-up could have another answer (DNS rebinding). */
    @Test
    void theAddressThatWasJudgedIsTheOneThatIsDialled() throws IOException {
        dns.host("good.example", PUBLIC);
        WEB.file("good.example/x", "hello");
        var rebinding = new HttpsFetch(new Rebinding(), this::dial, WEB.trusting());

        assertThat(rebinding.get(GOOD, "/x", LARGEST, deadline())).isNotEmpty();
        assertThat(dialled).containsExactly(PUBLIC + ":443");
        assertThatThrownBy(() -> rebinding.get(GOOD, "/x", LARGEST, deadline()))
                .isInstanceOf(FetchFailed.class);
        assertThat(dialled).hasSize(1);
    }

    @Test
    void theNextAddressIsTriedWhenOneDoesNotAnswer() throws IOException {
        dns.host("good.example", "203.1.0.1", PUBLIC, "93.184.216.35");
        WEB.file("good.example/x", "hello");

        assertThat(get("/x")).isEqualTo("hello");
        assertThat(dialled).containsExactly("203.1.0.1:443", PUBLIC + ":443");
    }

    @Test
    void redirectsAndOtherAnswersAreNotFollowed() {
        dns.host("good.example", PUBLIC).host("other.example", "127.0.0.1");
        for (var status : List.of("301 Moved", "302 Found", "307 T", "204 No", "500 Oops", "99")) {
            WEB.answers(
                    "good.example/r",
                    head(status, "Location: https://other.example/", "Content-Length: 0"));

            assertThatThrownBy(() -> get("/r")).hasMessage("the host answers no 200");
        }
        assertThat(dns.questions()).doesNotContain("A other.example");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 1001",
                "Content-Length: 99999999999999999999",
                "Content-Length: -1",
                "Content-Length: x",
                "Transfer-Encoding: gzip",
                "Content-Encoding: gzip",
                "Content-Length: 10"
            })
    void badLengthsAndEncodingsAreRefused(String field) {
        dns.host("good.example", PUBLIC);
        WEB.answers("good.example/x", head("200 OK", field).followedBy("short"));

        assertThatThrownBy(() -> get("/x")).isInstanceOf(FetchFailed.class);
    }

    @Test
    @Timeout(30)
    void endlessAnswersAreCut() {
        dns.host("good.example", PUBLIC);
        WEB.answers("good.example/head", endless("HTTP/1.1 200 OK\r\n", "X: y\r\n"));
        WEB.answers("good.example/line", endless("HTTP/1.1 200 OK", "OK"));
        WEB.answers("good.example/body", endless("HTTP/1.1 200 OK\r\n\r\n", "xxxxxx"));
        WEB.answers(
                "good.example/chunks",
                endless("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n"));

        for (var path : List.of("/head", "/line", "/body", "/chunks")) {
            assertThatThrownBy(() -> get(path)).as(path).isInstanceOf(FetchFailed.class);
        }
    }

    @Test
    @Timeout(30)
    void aSlowAnswerIsCutThoughAnOctetComesNowAndThen() {
        dns.host("good.example", PUBLIC);
        WEB.answers(
                "good.example/slow",
                out -> {
                    out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(ISO_8859_1));
                    while (!ended.await(20, TimeUnit.MILLISECONDS)) {
                        out.write('x');
                        out.flush();
                    }
                });

        assertThatThrownBy(() -> fetch.get(GOOD, "/slow", LARGEST * 1000, Deadline.in(millis(700))))
                .isInstanceOf(IOException.class);
    }

    @Test
    @Timeout(30)
    void aHostThatNeverBeginsTlsIsCut() throws IOException {
        dns.host("good.example", PUBLIC);
        try (var mute = new java.net.ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            var muted =
                    new HttpsFetch(
                            new JndiDns(dns.address()),
                            (_, _, _) -> new Socket(mute.getInetAddress(), mute.getLocalPort()),
                            WEB.trusting());

            assertThatThrownBy(() -> muted.get(GOOD, "/", LARGEST, Deadline.in(millis(500))))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void aCertificateOfAnotherHostOrOfNobodyIsRefused() {
        dns.host("third.example", PUBLIC).host("good.example", PUBLIC);
        var usual = fetch((SSLSocketFactory) SSLSocketFactory.getDefault());

        assertThatThrownBy(
                        () -> fetch.get(new DomainName("third.example"), "/", LARGEST, deadline()))
                .isInstanceOf(SSLException.class);
        assertThatThrownBy(() -> usual.get(GOOD, "/", LARGEST, deadline()))
                .isInstanceOf(SSLException.class);
        assertThat(WEB.requests()).noneMatch(it -> it.startsWith("third"));
    }

    @Test
    void aHostWithoutAnAddressAndASilentDnsAreFailures() {
        assertThatThrownBy(() -> get("/")).hasMessage("the host has no address");
        dns.silent();
        assertThatThrownBy(() -> get("/")).isInstanceOf(IOException.class);
        assertThat(dialled).isEmpty();
    }

    private String get(String path) throws IOException {
        return new String(fetch.get(GOOD, path, LARGEST, deadline()), ISO_8859_1);
    }

    private HttpsFetch fetch(SSLSocketFactory trusted) {
        return new HttpsFetch(new JndiDns(dns.address()), this::dial, trusted);
    }

    private Socket dial(InetAddress address, int port, Duration timeout) throws IOException {
        dialled.add(address.getHostAddress() + ":" + port);
        if (address.getHostAddress().equals("203.1.0.1")) {
            throw new ConnectException("refused");
        }
        return new Socket(InetAddress.getLoopbackAddress(), WEB.port());
    }

    private static Deadline deadline() {
        return Deadline.in(Duration.ofSeconds(20));
    }

    private static Duration millis(int time) {
        return Duration.ofMillis(time);
    }

    private static FakeWeb.Answer endless(String start, String more) {
        return out -> {
            out.write(start.getBytes(ISO_8859_1));
            while (true) {
                out.write(more.repeat(100).getBytes(ISO_8859_1));
            }
        };
    }

    /** A public address at first, then a private one. */
    private static final class Rebinding implements Dns {

        private int asked;

        @Override
        public List<InetAddress> addresses(DomainName host) {
            return List.of(InetAddress.ofLiteral(asked++ == 0 ? PUBLIC : "127.0.0.1"));
        }

        @Override
        public List<Service> services(String name) {
            return List.of();
        }

        @Override
        public List<DomainName> mailExchangers(DomainName domain) {
            return List.of();
        }
    }
}
