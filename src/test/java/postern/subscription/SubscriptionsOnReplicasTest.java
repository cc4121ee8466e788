package postern.subscription;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import postern.account.Account;
import postern.account.Password;
import postern.account.SessionTokens;
import postern.provider.MailServers;
import postern.shared.DelegatingState;
import postern.shared.FailingState;
import postern.shared.InMemorySharedState;
import postern.shared.SharedArea;
import postern.shared.SharedState;
import postern.testclient.HttpApi;
import postern.testclient.SecondImapClient;
import postern.testserver.InMemoryServer;
import postern.testserver.Replicas;
import postern.testserver.WebhookReceiver;
import postern.testserver.WebhookReceiver.Hook;
import tools.jackson.databind.JsonNode;

/** Gateways that come and go, with one shared state that outlives them. */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(180)
class SubscriptionsOnReplicasTest {

    private static final InMemoryServer SERVER = InMemoryServer.GREENMAIL;
    private static final String OLD = "a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2U=";
    private static final String NEW = "bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmU=";

    private final SharedState state = new InMemorySharedState(InstantSource.system());
    private final WebhookReceiver receiver = WebhookReceiver.start();
    private final Hook hook = receiver.hook("hook");
    private final List<ConfigurableApplicationContext> replicas = new ArrayList<>();
    private String user = "";
    private int serial;

    @BeforeEach
    void begin() {
        user = SERVER.newUser();
    }

    @AfterEach
    void stop() {
        replicas.forEach(ConfigurableApplicationContext::close);
        receiver.close();
    }

    @Test
    void aProcessThatStartsGoesOnWhereTheOneBeforeStopped() throws Exception {
        var first = replica(new Seen(state), OLD);
        var created = subscribe(first);
        assertThat(created.get("durable").asBoolean()).isTrue();
        deliver();
        assertThat(hook.next().events()).hasSize(1);
        awaitDeliveries(first, created, 1);
        first.close();
        deliver();
        deliver();

        replica(new Seen(state), OLD);

        assertThat(hook.next().events()).hasSize(2);
        deliver();
        assertThat(hook.next().events()).hasSize(1);
    }

    @Test
    void aNewKeyKillsNoSubscription() throws Exception {
        var first = replica(new Seen(state), OLD);
        var created = subscribe(first);
        first.close();
        var both = replica(new Seen(state), NEW + "," + OLD);
        deliver();
        hook.next();
        awaitDeliveries(both, created, 1);
        both.close();

        var last = replica(new Seen(state), NEW);
        deliver();

        assertThat(hook.next().json().get("subscriptionId")).isEqualTo(created.get("id"));
        api(last).get("/subscriptions/" + created.get("id").asString()).expect(200);
    }

    @Test
    void oneReplicaWatchesAndTheOtherTakesOverWhenItStops() throws Exception {
        var first = replica(new Seen(state), OLD);
        var created = subscribe(first);
        replica(new Seen(state), OLD);
        for (int i = 0; i < 5; i++) {
            deliver();
            assertThat(hook.next().events()).hasSize(1);
        }
        awaitDeliveries(first, created, 5);

        first.close();

        for (int i = 0; i < 5; i++) {
            deliver();
            assertThat(hook.next().events()).hasSize(1);
        }
        assertThat(hook.nothingCame()).isTrue();
    }

    @Test
    void whenTheStoreWasAwaySubscriptionsGoOnAndLoseNothing(CapturedOutput output)
            throws Exception {
        var failing = new FailingState();
        var replica = replica(failing, OLD);
        var created = subscribe(replica);
        deliver();
        assertThat(hook.next().events()).hasSize(1);
        awaitDeliveries(replica, created, 1);

        failing.fail();
        failing.awaitFailure();
        deliver();
        assertThat(hook.nothingCame()).isTrue();
        failing.answerAgain();

        assertThat(hook.next().events()).hasSize(1);
        failing.fail();
        replica.close();
        assertThat(output.getOut()).doesNotContain("ERROR").doesNotContain("Failed to stop");
    }

