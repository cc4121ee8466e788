package postern.model;

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
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.NullMarked;
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
import postern.testclient.HttpApi;
import postern.testclient.SecondImapClient;
import postern.testclient.SecondImapClient.Seen;
import postern.testserver.AnyMailServer;
import postern.testserver.FaultyProxy;
import postern.testserver.InMemoryServer;
import postern.testserver.RealServer;
import postern.testserver.TestServer;

/**
 * Whatever befalls two mailboxes, their mail server and the connections between, a client that has
 * only lists, changes and events comes to have what the server has. See {@code docs/testing.md} for
 * the long form.
 */
@ContextConfiguration(initializers = AnyMailServer.class)
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "postern.imap.host=localhost",
            "postern.watch.poll=100ms",
            "postern.watch.retry=100ms",
            "postern.watch.linger=1s",
            "postern.events.heartbeat=200ms"
        })
@Timeout(value = 8, unit = TimeUnit.HOURS)
@NullMarked
class CopyLifeIT {

    private static final Logger LOG = LoggerFactory.getLogger(CopyLifeIT.class);
    private static final List<String> KEYWORDS =
            List.of("$seen", "$flagged", "$answered", "todo", "later");
    private static final int PATIENCE_SECONDS = 90;

    @LocalServerPort private int port;
    @Autowired private SessionTokens tokens;

    private Random random = new Random();
    private final List<String> log = new ArrayList<>();
    private final Map<String, KeptCopy> copies = new LinkedHashMap<>();
    private @Nullable TestServer server;
    private @Nullable SecondImapClient second;
    private @Nullable FaultyProxy proxy;
    private String user = "";
    private String token = "";
    private String box = "Kept";
    private String away = "Away";
    private int serial;
    private boolean disasters;
    private int refused;
    private final Map<String, Integer> told = new TreeMap<>();

    static Stream<TestServer> servers() {
        var only = List.of(System.getProperty("life.servers", "").split(","));
        return TestServer.all()
                .filter(it -> only.contains(it.toString()) || only.equals(List.of("")));
    }

    @ParameterizedTest
    @MethodSource("servers")
    void aCopyComesToHaveWhatTheServerHas(TestServer onServer) throws IOException {
        long seed = Long.getLong("life.seed", 1);
        int steps = Integer.getInteger("life.steps", 25);
        LOG.info("life.seed={} life.steps={} on {}", seed, steps, onServer);
        random = new Random(seed);
        server = onServer;
        user = onServer.newUser();
        if (onServer == RealServer.COURIER) {
            box = "INBOX.Kept";
            away = "INBOX.Away";
        }
        // The short form restarts no server: other tests wait for theirs.
        disasters = onServer instanceof RealServer && steps > 50;
        try (var between = FaultyProxy.inFrontOf(onServer.host(), onServer.port())) {
            proxy = between;
            var imap = new ImapServer(between.host(), between.port(), Security.NONE);
            var password = new Password(onServer.password());
            token = tokens.seal(tokens.start(new Account(imap, user, password)));
            second = SecondImapClient.of(onServer, user);
            program().create(box);
            deliver("INBOX", 20);
            deliver(box, 5);
            keep();
            var features = new HttpApi(port, token).changeFeatures();
            for (int step = 1; step <= steps; step++) {
                change();
                if (random.nextInt(4) == 0) {
                    compare(seed, step);
                }
                if (step % 500 == 0) {
                    LOG.info("step {}: {}, {}", step, told, counts());
                }
            }
            compare(seed, steps);
            assertThat(new HttpApi(port, token).changeFeatures()).isEqualTo(features);
            LOG.info("on {}: {}, {}", onServer, told, counts());
        } finally {
            copies.values().forEach(KeptCopy::close);
            if (second != null) {
                second.close();
            }
        }
    }

    private String counts() {
        int lists = copies.values().stream().mapToInt(KeptCopy::lists).sum();
        int streams = copies.values().stream().mapToInt(KeptCopy::streams).sum();
        int resyncs = copies.values().stream().mapToInt(KeptCopy::resyncs).sum();
        return lists + " lists, " + streams + " streams, " + resyncs + " resyncs";
    }

