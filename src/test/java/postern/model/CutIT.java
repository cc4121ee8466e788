package postern.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import postern.account.SessionTokens;
import postern.testserver.AnyMailServer;
import postern.testserver.FaultyProxy;
import postern.testserver.ProxyDirection;
import postern.testserver.RealServer;
import postern.web.transfer.SpoolSpace;

/**
 * Whatever octet of a request's dialogue is the last one that passes, the answer is true: a 2xx was
 * done and is whole, what is {@code retryable} was not done, and what nobody knows is said to be
 * unknown. With an Idempotency-Key nothing is done twice. That holds where the connection is cut,
 * and where it stays open and silent, which the gateway ends by itself. See {@code
 * docs/testing.md}.
 */
@ContextConfiguration(initializers = AnyMailServer.class)
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "postern.imap.security=none",
            "postern.imap.connection.connect-timeout=${cut.seconds:6}s",
            "postern.imap.connection.login-timeout=${cut.seconds:6}s",
            "postern.imap.connection.read-timeout=${cut.seconds:6}s",
            "postern.imap.connection.command-timeout=${cut.seconds:6}s",
            "postern.imap.pool.refusal-pause=1ms"
        })
@NullMarked
@Timeout(value = 4, unit = TimeUnit.HOURS)
class CutIT {

    private static final int CUTS = Integer.getInteger("cut.points", 5);
    private static final int STALLS = Integer.getInteger("cut.stalls", 3);
    private static final int AT_ONCE = Integer.getInteger("cut.at-once", 4);
    private static final RealServer SERVER = RealServer.DOVECOT_2_4;

    /** For each exchange; a request that ends sooner needed nothing of what was held back. */
    private static final Duration GIVEN = Duration.ofSeconds(Integer.getInteger("cut.seconds", 6));

    /** A few times that, for a request that begins anew and a machine that is busy. */
    private static final Duration LONGEST = GIVEN.multipliedBy(4).plusSeconds(60);

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** In front of the mail server of those who have no token yet. */
    private static final FaultyProxy FRONT = FaultyProxy.inFrontOf(SERVER.host(), SERVER.port());

    /**
     * So that no kind of request makes another one time out; one that is stalled does not count.
     */
    private final Semaphore busy = new Semaphore(AT_ONCE);

    @LocalServerPort private int port;
    @Autowired private SessionTokens tokens;
    @Autowired private MeterRegistry meters;
    @Autowired private SpoolSpace space;

    @DynamicPropertySource
    static void logsInThroughTheProxy(DynamicPropertyRegistry registry) {
        registry.add("postern.imap.host", FRONT::host);
        registry.add("postern.imap.port", FRONT::port);
    }

    @AfterAll
    static void closeTheProxy() {
        FRONT.close();
    }

    static List<CutRequest> kinds() {
        var only = System.getProperty("cut.only", "");
        return Arrays.stream(CutRequest.values())
                .filter(it -> only.isEmpty() || List.of(only.split(",")).contains(it.name()))
                .toList();
    }

    private static FaultyProxy proxyFor(CutRequest kind) {
        return kind == CutRequest.LOGIN
                ? FRONT
                : FaultyProxy.inFrontOf(SERVER.host(), SERVER.port());
    }

    @Test
    void saysNothingFalseWhereItIsCut() throws Exception {
        assertThat(faults(this::cut)).isEmpty();
    }

    @Test
    void endsWhatStallsAndSaysNothingFalse() throws Exception {
        assertThat(faults(this::stalled)).isEmpty();
    }

    /** All kinds at once: much of the time goes by in waiting. */
    private static List<String> faults(Run run) throws Exception {
        var runs = new LinkedHashMap<CutRequest, Future<List<String>>>();
        try (var atOnce = Executors.newVirtualThreadPerTaskExecutor()) {
            kinds().forEach(kind -> runs.put(kind, atOnce.submit(() -> judged(kind, run))));
        }
        var faults = new ArrayList<String>();
        for (var each : runs.entrySet()) {
            each.getValue().get().forEach(it -> faults.add(each.getKey() + " " + it));
        }
        return faults;
    }

    /** A kind that fails before its end does not hide what was found of the others. */
    private static List<String> judged(CutRequest kind, Run run) {
        List<String> faults;
        try {
            faults = run.faults(kind);
        } catch (Exception | AssertionError e) {
            faults = List.of("ended early: " + e);
        }
        System.out.printf("%s: %s%n", kind, faults.isEmpty() ? "nothing false" : faults);
        return faults;
    }

    private interface Run {
        List<String> faults(CutRequest kind) throws Exception;
    }