    @Test
    void whatTheStoreHasNotConfirmedIsNotSubscribedTo() throws Exception {
        var seen = new Seen(state);
        var failing = new FailingState(seen);
        var replica = replica(failing, OLD);
        failing.loseAnswers();
        var refused =
                api(replica)
                        .post(
                                "/subscriptions",
                                "{'url':'%s','mailboxIds':['inbox'],'events':['message.added']}"
                                        .formatted(hook.url()))
                        .expect(503);
        assertThat(refused.json().get("code").asString()).isEqualTo("store-unavailable");
        failing.deliverAnswers();
        seen.endLeases(); // of one that was taken, the answer may have been lost
        hook.next("subscription.verified");

        assertThat(api(replica).get("/subscriptions").expect(200).json().get("items")).isEmpty();
        subscribe(replica);
        deliver();
        assertThat(hook.next().events()).hasSize(1);
        assertThat(hook.nothingCame()).isTrue();
    }

    /** Neither it nor its credential stays in the store, where nobody would find it. */
    @Test
    void whatWasNotListedWhenTheStoreWentAwayEndsByItself() throws Exception {
        var clock = new AtomicReference<>(Instant.now());
        var store = new InMemorySharedState(clock::get);
        var failing = new AwayWhenListing(store);
        var replica = replica(failing, OLD);
        failing.armed = true;
        api(replica)
                .post(
                        "/subscriptions",
                        "{'url':'%s','mailboxIds':['inbox'],'events':['message.added']}"
                                .formatted(hook.url()))
                .expect(503);
        var id = requireNonNull(failing.id);
        assertThat(store.get(SharedArea.SUBSCRIPTIONS, id)).isNotNull();

        clock.set(clock.get().plus(Duration.ofMinutes(10)));

        assertThat(store.get(SharedArea.SUBSCRIPTIONS, id)).isNull();
        assertThat(store.get(SharedArea.SUBSCRIPTION_PROGRESS, id)).isNull();
    }

    /** Cannot be reached any more when a subscription is about to be listed. */
    private static final class AwayWhenListing extends DelegatingState {

        private final FailingState state;
        private volatile boolean armed;
        private volatile @Nullable String id;

        AwayWhenListing(SharedState all) {
            this(new FailingState(all));
        }

        private AwayWhenListing(FailingState state) {
            super(state);
            this.state = state;
        }

        @Override
        public void put(SharedArea area, String key, byte[] value, Duration lifetime) {
            if (area == SharedArea.SUBSCRIPTIONS) {
                id = key;
            }
            state.put(area, key, value, lifetime);
        }

        @Override
        public boolean compareAndSet(
                SharedArea area,
                String key,
                byte @Nullable [] expected,
                byte @Nullable [] value,
                Duration lifetime) {
            if (armed && area == SharedArea.SUBSCRIPTION_INDEX) {
                state.fail();
            }
            return state.compareAndSet(area, key, expected, value, lifetime);
        }

        @Override
        public boolean durable() {
            return true;
        }
    }

    /** Its delivery is answered only when the other replica has told more. */
    @Test
    void aReplicaThatWasPausedDoesNotMoveTheProgressBack() throws Exception {
        var pausable = new Seen(state);
        var first = replica(pausable, OLD);
        var created = subscribe(first);
        var gate = new CountDownLatch(1);
        hook.waitFor(gate);
        deliver();
        var inFlight = hook.next();
        hook.waitFor(new CountDownLatch(0));
        pausable.pause();

        var other = replica(new Seen(state), OLD);
        var repeated = hook.next();
        assertThat(repeated.events()).isEqualTo(inFlight.events());
        deliver();
        assertThat(hook.next().events()).hasSize(1);
        awaitDeliveries(other, created, 2);
        var told = progress(other, created);
        gate.countDown();
        pausable.resume();
        pausable.awaitRefusedProgress();

        assertThat(progress(other, created)).isEqualTo(told);
        deliver();
        assertThat(hook.next().events()).hasSize(1);
        assertThat(hook.nothingCame()).isTrue();
    }

