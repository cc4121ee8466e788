package postern.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import postern.account.ImapServer;
import postern.account.Security;
import postern.egress.Dialer;
import postern.oauth.OAuthClients;
import postern.provider.MailServers;
import postern.testserver.FakeDns;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

/** How much discovery may do for strangers. */
@Timeout(60)
class DiscoveryLimitsTest {

    private static final Dialer NOWHERE =
            (_, _, _) -> {
                throw new ConnectException("refused");
            };

    private final FakeDns dns = FakeDns.start();

    @AfterEach
    void stop() {
        dns.close();
    }

    @Test
    void nobodyIsAskedUnlessTheOperatorSwitchedItOn() {
        var discovery = discovery(false, Duration.ofSeconds(20), NOWHERE);

        assertThat(code(discovery, "anne@house.example")).isEqualTo(ProblemCode.SERVER_NOT_FOUND);
        assertThat(discovery.find(new DiscoveryRequest("anne@gmail.com")).provider())
                .isEqualTo("Gmail");
        assertThat(dns.questions()).isEmpty();
    }

    @Test
    void theCallerWaitsNoLongerThanTheTimeout() {
        dns.silent();
        var discovery = discovery(true, Duration.ofMillis(300), NOWHERE);
        var began = System.nanoTime();

        assertThat(code(discovery, "anne@house.example")).isEqualTo(ProblemCode.SERVER_TIMED_OUT);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void beyondTheirNumberRemoteSearchesAreRefusedAtOnce()
            throws InterruptedException, ExecutionException {
        var dialled = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        dns.host("autoconfig.house.example", "93.184.216.34");
        var discovery =
                discovery(
                        true,
                        Duration.ofSeconds(30),
                        (_, _, _) -> {
                            dialled.countDown();
                            await(goOn);
                            throw new ConnectException("refused");
                        });
        var first = new FutureTask<>(() -> code(discovery, "anne@house.example"));
        Thread.ofVirtual().start(first);
        dialled.await();

        assertThatThrownBy(() -> discovery.find(new DiscoveryRequest("bert@other.example")))
                .isInstanceOfSatisfying(
                        TooManyDiscoveries.class,
                        it -> assertThat(it.headers().getFirst("Retry-After")).isEqualTo("5"));
        assertThat(discovery.find(new DiscoveryRequest("anne@gmail.com")).source())
                .isEqualTo(DiscoveredServers.DiscoverySource.PRESET);

        goOn.countDown();
        assertThat(first.get()).isEqualTo(ProblemCode.SERVER_NOT_FOUND);
        assertThat(code(discovery, "bert@other.example")).isEqualTo(ProblemCode.SERVER_NOT_FOUND);
    }

    @Test
    void aDomainIsAskedOnceWhateverTheUser() {
        var dials = new AtomicInteger();
        dns.host("autoconfig.house.example", "93.184.216.34");
        var discovery =
                discovery(
                        true,
                        Duration.ofSeconds(20),
                        (_, _, _) -> {
                            dials.incrementAndGet();
                            throw new ConnectException("refused");
                        });

        assertThat(code(discovery, "anne@house.example")).isEqualTo(ProblemCode.SERVER_NOT_FOUND);
        assertThat(code(discovery, "bert@house.example")).isEqualTo(ProblemCode.SERVER_NOT_FOUND);

        assertThat(dials).hasValue(1);
    }

    private Discovery discovery(boolean remote, Duration timeout, Dialer dialer) {
        return new Discovery(
                MailServers.only(new ImapServer("mail.example.org", 993, Security.TLS)),
                OAuthClients.none(),
                new DiscoveryProperties(
                        remote, timeout, 1, Duration.ofMinutes(10), dns.address(), null),
                dialer,
                new DefaultSslBundleRegistry());
    }

    private static ProblemCode code(Discovery discovery, String email) {
        try {
            discovery.find(new DiscoveryRequest(email));
            throw new AssertionError("found");
        } catch (ProblemException e) {
            return e.code();
        }
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
