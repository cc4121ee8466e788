package postern.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ContextConfiguration;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.account.SessionTokens;
import postern.testclient.EventReader;
import postern.testclient.EventReader.Event;
import postern.testclient.HttpApi;
import postern.testclient.SecondImapClient;
import postern.testclient.SecondImapClient.Seen;
import postern.testserver.AnyMailServer;
import postern.testserver.RealServer;
import postern.testserver.TestServer;

/**
 * An app that listens to an account, and whose connection is cut again and again, knows which
 * mailboxes there are and what they count, whatever a second mail program does.
 */
@ContextConfiguration(initializers = AnyMailServer.class)
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "postern.imap.host=localhost",
            "postern.watch.poll=100ms",
            "postern.watch.linger=1s",
            "postern.events.heartbeat=200ms"
        })
@Timeout(600)
class AccountEventsIT {

    private static final Logger LOG = LoggerFactory.getLogger(AccountEventsIT.class);

    /** At five heartbeats a second it takes a minute. */
    private static final int PATIENCE = 300;

    @LocalServerPort private int port;
    @Autowired private SessionTokens tokens;

    private Random random = new Random();
    private @Nullable SecondImapClient second;
    private @Nullable HttpApi api;
    private final List<String> boxes = new ArrayList<>();
    private final Map<String, Counts> copy = new HashMap<>();
    private final List<Event> pending = new ArrayList<>();
    private String prefix = "";
    private int resyncs;
    private int serial;

    /** What the app knows of a mailbox. */
    private record Counts(String path, long total, long unread) {}

    @ParameterizedTest
    @MethodSource("postern.testserver.TestServer#all")
    void whoListensToAnAccountKnowsItsMailboxes(TestServer server) throws IOException {
        long seed = Long.getLong("events.seed", 1);
        int steps = Integer.getInteger("events.steps", 25);
        LOG.info("events.seed={} events.steps={} on {}", seed, steps, server);
        random = new Random(seed);
        prefix = server == RealServer.COURIER ? "INBOX." : "";
        boxes.clear();
        boxes.add("INBOX");
        resyncs = 0;
        var user = server.newUser();
        var imap = new ImapServer(server.host(), server.port(), Security.NONE);
        var token =
                tokens.seal(tokens.start(new Account(imap, user, new Password(server.password()))));
        api = new HttpApi(port, token);
        try (var program = SecondImapClient.of(server, user)) {
            second = program;
            var events = begin(token);
            try {
                for (int step = 1; step <= steps; step++) {
                    change();
                    if (random.nextInt(3) == 0) {
                        events.close();
                        pending.clear();
                        change();
                        events = EventReader.open(port, token, "/events", events.lastEventId());
                    }
                    events = listen(events, token, "events.seed=%d step %d".formatted(seed, step));
                }
            } finally {
                events.close();
            }
            LOG.info("{} resyncs on {}", resyncs, server);
        }
    }

    private EventReader begin(String token) throws IOException {
        var events = EventReader.open(port, token, "/events", null);
        requireNonNull(events.block()); // from here on all is told
        list();
        return events;
    }

    /** Until the app knows what there is; returns the stream that it has then. */
    private EventReader listen(EventReader stream, String token, String when) throws IOException {
        var there = mailboxes();
        var events = stream;
        int before = events.heartbeats();
        while (!byPath(copy).equals(byPath(there))) {
            var event = requireNonNull(events.block());
            if (event.type().equals("resync")) {
                resyncs++;
                events.close();
                pending.clear();
                events = begin(token);
                before = 0;
            } else {
                pending.add(event);
            }
            if (event.id() != null) {
                pending.forEach(this::apply); // what changed together
                pending.clear();
            }
            if (events.heartbeats() - before > PATIENCE) {
                assertThat(byPath(copy)).describedAs(when).isEqualTo(byPath(there));
            }
        }
        return events;
    }

    private void apply(Event event) {
        var data = event.data();
        switch (event.type()) {
            case "mailbox.changed" ->
                    copy.computeIfPresent(
                            data.get("mailboxId").asString(),
                            (_, it) ->
                                    new Counts(
                                            it.path,
                                            data.path("totalMessages").asLong(-1),
                                            data.path("unreadMessages").asLong(-1)));
            case "mailbox.created" -> copy.put(data.get("mailboxId").asString(), counts(event));
            case "mailbox.removed" -> copy.remove(data.get("mailboxId").asString());
            case "mailbox.renamed" -> {
                var was = copy.remove(data.get("previousId").asString());
                if (was != null) {
                    copy.put(
                            data.get("id").asString(),
                            new Counts(data.get("path").asString(), was.total, was.unread));
                }
            }
            default -> assertThat(event.type()).isEmpty();
        }
    }

    private static Counts counts(Event created) {
        return new Counts(
                created.data().get("path").asString(),
                created.data().path("totalMessages").asLong(-1),
                created.data().path("unreadMessages").asLong(-1));
    }

    private void list() throws IOException {
        copy.clear();
        copy.putAll(mailboxes());
    }

    private Map<String, Counts> mailboxes() throws IOException {
        var mailboxes = new HashMap<String, Counts>();
        for (var mailbox : requireNonNull(api).get("/mailboxes").expect(200).json().get("items")) {
            if (mailbox.path("selectable").asBoolean(true)) {
                mailboxes.put(
                        mailbox.get("id").asString(),
                        new Counts(
                                mailbox.get("path").asString(),
                                mailbox.path("totalMessages").asLong(-1),
                                mailbox.path("unreadMessages").asLong(-1)));
            }
        }
        return mailboxes;
    }

    private static Map<String, Counts> byPath(Map<String, Counts> mailboxes) {
        var byPath = new TreeMap<String, Counts>();
        mailboxes.values().forEach(it -> byPath.put(it.path, it));
        return byPath;
    }

    private void change() throws IOException {
        switch (random.nextInt(8)) {
            case 0, 1, 2 -> deliver();
            case 3 -> {
                var box = some(0);
                var seen = program().look(box).stream().map(Seen::messageId).toList();
                if (!seen.isEmpty()) {
                    var ids = List.of(seen.get(random.nextInt(seen.size())));
                    program().store(box, ids, random.nextBoolean(), "$seen");
                }
            }
            case 4, 5 -> {
                var box = prefix + "Box" + ++serial;
                program().create(box);
                boxes.add(box);
            }
            case 6 -> {
                if (boxes.size() > 1) {
                    var now = prefix + "Other" + ++serial;
                    int which = 1 + random.nextInt(boxes.size() - 1);
                    program().rename(boxes.get(which), now);
                    boxes.set(which, now);
                }
            }
            default -> {
                if (boxes.size() > 1) {
                    program().delete(boxes.remove(1 + random.nextInt(boxes.size() - 1)));
                }
            }
        }
    }

    private void deliver() throws IOException {
        var message =
                "From: Ada <ada@example.org>\r\nMessage-ID: <m%d@example.org>\r\n\r\nText\r\n"
                        .formatted(++serial);
        program().append(some(0), List.of(), message.getBytes(UTF_8));
    }

    private String some(int from) {
        return boxes.get(from + random.nextInt(boxes.size() - from));
    }

    private SecondImapClient program() {
        return requireNonNull(second);
    }
}
