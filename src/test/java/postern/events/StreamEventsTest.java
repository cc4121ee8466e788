package postern.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
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
import postern.testclient.EventedCopy;
import postern.testclient.HttpApi;
import postern.testclient.SecondImapClient;
import postern.testserver.InMemoryServer;
import postern.web.OnGreenMail;
import postern.web.limit.ListenerPlaces;

/** Streams of events over a real socket, while a second program changes the mailbox. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "postern.events.heartbeat=100ms",
            "postern.watch.poll=50ms",
            "postern.listeners.per-account=3"
        })
@ContextConfiguration(initializers = OnGreenMail.Server.class)
@Timeout(600)
class StreamEventsTest {

    private static final InMemoryServer SERVER = InMemoryServer.GREENMAIL;
    private static final String EVENTS = "/events?mailboxId=inbox";

    @LocalServerPort private int port;
    @Autowired private SessionTokens tokens;
    @Autowired private MailServers servers;
    @Autowired private ListenerPlaces places;

    private String token = "";
    private String user = "";
    private @Nullable SecondImapClient second;
    private int serial;

    @BeforeEach
    void logIn() throws IOException {
        user = SERVER.newUser();
        second = SecondImapClient.of(SERVER, user);
        var imap = servers.named(MailServers.DEFAULT).orElseThrow().imap();
        token = tokens.seal(tokens.start(new Account(imap, user, new Password(SERVER.password()))));
    }

    @AfterEach
    void close() throws IOException {
        program().close();
    }

    @Test
    void whatASecondProgramDoesIsTold() throws IOException {
        deliver();
        try (var events = open(EVENTS, null)) {
            assertThat(events.status()).isEqualTo(200);
            assertThat(events.header("Content-Type")).startsWith("text/event-stream");
            assertThat(events.header("Cache-Control")).isEqualTo("no-store");
            var begin = requireNonNull(events.block());
            assertThat(begin.id()).isNotNull();

            var added = deliver();
            var first = next(events);
            assertThat(first.type()).isEqualTo("message.added");
            assertThat(first.data().at("/added/0/internetMessageId").asString()).isEqualTo(added);
            assertThat(first.data().get("mailboxId"))
                    .isEqualTo(first.data().at("/added/0/mailboxId"));
            assertThat(first.id()).hasSizeLessThan(1024);

            program().store("INBOX", List.of("<" + added + ">"), true, "$flagged");
            var second = next(events);
            assertThat(second.type()).isEqualTo("message.updated");
            assertThat(second.data().at("/updated/0/keywords/$flagged").asBoolean()).isTrue();
            assertThat(second.data().at("/updated/0/id")).isEqualTo(first.data().at("/added/0/id"));

            program().expunge("INBOX", List.of("<" + added + ">"));
            var third = next(events);
            assertThat(third.type()).isEqualTo("message.removed");
            assertThat(third.data().at("/removed/0")).isEqualTo(first.data().at("/added/0/id"));
            assertThat(third.data().get("state").asString()).isNotEmpty();
        }
    }

    /** At least once: what was cut in the middle is repeated, and nothing is lost. */
    @Test
    void aClientThatIsCutAfterEachEventMissesNothing() throws IOException {
        deliver();
        var copy = new EventedCopy(new HttpApi(port, token), "inbox");
        copy.list();
        var id = (String) null;
        var path = EVENTS + "&since=" + copy.state();
        for (int round = 0; round < 6; round++) {
            var doomed = deliver();
            program().expunge("INBOX", List.of("<" + doomed + ">"));
            var flagged = deliver();
            program().store("INBOX", List.of("<" + flagged + ">"), true, "$seen");
            program().expunge("INBOX", List.of(program().look("INBOX").getFirst().messageId()));
            int frames = 0;
            while (!copy.content().equals(there())) {
                try (var events = open(path, id)) {
                    assertThat(++frames)
                            .describedAs("%s and %s", copy.content(), there())
                            .isLessThan(100);
                    // One more each time, as without an id it begins with the same again.
                    for (int i = 0; i < frames && !copy.content().equals(there()); i++) {
                        copy.apply(next(events));
                    }
                    id = events.lastEventId();
                }
            }
        }
        assertThat(copy.resyncs()).isZero();
    }

    /** What the client has parsed at any octet is enough to go on from. */
    @Test
    void aClientThatIsCutAfterAnyOctetMissesNothing() throws IOException {
        var removed = deliver();
        var updated = deliver();
        var copies = new ArrayList<EventedCopy>();
        for (int i = 0; i < 8; i++) {
            copies.add(new EventedCopy(new HttpApi(port, token), "inbox"));
            copies.getLast().list();
        }
        program().expunge("INBOX", List.of("<" + removed + ">"));
        program().store("INBOX", List.of("<" + updated + ">"), true, "$seen");
        deliver();
        var path = EVENTS + "&fields=internetMessageId&since=" + copies.getFirst().state();

        var whole = CutStream.read(port, token, path, null);

        assertThat(whole.octets()).isGreaterThan(500);
        assertThat(whole.cuts()).hasSizeBetween(4, copies.size());
        var copy = copies.iterator();
        for (var cut : whole.cuts()) {
            var each = copy.next();
            for (var event : cut.events()) {
                if (!event.type().isEmpty()) {
                    each.apply(event);
                }
            }
            try (var events = open(path, cut.lastEventId())) {
                while (!each.content().equals(there())) {
                    each.apply(next(events));
                }
            }
            assertThat(each.resyncs()).isZero();
        }
    }

    @Test
    void onlyTheLastEventOfASyncHasAnId() throws IOException {
        var removed = deliver();
        var updated = deliver();
        var copy = new EventedCopy(new HttpApi(port, token), "inbox");
        copy.list();
        program().expunge("INBOX", List.of("<" + removed + ">"));
        program().store("INBOX", List.of("<" + updated + ">"), true, "$seen");
        for (int i = 0; i < 250; i++) {
            deliver();
        }

        var told = new ArrayList<Event>();
        try (var events = open(EVENTS + "&fields=internetMessageId&since=" + copy.state(), null)) {
            do {
                told.add(next(events));
            } while (told.getLast().id() == null);
        }

        assertThat(told.stream().map(Event::type))
                .contains("message.added", "message.updated", "message.removed");
        assertThat(told).hasSizeGreaterThan(4);
        assertThat(told.subList(0, told.size() - 1)).allMatch(it -> !it.data().has("state"));
        for (var event : told) {
            copy.apply(event);
        }
        assertThat(copy.content()).isEqualTo(there());
    }

    @Test
    void anIdThatNobodyKnowsIsAnsweredByAResync() throws IOException {
        for (var id : List.of("12", "not an id", "H3IAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")) {
            try (var events = open(EVENTS, id)) {
                var first = next(events);
                assertThat(first.type()).isEqualTo("resync");
                assertThat(first.id()).isNull();
                assertThat(first.data().get("mailboxId").asString()).isNotEmpty();
            }
        }
    }

    @Test
    void manyChangesAreLeftToTheClient() throws IOException {
        var copy = new EventedCopy(new HttpApi(port, token), "inbox");
        copy.list();
        for (int i = 0; i < 1_201; i++) {
            deliver();
        }

        try (var events = open(EVENTS + "&fields=internetMessageId&since=" + copy.state(), null)) {
            while (copy.resyncs() == 0) {
                copy.apply(next(events));
            }
            deliver();
            copy.apply(next(events));
        }

        assertThat(copy.content()).isEqualTo(there());
    }

    @Test
    void heartbeatsComeWhereThereIsNothingElse() throws IOException {
        try (var events = open(EVENTS, null)) {
            while (events.heartbeats() < 3) {
                events.block();
            }
        }
    }

    @Test
    void aLogoutEndsTheStream() throws IOException {
        try (var events = open(EVENTS, null)) {
            events.block();
            new HttpApi(port, token).delete("/sessions/current").expect(204);

            var last = next(events);
            assertThat(last.type()).isEqualTo("session.ending");
            assertThat(last.data().get("code").asString()).isEqualTo("session-revoked");
            assertThat(events.next()).isNull();
        }
        awaitListeners(0);
    }

    @Test
    void anAccountHasSoManyListenersAndAClientThatLeftFreesItsPlace() throws IOException {
        var open = new ArrayList<EventReader>();
        for (int i = 0; i < 3; i++) {
            open.add(open(EVENTS, null));
        }
        try (var fourth = open(EVENTS, null)) {
            assertThat(fourth.status()).isEqualTo(429);
            assertThat(fourth.header("Retry-After")).isNotNull();
            assertThat(fourth.problem().get("code").asString()).isEqualTo("too-many-requests");
        }
        var wrong = Base64.getEncoder().encodeToString((user + ":wrong").getBytes(UTF_8));
        try (var events = new EventReader(port, "Basic " + wrong, EVENTS, null, 0)) {
            // nobody is told of, or takes, the places of others
            assertThat(events.status()).isEqualTo(401);
        }
        for (var events : open) {
            events.close();
        }
        awaitListeners(0);

        try (var events = open(EVENTS, null)) {
            assertThat(events.status()).isEqualTo(200);
        }
    }

    @Test
    void aLinkTellsWithoutAHeaderWhatAStreamTells() throws IOException {
        var copy = new EventedCopy(new HttpApi(port, token), "inbox");
        copy.list();
        var first = deliver();
        var url =
                link(
                        "{\"mailboxes\": [{\"mailboxId\": \"inbox\", \"since\": \"%s\"}]}"
                                .formatted(copy.state()));
        String id;
        try (var events = new EventReader(port, "", url, null, 0)) {
            assertThat(next(events).data().at("/added/0/internetMessageId").asString())
                    .isEqualTo(first);
            id = requireNonNull(events.lastEventId());
        }

        var second = deliver();
        try (var events = new EventReader(port, "", url, id, 0)) {
            var told = next(events);
            assertThat(told.data().at("/added/0/internetMessageId").asString()).isEqualTo(second);
            assertThat(told.data().get("added").size()).isEqualTo(1);

            new HttpApi(port, token).delete("/sessions/current").expect(204);
            assertThat(next(events).data().get("code").asString()).isEqualTo("session-revoked");
            assertThat(events.next()).isNull();
        }
        try (var events = new EventReader(port, "", url, id, 0)) {
            assertThat(events.status()).isEqualTo(410);
        }
    }

    @Test
    void aLinkEndsInTime() throws IOException {
        int status = 0;
        // A slow machine opens it when a short life is over.
        for (int lifetime = 1; status != 200; lifetime *= 2) {
            var url =
                    link(
                            "{\"mailboxes\": [{\"mailboxId\": \"inbox\"}], \"lifetimeSeconds\": %d}"
                                    .formatted(lifetime));
            try (var events = new EventReader(port, "", url, null, 0)) {
                status = events.status();
                if (status == 200) {
                    var ending = next(events);
                    assertThat(ending.type()).isEqualTo("session.ending");
                    assertThat(ending.data().get("code").asString()).isEqualTo("link-expired");
                } else {
                    assertThat(status).isEqualTo(410);
                }
            }
        }
    }

    /** Also beside another mailbox, of which an earlier state is known. */
    @Test
    void aLinkTellsWhatChangesFromWhenItIsMade() throws IOException {
        program().create("Elsewhere");
        deliver("Elsewhere");
        var copy = new EventedCopy(new HttpApi(port, token), "inbox");
        copy.list();
        var url =
                link(
                        "{\"mailboxes\": [{\"mailboxId\": \"inbox\", \"since\": \"%s\"}, {\"mailboxId\": \"%s\"}]}"
                                .formatted(copy.state(), id("Elsewhere")));
        var later = deliver("Elsewhere");
        try (var events = new EventReader(port, "", url, null, 0)) {
            var told = next(events);
            assertThat(told.type()).isEqualTo("message.added");
            assertThat(told.data().get("added").size()).isEqualTo(1);
            assertThat(told.data().at("/added/0/internetMessageId").asString()).isEqualTo(later);
        }
    }

    @Test
    void aLinkToAMailboxThatIsNotThereIsNotMade() throws IOException {
        program().create("Elsewhere");
        var copy = new EventedCopy(new HttpApi(port, token), id("Elsewhere"));
        copy.list();
        program().delete("Elsewhere");
        for (var item :
                List.of(
                        "{\"mailboxId\": \"%s\"}".formatted(copy.mailboxId()),
                        "{\"mailboxId\": \"%s\", \"since\": \"%s\"}"
                                .formatted(copy.mailboxId(), copy.state()))) {
            var wanted = "{\"mailboxes\": [{\"mailboxId\": \"inbox\"}, " + item + "]}";
            new HttpApi(port, token).post("/events/links", wanted).expect(404);
        }
    }

    @Test
    void aLinkTellsAMailboxThatIsGoneByAResyncAndTheOthersGoOn() throws IOException {
        program().create("Elsewhere");
        var elsewhere = id("Elsewhere");
        var url =
                link(
                        "{\"mailboxes\": [{\"mailboxId\": \"%s\"}, {\"mailboxId\": \"inbox\"}]}"
                                .formatted(elsewhere));
        program().delete("Elsewhere");
        try (var events = new EventReader(port, "", url, null, 0)) {
            assertThat(events.status()).isEqualTo(200);
            var gone = next(events);
            assertThat(gone.type()).isEqualTo("resync");
            assertThat(gone.data().get("mailboxId").asString()).isEqualTo(elsewhere);

            var later = deliver();
            assertThat(next(events).data().at("/added/0/internetMessageId").asString())
                    .isEqualTo(later);
        }
    }

    private String id(String name) throws IOException {
        for (var mailbox : new HttpApi(port, token).get("/mailboxes").json().get("items")) {
            if (mailbox.get("name").asString().equals(name)) {
                return mailbox.get("id").asString();
            }
        }
        throw new AssertionError("no mailbox " + name);
    }

    private String link(String request) throws IOException {
        var answer = new HttpApi(port, token).post("/events/links", request).expect(200);
        return answer.json().get("url").asString().substring("/v1".length());
    }

    @Test
    void whatIsWrongIsSaidBeforeTheStreamBegins() throws IOException {
        var nobody = Base64.getEncoder().encodeToString("nobody:wrong".getBytes(UTF_8));
        try (var events = new EventReader(port, "Basic " + nobody, EVENTS, null, 0)) {
            assertThat(events.status()).isEqualTo(401);
        }
        for (var wrong :
                List.of(
                        "/events?since=H3MGrhPCm1gW",
                        "/events?fields=subject",
                        "/events?mailboxId=",
                        "/events?mailboxId=inbox&since=x",
                        "/events?mailboxId=" + "inbox,".repeat(10) + "inbox")) {
            try (var events = open(wrong, null)) {
                assertThat(events.status()).describedAs(wrong).isEqualTo(400);
            }
        }
        try (var events = open("/events?mailboxId=archive", null)) {
            assertThat(events.status()).isEqualTo(404);
        }
        awaitListeners(0);
    }

    private EventReader open(String path, @Nullable String id) throws IOException {
        return EventReader.open(port, token, path, id);
    }

    private static Event next(EventReader events) throws IOException {
        return requireNonNull(events.next());
    }

    private void awaitListeners(int count) {
        while (places.taken() != count) {
            Thread.yield();
        }
    }

    /** Returns the Message-ID without its brackets. */
    private String deliver() throws IOException {
        return deliver("INBOX");
    }

    private String deliver(String path) throws IOException {
        var id = "m%d@example.org".formatted(++serial);
        var message =
                "From: Ada <ada@example.org>\r\nMessage-ID: <%s>\r\nSubject: number\r\n\r\nText\r\n"
                        .formatted(id);
        program().append(path, Set.of(), message.getBytes(UTF_8));
        return id;
    }

    private TreeMap<Long, EventedCopy.Row> there() throws IOException {
        var there = new TreeMap<Long, EventedCopy.Row>();
        for (var seen : program().look("INBOX")) {
            there.put(
                    seen.uid(), new EventedCopy.Row(seen.uid(), seen.messageId(), seen.keywords()));
        }
        return there;
    }

    private SecondImapClient program() {
        return requireNonNull(second);
    }
}
