package postern.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.ConfigurableApplicationContext;
import postern.account.Account;
import postern.account.Password;
import postern.account.SessionTokens;
import postern.provider.MailServers;
import postern.shared.FailingState;
import postern.shared.SharedArea;
import postern.testclient.EventReader;
import postern.testclient.SecondImapClient;
import postern.testserver.InMemoryServer;
import postern.testserver.Replicas;

/** Streams whose ids are too long for themselves, while the store that keeps them is away. */
@Timeout(60)
class StreamsWithoutStoreTest {

    private static final InMemoryServer SERVER = InMemoryServer.GREENMAIL;
    private static final String EVENTS = "/events?mailboxId=inbox";

    /** Each has other flags, which makes the state of the mailbox longer than an id may be. */
    private static final int MESSAGES = 95;

    private static final FailingState STATE = new FailingState();
    private static @Nullable ConfigurableApplicationContext replica;

    private final String user = SERVER.newUser();

    @BeforeAll
    static void start() {
        replica =
                Replicas.start(
                        STATE,
                        Map.of(
                                "postern.imap.host",
                                SERVER.host(),
                                "postern.imap.port",
                                SERVER.port(),
                                "postern.imap.security",
                                "none",
                                "postern.watch.poll",
                                "50ms"));
    }

    @AfterAll
    static void stop() {
        requireNonNull(replica).close();
    }

    @Test
    void aStreamGoesOnWhenTheStoreAnswersAgainAndTellsWhatCameMeanwhile() throws Exception {
        try (var program = SecondImapClient.of(SERVER, user)) {
            fill(program);
            try (var events = open(null)) {
                assertThat(requireNonNull(events.block()).id()).hasSizeLessThan(MESSAGES);
                STATE.fail(Set.of(SharedArea.EVENT_STATES));
                deliver(program, "meanwhile", Set.of());
                STATE.awaitFailure();
                STATE.answerAgain();

                var told = requireNonNull(events.next());
                assertThat(told.type()).isEqualTo("message.added");
                assertThat(told.data().at("/added/0/subject").asString()).isEqualTo("meanwhile");
                assertThat(told.id()).isNotNull();
            } finally {
                STATE.answerAgain();
            }
        }
    }

    @Test
    void aClientThatConnectsAgainMeanwhileIsToldToAskByItself() throws Exception {
        try (var program = SecondImapClient.of(SERVER, user)) {
            fill(program);
            var id = "";
            try (var events = open(null)) {
                id = requireNonNull(requireNonNull(events.block()).id());
            }
            STATE.fail();
            try (var events = open(id)) {
                assertThat(events.status()).isEqualTo(200);
                assertThat(requireNonNull(events.next()).type()).isEqualTo("resync");
            } finally {
                STATE.answerAgain();
            }
        }
    }

    private EventReader open(@Nullable String id) throws IOException {
        var context = requireNonNull(replica);
        var imap =
                context.getBean(MailServers.class).named(MailServers.DEFAULT).orElseThrow().imap();
        var tokens = context.getBean(SessionTokens.class);
        var session = tokens.start(new Account(imap, user, new Password(SERVER.password())));
        return EventReader.open(
                Replicas.uri(context, "/").getPort(), tokens.seal(session), EVENTS, id);
    }

    private static void fill(SecondImapClient program) throws IOException {
        for (int i = 0; i < MESSAGES; i++) {
            deliver(program, "old", Set.of("keyword" + i));
        }
    }

    private static void deliver(SecondImapClient program, String subject, Set<String> keywords)
            throws IOException {
        program.append(
                "INBOX",
                keywords,
                "Subject: %s\r\n\r\nText\r\n".formatted(subject).getBytes(UTF_8));
    }
}