    /** Until that many have been written down. */
    private static void awaitDeliveries(
            ConfigurableApplicationContext replica, JsonNode created, int deliveries) {
        while (progress(replica, created).serial() < deliveries) {
            Thread.onSpinWait();
        }
    }

    private static Progress progress(ConfigurableApplicationContext replica, JsonNode created) {
        var store = replica.getBean(ProgressStore.class);
        return requireNonNull(store.look(created.get("id").asString()));
    }

    /** The state as one replica sees it, which may be paused: then none of its leases lasts. */
    private static final class Seen extends DelegatingState {

        private final CountDownLatch refused = new CountDownLatch(1);
        private final Set<String> leased = ConcurrentHashMap.newKeySet();
        private volatile CountDownLatch gate = new CountDownLatch(0);

        Seen(SharedState all) {
            super(all);
        }

        void pause() {
            gate = new CountDownLatch(1);
            endLeases();
        }

        /** As after their time, which is long here: a busy machine is late with renewing them. */
        void endLeases() {
            for (var lease : leased) {
                var replica = all.get(SharedArea.SUBSCRIPTION_LEASES, lease);
                all.compareAndSet(
                        SharedArea.SUBSCRIPTION_LEASES, lease, replica, null, Duration.ZERO);
            }
        }

        void resume() {
            gate.countDown();
        }

        void awaitRefusedProgress() throws InterruptedException {
            refused.await();
        }

        @Override
        public boolean compareAndSet(
                SharedArea area,
                String key,
                byte @Nullable [] expected,
                byte @Nullable [] value,
                Duration lifetime) {
            if (area == SharedArea.SUBSCRIPTION_LEASES) {
                try {
                    gate.await();
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                }
            }
            boolean done = all.compareAndSet(area, key, expected, value, lifetime);
            if (area == SharedArea.SUBSCRIPTION_LEASES && done) {
                leased.add(key);
            }
            if (area == SharedArea.SUBSCRIPTION_PROGRESS && !done) {
                refused.countDown();
            }
            return done;
        }

        @Override
        public boolean durable() {
            return true;
        }
    }

    private ConfigurableApplicationContext replica(SharedState seen, String keys) {
        var replica =
                Replicas.start(
                        seen,
                        Map.of(
                                "postern.session.keys",
                                keys,
                                "postern.imap.host",
                                SERVER.host(),
                                "postern.imap.port",
                                SERVER.port(),
                                "postern.imap.security",
                                "none",
                                "postern.webhooks.permitted-hosts",
                                "127.0.0.1",
                                "postern.webhooks.timeout",
                                "100s",
                                "postern.subscriptions.look",
                                "100ms",
                                "postern.subscriptions.lease",
                                "1h",
                                "postern.watch.poll",
                                "50ms"));
        replicas.add(replica);
        return replica;
    }

    private HttpApi api(ConfigurableApplicationContext replica) {
        var tokens = replica.getBean(SessionTokens.class);
        var imap =
                replica.getBean(MailServers.class).named(MailServers.DEFAULT).orElseThrow().imap();
        var account = new Account(imap, user, new Password(SERVER.password()));
        return new HttpApi(
                Replicas.uri(replica, "/").getPort(), tokens.seal(tokens.start(account)));
    }

    private JsonNode subscribe(ConfigurableApplicationContext replica) throws Exception {
        var created =
                api(replica)
                        .post(
                                "/subscriptions",
                                "{'url':'%s','mailboxIds':['inbox'],'events':['message.added']}"
                                        .formatted(hook.url()))
                        .expect(201)
                        .json();
        hook.next();
        return created;
    }

    /** By a new connection: GreenMail ends idle ones while replicas start. */
    private void deliver() throws IOException {
        try (var program = SecondImapClient.of(SERVER, user)) {
            program.append(
                    "INBOX",
                    Set.of(),
                    "Message-ID: <%d@example.org>\r\nSubject: news\r\n\r\nHello\r\n"
                            .formatted(++serial)
                            .getBytes(UTF_8));
        }
    }
}