    /** Begins copies of the mailboxes that have none, by the ids that they have now. */
    private void keep() throws IOException {
        var items = new HttpApi(port, token).get("/mailboxes").expect(200).json().get("items");
        for (var mailbox : items) {
            var role = mailbox.path("role").asString("");
            var name = mailbox.get("name").asString();
            var path = role.equals("inbox") ? "INBOX" : name.equals("Kept") ? box : null;
            if (path != null && !copies.containsKey(path)) {
                var id = mailbox.get("id").asString();
                copies.put(path, new KeptCopy(port, token, id, random.nextLong()));
            }
        }
        assertThat(copies).containsOnlyKeys("INBOX", box);
    }

    /**
     * What a command changes that the second client no longer waits for comes later: a server that
     * is killed in the middle may keep a lock for minutes. Then the copy must come to have that.
     */
    private void compare(long seed, int step) throws IOException {
        for (var path : List.copyOf(copies.keySet())) {
            var copy = requireNonNull(copies.get(path));
            var there = rows(path);
            while (!comesToHave(copy, there)) {
                var before = there;
                there = rows(path);
                if (there.equals(before)) {
                    assertThat(copy.content())
                            .describedAs(
                                    "life.seed=%d step %d, %s, after %s",
                                    seed,
                                    step,
                                    path,
                                    String.join(
                                            "\n",
                                            log.subList(Math.max(0, log.size() - 30), log.size())))
                            .isEqualTo(there);
                }
            }
        }
    }

    private Map<Long, MailboxCopy.Row> rows(String path) throws IOException {
        var rows = new TreeMap<Long, MailboxCopy.Row>();
        for (var seen : look(path)) {
            rows.put(
                    seen.uid(), new MailboxCopy.Row(seen.uid(), seen.messageId(), seen.keywords()));
        }
        return rows;
    }

    private static boolean comesToHave(KeptCopy copy, Map<Long, MailboxCopy.Row> there) {
        try {
            Awaitility.await()
                    .dontCatchUncaughtExceptions()
                    .atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .pollInterval(10, TimeUnit.MILLISECONDS)
                    .until(() -> copy.content().equals(there));
            return true;
        } catch (ConditionTimeoutException _) {
            return false;
        }
    }

    /**
     * A server may refuse or forget a change beside other clients: Dovecot opens a mailbox at the
     * moment of its rename as SERVERBUG, Cyrus deletes a name once a second, Courier waits for a
     * lock. What is half done then is what the copy must come to have.
     */
    private void change() throws IOException {
        try {
            step();
        } catch (IOException | AssertionError e) {
            refused(e);
        }
    }

    private void refused(Throwable e) {
        LOG.info("refused", e);
        log("refused " + e.getMessage());
        refused++;
        assertThat(refused).as("refused: %s", e).isLessThan(20 + log.size() / 20);
        Awaitility.await()
                .dontCatchUncaughtExceptions() // GreenMail has some, whenever it is cut
                // Courier may wait for a lock for longer than the client waits for Courier
                .atMost(3 * PATIENCE_SECONDS, TimeUnit.SECONDS)
                .pollInterval(100, TimeUnit.MILLISECONDS)
                // in one condition: of two the last would count alone
                .ignoreExceptionsMatching(
                        it -> it instanceof IOException || it instanceof AssertionError)
                .until(this::recover);
    }

    private List<Seen> look(String path) throws IOException {
        while (true) {
            try {
                return program().look(path);
            } catch (IOException | AssertionError e) {
                refused(e); // bounded there; after a kill, Dovecot waits up to two minutes for a
                // lock
            }
        }
    }

    private boolean recover() throws IOException {
        program().close();
        second = SecondImapClient.of(requireNonNull(server), user);
        if (program().has(away)) {
            if (program().has(box)) {
                program().delete(away);
            } else {
                program().rename(away, box);
            }
        }
        if (!program().has(box)) {
            program().create(box);
        }
        if (!copies.containsKey(box)) {
            keep();
        }
        return true;
    }

    private void step() throws IOException {
        switch (random.nextInt(16)) {
            case 0, 1, 2 -> deliver(mailbox(), 1 + random.nextInt(4));
            case 3, 4, 5, 6 -> flag(mailbox());
            case 7, 8 -> expunge(mailbox(), 1 + random.nextInt(3));
            case 9 -> move("INBOX", box);
            case 10 -> move(box, "INBOX");
            case 11 -> cutClient();
            case 12 -> cutServer();
            case 13 -> rename();
            default -> rarely();
        }
    }

