package postern.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ContextConfiguration;
import postern.account.Account;
import postern.account.Password;
import postern.account.SessionTokens;
import postern.provider.MailServers;
import postern.testclient.CutStream;
import postern.testclient.EventReader;
import postern.testclient.EventReader.Event;
import postern.testclient.HttpApi;
import postern.testclient.SecondImapClient;
import postern.testserver.InMemoryServer;
import postern.web.OnGreenMail;

/**
 * Events of a whole account. The mail server is polled once an hour: what is told here, this
 * process has changed, or it happened before the stream began.
 */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"postern.events.heartbeat=100ms", "postern.watch.poll=1h"})
@ContextConfiguration(initializers = OnGreenMail.Server.class)
@Timeout(60)
class AccountEventsTest {

    private static final InMemoryServer SERVER = InMemoryServer.GREENMAIL;

    @LocalServerPort private int port;
    @Autowired private SessionTokens tokens;
    @Autowired private MailServers servers;

    private String token = "";
    private @Nullable SecondImapClient second;

    @BeforeEach
    void logIn() throws IOException {
        var user = SERVER.newUser();
        second = SecondImapClient.of(SERVER, user);
        var imap = servers.named(MailServers.DEFAULT).orElseThrow().imap();
        token = tokens.seal(tokens.start(new Account(imap, user, new Password(SERVER.password()))));
    }

    @AfterEach
    void close() throws IOException {
        program().close();
    }

    @Test
    void whatTheGatewayItselfChangesIsToldAtOnce() throws IOException {
        try (var events = open("/events", null)) {
            requireNonNull(events.block());

            var id = create("Work");
            var created = await(events, "mailbox.created");
            assertThat(created.data().get("mailboxId").asString()).isEqualTo(id);
            assertThat(created.data().get("path").asString()).isEqualTo("Work");

            var renamed = api().patch("/mailboxes/" + id, "{\"name\": \"Play\"}").expect(200);
            var rename = await(events, "mailbox.renamed");
            assertThat(rename.data().get("previousId").asString()).isEqualTo(id);
            assertThat(rename.data().get("id")).isEqualTo(renamed.json().get("id"));
            assertThat(rename.data().get("path").asString()).isEqualTo("Play");

            var now = rename.data().get("id").asString();
            api().post(
                            "/mailboxes/" + now + "/messages",
                            "message/rfc822",
                            "From: ada@example.org\r\n\r\nText\r\n")
                    .expect(201);
            var changed = await(events, "mailbox.changed");
            while (changed.data().get("totalMessages").asLong() == 0) {
                // a mailbox that is new may have changed since it was counted
                changed = await(events, "mailbox.changed");
            }
            assertThat(changed.data().get("mailboxId").asString()).isEqualTo(now);
            assertThat(changed.data().get("totalMessages").asLong()).isEqualTo(1);
            assertThat(requireNonNull(changed.id())).hasSizeLessThan(1024);

            api().delete("/mailboxes/" + now + "?withMessages=true").expect(204);
            assertThat(await(events, "mailbox.removed").data().get("mailboxId").asString())
                    .isEqualTo(now);
        }
    }

    @Test
    void aLinkWithoutMailboxesTellsTheSame() throws IOException {
        var url =
                api().post("/events/links", "{}")
                        .expect(200)
                        .json()
                        .get("url")
                        .asString()
                        .substring("/v1".length());
        String id;
        try (var events = new EventReader(port, "", url, null, 0)) {
            id = requireNonNull(requireNonNull(events.block()).id());
        }
        create("Work");
        try (var events = new EventReader(port, "", url, id, 0)) {
            assertThat(await(events, "mailbox.created").data().get("path").asString())
                    .isEqualTo("Work");

            api().delete("/sessions/current").expect(204);
            assertThat(await(events, "session.ending").data().get("code").asString())
                    .isEqualTo("session-revoked");
        }
    }

    @Test
    void whatAnAccountHasNoUseForIsRefused() throws IOException {
        for (var wrong :
                List.of(
                        "{\"mailboxes\": []}",
                        "{\"fields\": [\"subject\"]}",
                        "{\"mailboxes\": [null]}")) {
            assertThat(api().post("/events/links", wrong).status())
                    .describedAs(wrong)
                    .isEqualTo(400);
        }
    }

    /** What the client has parsed at any octet is enough to go on from. */
    @Test
    void aClientThatIsCutAfterAnyOctetMissesNothing() throws IOException {
        program().create("One");
        program().create("Two");
        String begin;
        try (var events = open("/events", null)) {
            begin = requireNonNull(requireNonNull(events.block()).id());
        }
        var known = mailboxes();
        program().create("New");
        append("One");
        append("Two");
        append("INBOX");
        var now = mailboxes();

        var whole = CutStream.read(port, token, "/events", begin);
        int repeats = 0;
        for (var cut : whole.cuts()) {
            var copy = new HashMap<>(known);
            cut.events().forEach(event -> apply(event, copy));
            try (var events = open("/events", cut.lastEventId())) {
                while (!copy.equals(now)) {
                    apply(requireNonNull(events.next()), copy);
                    repeats++;
                }
            }
        }
        assertThat(whole.octets()).isGreaterThan(400);
        assertThat(repeats).isGreaterThan(4);
    }

    private static void apply(Event event, Map<String, Long> copy) {
        switch (event.type()) {
            case "mailbox.changed", "mailbox.created" ->
                    copy.put(
                            event.data().get("mailboxId").asString(),
                            event.data().get("totalMessages").asLong());
            case "mailbox.removed" -> copy.remove(event.data().get("mailboxId").asString());
            case "" -> {
                // an id alone
            }
            default -> throw new AssertionError("an event of another type: " + event);
        }
    }

    /** The messages of each mailbox. */
    private Map<String, Long> mailboxes() throws IOException {
        var counts = new HashMap<String, Long>();
        for (var mailbox : api().get("/mailboxes").expect(200).json().get("items")) {
            counts.put(mailbox.get("id").asString(), mailbox.get("totalMessages").asLong());
        }
        return counts;
    }

    private String create(String name) throws IOException {
        return api().post("/mailboxes", "{\"name\": \"%s\"}".formatted(name))
                .expect(201)
                .json()
                .get("id")
                .asString();
    }

    private void append(String mailbox) throws IOException {
        program()
                .append(mailbox, Set.of(), "From: ada@example.org\r\n\r\nText\r\n".getBytes(UTF_8));
    }

    /** The next event of that type; the mail server may report others beside it. */
    private static Event await(EventReader events, String type) throws IOException {
        var seen = new ArrayList<Event>();
        while (seen.isEmpty() || !seen.getLast().type().equals(type)) {
            seen.add(requireNonNull(events.next(), () -> "after " + seen));
        }
        return seen.getLast();
    }

    private EventReader open(String path, @Nullable String id) throws IOException {
        return EventReader.open(port, token, path, id);
    }

    private HttpApi api() {
        return new HttpApi(port, token);
    }

    private SecondImapClient program() {
        return requireNonNull(second);
    }
}
