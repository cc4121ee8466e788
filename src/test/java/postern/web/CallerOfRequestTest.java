package postern.web;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import postern.account.Account;
import postern.account.Password;
import postern.account.SessionTokens;
import postern.provider.MailServers;
import postern.shared.DelegatingState;
import postern.shared.FailingState;
import postern.shared.InMemorySharedState;
import postern.shared.SharedArea;
import postern.testclient.HttpApi;
import postern.testserver.InMemoryServer;
import postern.testserver.Replicas;

/** Replicas ask their store whether a session was ended. */
class CallerOfRequestTest {

    private static final InMemoryServer SERVER = InMemoryServer.GREENMAIL;
    private static final Store STORE = new Store();
    private static @Nullable ConfigurableApplicationContext replica;

    private final String user = SERVER.newUser();

    /** Counts how often it is asked about sessions, and cannot tell where that is wanted. */
    private static final class Store extends DelegatingState {

        private final AtomicInteger asked = new AtomicInteger();
        private final FailingState away = new FailingState();
        private volatile boolean tells = true;

        private Store() {
            super(new InMemorySharedState(InstantSource.system()));
            away.fail();
        }

        @Override
        public byte @Nullable [] get(SharedArea area, String key) {
            if (area != SharedArea.REVOKED_SESSIONS) {
                return super.get(area, key);
            }
            asked.incrementAndGet();
            return tells ? super.get(area, key) : away.get(SharedArea.GRANTS, key);
        }

        @Override
        public boolean durable() {
            return false;
        }
    }

    @BeforeAll
    static void start() {
        replica =
                Replicas.start(
                        STORE,
                        Map.of(
                                "postern.imap.host",
                                SERVER.host(),
                                "postern.imap.port",
                                SERVER.port(),
                                "postern.imap.security",
                                "none"));
    }

    @AfterAll
    static void stop() {
        requireNonNull(replica).close();
    }

    @BeforeEach
    void tellsAgain() {
        STORE.tells = true;
    }

    @Test
    void oneRequestAsksOnceHoweverManyLookAtItsCaller() throws IOException {
        var api = signIn();
        int before = STORE.asked.get();

        api.send("POST", "/mailboxes", "{\"name\":\"Work\"}", "Idempotency-Key", "k").expect(201);

        assertThat(STORE.asked.get() - before).isEqualTo(1);
    }

    @Test
    void aSessionOfWhichNothingIsKnownIsNotTakenForARunningOne() throws IOException {
        var api = signIn();
        api.get("/mailboxes").expect(200);
        STORE.tells = false;

        var answer = api.get("/mailboxes").expect(503);

        assertThat(answer.json().get("code").asString()).isEqualTo("store-unavailable");
        assertThat(answer.json().get("retryable").asBoolean()).isTrue();
        STORE.tells = true;
        api.get("/mailboxes").expect(200);
    }

    private HttpApi signIn() {
        var gateway = requireNonNull(replica);
        var imap =
                gateway.getBean(MailServers.class).named(MailServers.DEFAULT).orElseThrow().imap();
        var tokens = gateway.getBean(SessionTokens.class);
        var session = tokens.start(new Account(imap, user, new Password(SERVER.password())));
        return new HttpApi(Replicas.uri(gateway, "/").getPort(), tokens.seal(session));
    }
}