    private void rarely() throws IOException {
        switch (random.nextInt(6)) {
            case 0 -> deliver(mailbox(), 30);
            case 1 -> expunge(mailbox(), 30);
            case 2 -> renumber();
            case 3 -> {
                if (disasters && random.nextInt(3) == 0) {
                    restart(false);
                }
            }
            case 4 -> {
                if (disasters && random.nextInt(3) == 0) {
                    restart(true);
                }
            }
            default -> flag(mailbox());
        }
    }

    private String mailbox() {
        return random.nextInt(3) == 0 ? box : "INBOX";
    }

    private void log(String what) {
        log.add(what);
        told.merge(what.split(" ", 2)[0], 1, Integer::sum);
    }

    private void deliver(String path, int count) throws IOException {
        log("deliver " + count + " to " + path);
        for (int i = 0; i < count; i++) {
            var message =
                    "From: Ada <ada@example.org>\r\nMessage-ID: <m%d@example.org>\r\n"
                                    .formatted(++serial)
                            + "Subject: number %d\r\n\r\nText %d\r\n".formatted(serial, serial);
            program().append(path, some(KEYWORDS, random.nextInt(3)), message.getBytes(UTF_8));
        }
    }

    private void flag(String path) throws IOException {
        var ids = ids(path, 1 + random.nextInt(5));
        if (!ids.isEmpty()) {
            boolean add = random.nextBoolean();
            var keyword = KEYWORDS.get(random.nextInt(KEYWORDS.size()));
            log((add ? "add " : "remove ") + keyword + " in " + path + " " + ids);
            program().store(path, ids, add, keyword);
        }
    }

    private void expunge(String path, int count) throws IOException {
        var ids = ids(path, count);
        if (!ids.isEmpty()) {
            log("expunge in " + path + " " + ids);
            program().expunge(path, ids);
        }
    }

    private void move(String from, String to) throws IOException {
        var ids = ids(from, 1 + random.nextInt(4));
        if (!ids.isEmpty()) {
            log("move from " + from + " " + ids);
            program().move(from, ids, to);
        }
    }

    private void cutClient() {
        log("cut the streams");
        copies.values().forEach(KeptCopy::cut);
    }

    private void cutServer() {
        log("reset the connections to the mail server");
        requireNonNull(proxy).reset();
    }

    /** There and back, with changes meanwhile. */
    private void rename() throws IOException {
        log("rename " + box);
        program().rename(box, away);
        if (random.nextBoolean()) {
            deliver(away, 1 + random.nextInt(2));
            flag(away);
        }
        program().rename(away, box);
    }

    /** Another mailbox with the same name. Who keeps a copy drops it, and begins anew. */
    private void renumber() throws IOException {
        log("delete and create " + box);
        requireNonNull(copies.remove(box)).close();
        if (server == InMemoryServer.GREENMAIL) {
            // it keeps a mailbox that another connection has selected
            requireNonNull(proxy).reset();
        }
        long before = program().uidValidity(box);
        do {
            program().delete(box);
            program().create(box);
            // GreenMail counts UIDVALIDITY in a clock's steps, which RFC 9051, section 2.3.1.1
            // forbids
        } while (program().uidValidity(box) == before);
        deliver(box, 1 + random.nextInt(5));
        keep();
    }

    /** Restarts the mail server, without its indexes where these can be taken away. */
    private void restart(boolean loseIndex) throws IOException {
        var real = (RealServer) requireNonNull(server);
        boolean dovecot = real == RealServer.DOVECOT_2_3 || real == RealServer.DOVECOT_2_4;
        log(loseIndex && dovecot ? "lose the index" : "restart the mail server");
        program().close();
        if (loseIndex && dovecot) {
            var home = "/srv/mail/" + user + "/Maildir";
            real.run(
                    "sh",
                    "-c",
                    "rm -f %s/dovecot.index* %s/.Kept/dovecot.index*".formatted(home, home));
        }
        if (random.nextBoolean()) {
            real.kill();
        }
        real.restart();
        second = SecondImapClient.of(real, user);
        if (loseIndex) {
            // so that the mod-sequences come to their old values, and beyond
            for (int i = random.nextInt(40); i > 0; i--) {
                flag(mailbox());
            }
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
