package postern.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
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
import postern.testclient.HttpApi;
import postern.testclient.SecondImapClient;
import postern.testclient.SecondImapClient.Seen;
import postern.testserver.AnyMailServer;
import postern.testserver.InMemoryServer;
import postern.testserver.RealServer;
import postern.testserver.TestServer;

/**
 * Whatever a second mail program does to a mailbox, an app that lists it once and then asks for
 * changes alone has exactly what the server has. See {@code docs/testing.md} for the long form.
 */
@ContextConfiguration(initializers = AnyMailServer.class)
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = "postern.imap.host=localhost")
@NullMarked
class ChangesModelIT {

    private static final Logger LOG = LoggerFactory.getLogger(ChangesModelIT.class);
    private static final List<String> KEYWORDS =
            List.of("$seen", "$flagged", "$answered", "$draft", "todo", "later");

    @LocalServerPort private int port;
    @Autowired private SessionTokens tokens;

    private Random random = new Random();
    private @Nullable SecondImapClient second;
    private String box = "Elsewhere";
    private final List<String> log = new ArrayList<>();
    private int serial;

    @ParameterizedTest
    @MethodSource("postern.testserver.TestServer#all")
    void copiesWhatTheServerHas(TestServer server) throws IOException {
        long seed = Long.getLong("changes.seed", 1);
        int steps = Integer.getInteger("changes.steps", 60);
        LOG.info("changes.seed={} changes.steps={} on {}", seed, steps, server);
        random = new Random(seed);
        var user = server.newUser();
        var imap = new ImapServer(server.host(), server.port(), Security.NONE);
        var session = tokens.start(new Account(imap, user, new Password(server.password())));
        try (var program = SecondImapClient.of(server, user)) {
            second = program;
            box = server == RealServer.COURIER ? "INBOX.Elsewhere" : "Elsewhere";
            program.create(box);
            deliver(30);
            var api = new HttpApi(port, tokens.seal(session));
            var features = api.changeFeatures();
            var copy = new MailboxCopy(api, "inbox");
            copy.sync(() -> 500, () -> {});
            for (int step = 1; step <= steps; step++) {
                change();
                if (random.nextInt(3) > 0) {
                    copy.sync(() -> 1 + random.nextInt(12), this::maybeChange);
                }
                if (random.nextInt(4) == 0) {
                    compare(copy, step, seed);
                }
            }
            compare(copy, steps, seed);
            assertThat(api.changeFeatures()).isEqualTo(features);
            if (hasModSequences(server)) {
                // Elsewhere a flag that changes between two pages needs a new list.
                assertThat(copy.lists()).describedAs("lists on %s: %s", server, log).isEqualTo(1);
            }
            LOG.info("{} pages of changes on {}", copy.pages(), server);
        }
    }

    private static boolean hasModSequences(TestServer server) {
        return server != InMemoryServer.GREENMAIL && server != RealServer.COURIER;
    }

    private void compare(MailboxCopy copy, int step, long seed) throws IOException {
        copy.sync(() -> 1 + random.nextInt(20), () -> {});
        var there = new TreeMap<Long, MailboxCopy.Row>();
        for (var seen : program().look("INbox")) {
            there.put(
                    seen.uid(), new MailboxCopy.Row(seen.uid(), seen.messageId(), seen.keywords()));
        }
        assertThat(copy.content())
                .describedAs(
                        "changes.seed=%d step %d, after %s",
                        seed,
                        step,
                        String.join("\n", log.subList(Math.max(0, log.size() - 20), log.size())))
                .isEqualTo(there);
    }

    private void maybeChange() throws IOException {
        if (random.nextInt(3) == 0) {
            change();
        }
    }

    private void change() throws IOException {
        switch (random.nextInt(10)) {
            case 0, 1, 2 -> deliver(1 + random.nextInt(4));
            case 3, 4, 5 -> flag();
            case 6 -> expunge(1 + random.nextInt(3));
            case 7 -> move("INbox", box);
            case 8 -> move(box, "INbox");
            default -> rarely();
        }
    }

    private void rarely() throws IOException {
        if (random.nextInt(4) > 0) {
            flag();
        } else if (random.nextBoolean()) {
            deliver(40);
        } else {
            expunge(40);
        }
    }

    private void deliver(int count) throws IOException {
        log.add("deliver " + count);
        for (int i = 0; i < count; i++) {
            var message =
                    "From: Ada <ada@example.org>\r\nMessage-ID: <m%d@example.org>\r\n"
                                    .formatted(++serial)
                            + "Subject: number %d\r\n\r\nText %d\r\n".formatted(serial, serial);
            program().append("INbox", some(KEYWORDS, random.nextInt(3)), message.getBytes(UTF_8));
        }
    }

    private void flag() throws IOException {
        var ids = ids("INbox", 1 + random.nextInt(5));
        if (!ids.isEmpty()) {
            boolean add = random.nextBoolean();
            var keyword = KEYWORDS.get(random.nextInt(KEYWORDS.size()));
            log.add((add ? "add " : "remove ") + keyword + " " + ids);
            program().store("INbox", ids, add, keyword);
        }
    }

    private void expunge(int count) throws IOException {
        var ids = ids("INbox", count);
        if (!ids.isEmpty()) {
            log.add("expunge " + ids);
            program().expunge("INbox", ids);
        }
    }

    private void move(String from, String to) throws IOException {
        var ids = ids(from, 1 + random.nextInt(4));
        if (!ids.isEmpty()) {
            log.add("move from " + from + " " + ids);
            program().move(from, ids, to);
        }
    }

    private List<String> ids(String path, int count) throws IOException {
        return some(program().look(path).stream().map(Seen::messageId).toList(), count);
    }

    private SecondImapClient program() {
        return requireNonNull(second);
    }

    private <T> List<T> some(List<T> all, int count) {
        var shuffled = new ArrayList<>(all);
        Collections.shuffle(shuffled, random);
        return List.copyOf(Set.copyOf(shuffled.subList(0, Math.min(count, shuffled.size()))));
    }
}