    private List<String> cut(CutRequest kind) throws Exception {
        var proxy = proxyFor(kind);
        busy.acquire();
        try (var scene = new CutScene(kind, port, tokens, SERVER, proxy)) {
            var faults = new ArrayList<String>();
            for (var lane : List.of(proxy.toServer(), proxy.toClient())) {
                var whole = whole(scene, proxy, lane);
                long step = Math.max(1, whole.octets / CUTS);
                for (long cut = 0; cut < whole.octets; cut += step) {
                    scene.prepare();
                    lane.cutAfter(cut);
                    var outcome = scene.send();
                    lane.resume();
                    note(faults, "cut", cut, whole, verdict(scene, outcome, whole));
                }
                System.out.printf("%s was cut at every %d of %s%n", kind, step, whole);
            }
            keepsNothing(scene, proxy);
            return faults;
        } finally {
            busy.release();
            close(proxy);
        }
    }

    private List<String> stalled(CutRequest kind) throws Exception {
        var proxy = proxyFor(kind);
        busy.acquire();
        try (var scene = new CutScene(kind, port, tokens, SERVER, proxy)) {
            var faults = new ArrayList<String>();
            for (var lane : List.of(proxy.toServer(), proxy.toClient())) {
                var whole = whole(scene, proxy, lane);
                for (int i = 0; i < STALLS; i++) {
                    // the first octet, the last one, and some in between
                    long at = (whole.octets - 1) * i / Math.max(1, STALLS - 1);
                    scene.prepare();
                    long closed = closed(proxy);
                    lane.stallAfter(at);
                    busy.release();
                    long start = System.nanoTime();
                    var outcome = scene.send();
                    var took = Duration.ofNanos(System.nanoTime() - start);
                    boolean stalled = lane.holdsBack();
                    lane.resume();
                    if (stalled && took.compareTo(GIVEN) >= 0) {
                        // what comes late is done now, or never
                        await().atMost(PATIENCE).until(() -> closed(proxy) > closed);
                    }
                    busy.acquire();
                    var late = took.compareTo(LONGEST) > 0 ? "took " + took : null;
                    var verdict = verdict(scene, outcome, whole);
                    note(faults, "stall", at, whole, late == null ? verdict : late);
                }
            }
            keepsNothing(scene, proxy);
            return faults;
        } finally {
            busy.release();
            close(proxy);
        }
    }

    private static long closed(FaultyProxy proxy) {
        return proxy.connections() - proxy.openConnections();
    }

    /** The request with nothing in its way. */
    private record Whole(long octets, String told, boolean toServer) {

        @Override
        public String toString() {
            return octets + " octets to the " + (toServer ? "server" : "client");
        }
    }

    private static Whole whole(CutScene scene, FaultyProxy proxy, ProxyDirection lane)
            throws IOException {
        scene.prepare();
        long before = lane.octets();
        var told = scene.told(scene.send());
        return new Whole(lane.octets() - before, told, lane == proxy.toServer());
    }

    /** Null where the answer is true; a change is asked once more with its key. */
    private static @Nullable String verdict(CutScene scene, CutScene.Outcome outcome, Whole whole)
            throws IOException {
        if (!scene.reads()) {
            return scene.verdict(outcome, null);
        }
        var expected = scene.told(scene.send());
        return CutScene.shape(expected).equals(CutScene.shape(whole.told))
                ? scene.verdict(outcome, expected)
                : "another answer later: " + expected;
    }

    private static void note(
            List<String> faults, String fault, long at, Whole whole, @Nullable String verdict) {
        if (verdict != null) {
            faults.add("%s after %d of %s: %s".formatted(fault, at, whole, verdict));
        }
    }

    /** No connection, and nothing of an upload. */
    private void keepsNothing(CutScene scene, FaultyProxy proxy) throws IOException {
        scene.leave();
        await().atMost(PATIENCE).until(() -> proxy.openConnections() == 0);
    }

    private static void close(FaultyProxy proxy) {
        if (proxy != FRONT) {
            proxy.close();
        }
    }

    @AfterEach
    void nothingIsLentOrSpooled() {
        await().atMost(PATIENCE)
                .untilAsserted(() -> {
                    var lent = meters.get("postern.imap.connections").tag("state", "lent");
                    assertThat(lent.gauge().value()).isZero();
                    assertThat(space.taken()).isZero();
                    try (var files = Files.list(space.directory())) {
                        assertThat(files.map(it -> it.getFileName().toString()))
                                .containsExactly("lock");
                    }
                });
    }
}
