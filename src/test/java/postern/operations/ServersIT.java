package postern.operations;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ContextConfiguration;
import postern.QuirksPageTest;
import postern.account.SessionTokens;
import postern.operations.Operation.Doer;
import postern.testclient.PlainImapClient;
import postern.testserver.AnyMailServer;
import postern.testserver.InMemoryServer;
import postern.testserver.RealServer;
import postern.testserver.TestServer;

/**
 * Carries out all operations on every server and records who did the work: the table of {@code
 * docs/servers.md}.
 */
@ContextConfiguration(initializers = AnyMailServer.class)
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = "postern.imap.host=localhost")
@NullMarked
class ServersIT {

    private static final Set<String> SENT =
            Set.of("sendMessage", "sendNewMessage", "redirect", "sendReceipt", "unsubscribe");

    private static final Path TABLE = Path.of("docs/servers.md");

    private static final String HEAD =
            """
            # Servers

            What the gateway can do on which mail server, and who does it. *Native*: the mail server has an extension
            for it, or needs none. *Emulated*: the gateway does it in the server's stead, with bounded memory. –: nobody can.
            `GET /v1/account` says the same of the server at hand: of what it offers, that is. Cyrus offers previews and tells
            none of mail that came otherwise than by JMAP; those the gateway makes.

            `ServersIT` writes this page from what it did on each server: `mvn verify -Dit.test=ServersIT -Dservers.update`.

            """;

    @LocalServerPort private int port;
    @Autowired private SessionTokens tokens;
    @Autowired private MeterRegistry meters;

    @Test
    void theTableIsWhatHappens() throws IOException {
        var servers = TestServer.all().toList();
        var columns = new ArrayList<Map<Operation, Doer>>();
        for (var server : servers) {
            columns.add(allDoneOn(server));
        }
        var page = HEAD + table(servers, columns);

        var before = Files.readString(TABLE);
        if (Boolean.getBoolean("servers.update")) {
            var quirks = before.substring(QuirksPageTest.withoutSection(before).length());
            Files.writeString(TABLE, page + quirks);
        }

        assertThat(page)
                .as("docs/servers.md; -Dservers.update rewrites it")
                .isEqualTo(QuirksPageTest.withoutSection(Files.readString(TABLE)));
    }

    @Test
    void everyOperationIsDone() throws IOException {
        var contract =
                Pattern.compile("operationId: (\\w+)")
                        .matcher(Files.readString(Path.of("openapi.yaml")))
                        .results()
                        .map(it -> it.group(1))
                        // These are done by the gateway itself.
                        .filter(it -> !it.endsWith("Session") && !it.equals("discoverServer"))
                        // These need a submission server besides: SendingIT and SendingOnServersIT
                        // do them.
                        .filter(it -> !SENT.contains(it))
                        // These need an app with a URL: SubscriptionsIT does them.
                        .filter(it -> !it.contains("Subscription") && !it.equals("deliverEvents"))
                        .collect(Collectors.toCollection(TreeSet::new));

        assertThat(Operations.ALL.stream().map(Operation::operationId).distinct())
                .containsExactlyInAnyOrderElementsOf(contract);
    }

    private Map<Operation, Doer> allDoneOn(TestServer server) throws IOException {
        var user = server.newUser();
        try (var program = PlainImapClient.of(server, user)) {
            var at = OperationContext.at(port, tokens, server, user, program);
            var done = new HashMap<Operation, Doer>();
            for (var deed : Operations.ALL) {
                done.put(deed, done(deed, at, server));
            }
            return done;
        }
    }

    private Doer done(Operation deed, OperationContext at, TestServer server) {
        try {
            var before = counts();
            deed.act().on(at);
            return deed.judgement().of(new Operation.Trace(at, since(before)));
        } catch (IOException | RuntimeException | AssertionError e) {
            throw new AssertionError(
                    "%s (%s) on %s".formatted(deed.operationId(), deed.what(), server), e);
        }
    }

    private Map<String, Long> since(Map<String, Long> before) {
        var commands = counts();
        commands.replaceAll((command, count) -> count - before.getOrDefault(command, 0L));
        return commands;
    }

    /** The number of OK responses of the mail server by command. */
    private Map<String, Long> counts() {
        return meters.find("postern.imap.command").tag("outcome", "ok").timers().stream()
                .collect(
                        Collectors.toMap(
                                it -> Objects.requireNonNull(it.getId().getTag("command")),
                                Timer::count,
                                Long::sum,
                                HashMap::new));
    }

    private static String table(List<TestServer> servers, List<Map<Operation, Doer>> columns) {
        var table = new StringBuilder("| operation | what |");
        servers.forEach(server -> table.append(' ').append(name(server)).append(" |"));
        table.append("\n|---|---|").append("---|".repeat(servers.size())).append('\n');
        for (var deed : Operations.ALL) {
            table.append("| ")
                    .append(deed.operationId())
                    .append(" | ")
                    .append(deed.what())
                    .append(" |");
            columns.forEach(column -> table.append(' ').append(column.get(deed)).append(" |"));
            table.append('\n');
        }
        return table.toString();
    }

    private static String name(TestServer server) {
        return switch (server) {
            case InMemoryServer.GREENMAIL -> "GreenMail 2.1";
            case RealServer.DOVECOT_2_3 -> "Dovecot 2.3";
            case RealServer.DOVECOT_2_4 -> "Dovecot 2.4";
            case RealServer.CYRUS -> "Cyrus 3.6";
            case RealServer.COURIER -> "Courier 5.0";
        };
    }
}
