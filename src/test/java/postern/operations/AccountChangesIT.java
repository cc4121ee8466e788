package postern.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ContextConfiguration;
import postern.account.SessionTokens;
import postern.testclient.PlainImapClient;
import postern.testserver.AnyMailServer;
import postern.testserver.RealServer;
import postern.testserver.TestServer;
import tools.jackson.databind.JsonNode;

/** Which mailboxes another program changed, on every server. */
@ContextConfiguration(initializers = AnyMailServer.class)
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = "postern.imap.host=localhost")
@NullMarked
class AccountChangesIT {

    @LocalServerPort private int port;
    @Autowired private SessionTokens tokens;

    @ParameterizedTest
    @MethodSource("postern.testserver.TestServer#all")
    void eachChangeByAnotherProgramIsTold(TestServer server) throws IOException {
        var user = server.newUser();
        boolean seesKeywords =
                server == RealServer.DOVECOT_2_3
                        || server == RealServer.DOVECOT_2_4
                        || server == RealServer.CYRUS;
        try (var program = PlainImapClient.of(server, user)) {
            var at = OperationContext.at(port, tokens, server, user, program);
            var quiet = filled(at, "Quiet");
            var flagged = filled(at, "Flagged");
            var filled = filled(at, "Filled");
            var emptied = filled(at, "Emptied");
            var gone = filled(at, "Gone");
            var states = states(at, quiet, flagged, filled, emptied, gone);
            var before = ask(at, states);
            assertThat(ids(before, "changed")).isEmpty();
            assertThat(ids(before, "expired")).isEmpty();
            assertThat(before.path("vanished").isEmpty()).isTrue();
            assertThat(ids(before, "appeared")).doesNotContain(quiet).isNotEmpty();
            if (seesKeywords) {
                assertThat(ids(before, "unknown")).isEmpty();
            } else {
                assertThat(ids(before, "unknown"))
                        .containsExactlyInAnyOrder(quiet, flagged, filled, emptied, gone);
            }

            program.mark(at.wireName(flagged), "letter");
            program.append(at.wireName(filled), OperationContext.letterOf("second"));
            program.command("SELECT " + at.wireName(emptied));
            program.command("STORE 1 +FLAGS (\\Deleted)");
            program.command("EXPUNGE");
            program.command("CLOSE");
            program.command("DELETE " + at.wireName(gone));

            var after = ask(at, states);
            assertThat(ids(after, "expired")).isEmpty();
            assertThat(after.path("vanished")).hasSize(1);
            assertThat(after.path("vanished").get(0).asString()).isEqualTo(gone);
            if (seesKeywords) {
                assertThat(ids(after, "changed"))
                        .containsExactlyInAnyOrder(flagged, filled, emptied);
                assertThat(ids(after, "unknown")).isEmpty();
            } else {
                assertThat(ids(after, "changed")).containsExactlyInAnyOrder(filled, emptied);
                assertThat(ids(after, "unknown")).containsExactlyInAnyOrder(quiet, flagged);
            }
            for (var row : after.path("changed")) {
                if (row.path("mailboxId").asString().equals(filled)) {
                    assertThat(row.path("totalMessages").asInt()).isEqualTo(2);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("postern.testserver.TestServer#all")
    void aRenameByAnotherProgramIsToldOnce(TestServer server) throws IOException {
        var user = server.newUser();
        try (var program = PlainImapClient.of(server, user)) {
            var at = OperationContext.at(port, tokens, server, user, program);
            var work = filled(at, "Work");
            var states = states(at, work);
            var wire = at.wireName(work);

            program.command("RENAME %s %s".formatted(wire, wire.replace("Work", "Projects")));

            var answer = ask(at, states);
            if (server == RealServer.CYRUS) {
                var renamed = answer.path("renamed").get(0);
                assertThat(renamed.path("mailboxId").asString()).isEqualTo(work);
                assertThat(renamed.path("path").asString()).isEqualTo("Projects");
                assertThat(answer.path("vanished").isEmpty()).isTrue();
                var state = renamed.path("state").asString();
                at.api().get("/mailboxes/" + work + "/changes?since=" + state).expect(200);
                var again = ask(at, "{'states': {'%s': '%s'}}".formatted(work, state));
                assertThat(again.path("renamed").isEmpty()).isTrue();
            } else {
                assertThat(answer.path("vanished").get(0).asString()).isEqualTo(work);
                assertThat(paths(answer)).anyMatch(path -> path.endsWith("Projects"));
            }
        }
    }

    /** A mailbox with one message. */
    private static String filled(OperationContext at, String name) throws IOException {
        var id = at.mailbox(name);
        at.program().append(at.wireName(id), OperationContext.letterOf("letter"));
        return id;
    }

    private static String states(OperationContext at, String... ids) throws IOException {
        var members = new ArrayList<String>();
        for (var id : ids) {
            members.add("'%s': '%s'".formatted(id, at.state(id)));
        }
        return "{'states': {%s}}".formatted(String.join(", ", members));
    }

    private static JsonNode ask(OperationContext at, String states) throws IOException {
        return at.api().post("/changes", states).expect(200).json();
    }

    private static List<String> ids(JsonNode answer, String list) {
        var ids = new ArrayList<String>();
        answer.path(list).forEach(row -> ids.add(row.path("mailboxId").asString()));
        return ids;
    }

    private static List<String> paths(JsonNode answer) {
        var paths = new ArrayList<String>();
        answer.path("appeared").forEach(row -> paths.add(row.path("path").asString()));
        return paths;
    }
}
