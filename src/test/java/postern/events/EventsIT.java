package postern.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
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
import postern.testclient.EventedCopy;
import postern.testclient.HttpApi;
import postern.testclient.SecondImapClient;
import postern.testclient.SecondImapClient.Seen;
import postern.testserver.AnyMailServer;
import postern.testserver.RealServer;
import postern.testserver.TestServer;

/**
 * An app that lists two mailboxes once and then listens, and whose connection is cut again and
 * again, has exactly what the server has, whatever a second mail program does.
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
class EventsIT {

    private static final Logger LOG = LoggerFactory.getLogger(EventsIT.class);
    private static final List<String> KEYWORDS =
            List.of("$seen", "$flagged", "$answered", "todo", "later");

    /** At five heartbeats a second it takes a minute. */
    private static final int PATIENCE = 300;

    @LocalServerPort private int port;
    @Autowired private SessionTokens tokens;

    private Random random = new Random();
    private @Nullable SecondImapClient second;
    private String box = "Elsewhere";
    private int serial;

    @ParameterizedTest
    @MethodSource("postern.testserver.TestServer#all")
    void whoListensHasWhatTheServerHas(TestServer server) throws IOException {
        long seed = Long.getLong("events.seed", 1);
        int steps = Integer.getInteger("events.steps", 25);
        LOG.info("events.seed={} events.steps={} on {}", seed, steps, server);
        random = new Random(seed);
        var user = server.newUser();
        var imap = new ImapServer(server.host(), server.port(), Security.NONE);
        var token =
                tokens.seal(tokens.start(new Account(imap, user, new Password(server.password()))));
        try (var program = SecondImapClient.of(server, user)) {
            second = program;
            box = server == RealServer.COURIER ? "INBOX.Elsewhere" : "Elsewhere";
            program.create(box);
            deliver(5);
            var api = new HttpApi(port, token);
            var features = api.changeFeatures();
            var copies = copies(api);
            var path = path(copies);
            var events = EventReader.open(port, token, path, null);
            try {
                for (int step = 1; step <= steps; step++) {
                    change();
                    if (random.nextInt(3) == 0) {
                        events.close();
                        copies.values().forEach(EventedCopy::cut);
                        change();
                        events = EventReader.open(port, token, path, events.lastEventId());
                    }
                    listen(events, copies, "events.seed=%d step %d".formatted(seed, step));
                }
            } finally {
                events.close();
            }
            assertThat(api.changeFeatures()).isEqualTo(features);
            LOG.info(
                    "{} resyncs on {}",
                    copies.values().stream().mapToInt(EventedCopy::resyncs).sum(),
                    server);
        }
    }

    /** By the paths of their mailboxes. */
    private Map<String, EventedCopy> copies(HttpApi api) throws IOException {
        var copies = new LinkedHashMap<String, EventedCopy>();
        for (var mailbox : api.get("/mailboxes").expect(200).json().get("items")) {
            var role = mailbox.path("role").asString("");
            var name = mailbox.get("name").asString();
            var path = role.equals("inbox") ? "INBOX" : name.equals("Elsewhere") ? box : null;
            if (path != null) {
                var copy = new EventedCopy(api, mailbox.get("id").asString());
                copy.list();
                copies.put(path, copy);
            }
        }
        return copies;
    }

    private static String path(Map<String, EventedCopy> copies) {
        var ids = copies.values().stream().map(EventedCopy::mailboxId);
        var states = copies.values().stream().map(EventedCopy::state);
        return "/events?fields=internetMessageId&mailboxId=%s&since=%s"
                .formatted(
                        ids.collect(Collectors.joining(",")),
                        states.collect(Collectors.joining(",")));
    }

    /** Until the copies are what the server has. */
    private void listen(EventReader events, Map<String, EventedCopy> copies, String when)
            throws IOException {
        var there = new LinkedHashMap<String, Map<Long, EventedCopy.Row>>();
        for (var path : copies.keySet()) {
            there.put(path, there(path));
        }
        int before = events.heartbeats();
        while (!content(copies).equals(there)) {
            var event = requireNonNull(events.block());
            if (!event.type().isEmpty()) {
                var id = event.data().get("mailboxId").asString();
                for (var copy : copies.values()) {
                    if (copy.mailboxId().equals(id)) {
                        copy.apply(event);
                    }
                }
            }
            if (events.heartbeats() - before > PATIENCE) {
                assertThat(content(copies)).describedAs(when).isEqualTo(there);
            }
        }
    }

    private static Map<String, Map<Long, EventedCopy.Row>> content(
            Map<String, EventedCopy> copies) {
        var content = new LinkedHashMap<String, Map<Long, EventedCopy.Row>>();
        copies.forEach((path, copy) -> content.put(path, copy.content()));
        return content;
    }

    private TreeMap<Long, EventedCopy.Row> there(String path) throws IOException {
        var there = new TreeMap<Long, EventedCopy.Row>();
        for (var seen : program().look(path)) {
            there.put(
                    seen.uid(), new EventedCopy.Row(seen.uid(), seen.messageId(), seen.keywords()));
        }
        return there;
    }

    private void change() throws IOException {
        switch (random.nextInt(8)) {
            case 0, 1, 2 -> deliver(1 + random.nextInt(3));
            case 3, 4 -> flag();
            case 5 -> {
                var ids = some("INBOX");
                if (!ids.isEmpty()) {
                    program().expunge("INBOX", ids);
                }
            }
            case 6 -> move("INBOX", box);
            default -> move(box, "INBOX");
        }
    }

    private void deliver(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            var message =
                    "From: Ada <ada@example.org>\r\nMessage-ID: <m%d@example.org>\r\n"
                                    .formatted(++serial)
                            + "Subject: number %d\r\n\r\nText\r\n".formatted(serial);
            program().append("INBOX", List.of(), message.getBytes(UTF_8));
        }
    }

    private void flag() throws IOException {
        var path = random.nextBoolean() ? "INBOX" : box;
        var ids = some(path);
        if (!ids.isEmpty()) {
            var keyword = KEYWORDS.get(random.nextInt(KEYWORDS.size()));
            program().store(path, ids, random.nextBoolean(), keyword);
        }
    }

    private void move(String from, String to) throws IOException {
        var ids = some(from);
        if (!ids.isEmpty()) {
            program().move(from, ids, to);
        }
    }

    private List<String> some(String path) throws IOException {
        var ids = new ArrayList<>(program().look(path).stream().map(Seen::messageId).toList());
        Collections.shuffle(ids, random);
        return List.copyOf(ids.subList(0, Math.min(1 + random.nextInt(3), ids.size())));
    }

    private SecondImapClient program() {
        return requireNonNull(second);
    }
}
