package postern.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ContextConfiguration;
import postern.account.SessionTokens;
import postern.imap.MailboxName;
import postern.testclient.HttpApi;
import postern.testclient.PlainImapClient;
import postern.testserver.AnyMailServer;
import postern.testserver.RealServer;
import postern.testserver.TestServer;
import postern.web.id.MailboxId;

/** What an app has stored of a mailbox that gets another name, on every server. */
@ContextConfiguration(initializers = AnyMailServer.class)
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = "postern.imap.host=localhost")
@NullMarked
class RenamedMailboxIT {

    @LocalServerPort private int port;
    @Autowired private SessionTokens tokens;

    @ParameterizedTest
    @MethodSource("postern.testserver.TestServer#all")
    void idsStayOrTheAnswerNamesTheNewOnes(TestServer server) throws IOException {
        var user = server.newUser();
        try (var program = PlainImapClient.of(server, user)) {
            var at = OperationContext.at(port, tokens, server, user, program);
            var work = at.mailbox("Work");
            var below =
                    at.api()
                            .post(
                                    "/mailboxes",
                                    "{'name': 'Below', 'parentId': '%s'}".formatted(work))
                            .expect(201)
                            .json()
                            .path("id")
                            .asString();
            var plan = copied(at, work, "plan");

            var renamed =
                    at.api().patch("/mailboxes/" + work, "{'name': 'Projects'}").expect(200).json();

            if (server == RealServer.CYRUS) {
                assertThat(renamed.path("id").asString()).isEqualTo(work);
                assertThat(renamed.has("previousId")).isFalse();
                assertThat(at.message(plan).path("mailboxId").asString()).isEqualTo(work);
                at.api().get("/mailboxes/" + below).expect(200);
            } else {
                assertThat(renamed.path("previousId").asString()).isEqualTo(work);
                assertThat(at.list(renamed.path("id").asString())).hasSize(1);
                at.api().get("/mailboxes/" + work).expect(404);
                var moved = renamed.path("renamedBelow").get(0);
                assertThat(moved.path("previousId").asString()).isEqualTo(below);
                at.api().get("/mailboxes/" + moved.path("id").asString()).expect(200);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = RealServer.class, names = "CYRUS")
    void whatWasStoredOutlivesARenameByAnotherProgram(TestServer server) throws IOException {
        var user = server.newUser();
        try (var program = PlainImapClient.of(server, user)) {
            var at = OperationContext.at(port, tokens, server, user, program);
            var work = at.mailbox("Work");
            var plan = copied(at, work, "plan");
            var state = at.state(work);
            var link = link(at, plan);
            var thread = at.message(plan).path("threadId").asString();

            program.command("RENAME Work Projects");

            assertThat(
                            at.api()
                                    .get("/mailboxes/" + work)
                                    .expect(200)
                                    .json()
                                    .path("name")
                                    .asString())
                    .isEqualTo("Projects");
            assertThat(at.list(work).get(0).path("id").asString()).isEqualTo(plan);
            assertThat(at.message(plan).path("subject").asString()).isEqualTo("plan");
            at.api().get("/messages/" + plan + "/parts/2").expect(200);
            at.api().open(link).expect(200);
            var changes =
                    at.api().get("/mailboxes/" + work + "/changes?since=" + state).expect(200);
            assertThat(changes.json().path("added").isEmpty()).isTrue();
            assertThat(changes.json().path("removed").isEmpty()).isTrue();
            at.api().patch("/messages/" + plan, "{'keywords': {'$flagged': true}}").expect(200);
            at.api()
                    .post(
                            "/messages/batch",
                            "{'ids': ['%s'], 'keywords': {'$seen': true}}".formatted(plan))
                    .expect(200);
            assertThat(copied(at, work, "later")).isNotEmpty();
            if (!thread.isEmpty()) {
                at.api().get("/threads/" + thread).expect(200);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = RealServer.class, names = "CYRUS")
    void anotherMailboxOfTheNameIsNotMistakenForTheFormerOne(TestServer server) throws IOException {
        var user = server.newUser();
        try (var program = PlainImapClient.of(server, user)) {
            var at = OperationContext.at(port, tokens, server, user, program);
            var work = at.mailbox("Work");
            var plan = copied(at, work, "plan");

            program.command("RENAME Work Projects");
            program.command("CREATE Work");
            program.append("Work", OperationContext.letterOf("other"));

            assertThat(at.list(work).get(0).path("id").asString()).isEqualTo(plan);
            assertThat(at.message(plan).path("subject").asString()).isEqualTo("plan");

            program.command("DELETE Projects");

            at.api().get("/mailboxes/" + work).expect(404);
            at.api().get("/mailboxes/" + work + "/messages").expect(404);
            at.api().get("/messages/" + plan).expect(404);
            var batch =
                    at.api()
                            .post(
                                    "/messages/batch",
                                    "{'ids': ['%s', '%s'], 'keywords': {'$seen': true}}"
                                            .formatted(plan, at.letter("here")))
                            .expect(200)
                            .json();
            assertThat(batch.path("failed").asInt()).isOne();
            assertThat(batch.path("results").get(0).path("id").asString()).isEqualTo(plan);
            at.api().delete("/mailboxes/" + work + "?withMessages=true").expect(404);
            assertThat(program.count("Work")).isOne();
        }
    }

    @ParameterizedTest
    @EnumSource(value = RealServer.class, names = "CYRUS")
    void requestsForSeveralMailboxesFindTheMessagesOfOneThatWasJustRenamed(TestServer server)
            throws IOException {
        var user = server.newUser();
        try (var program = PlainImapClient.of(server, user)) {
            var at = OperationContext.at(port, tokens, server, user, program);
            var work = at.mailbox("Work");
            var plan = copied(at, work, "plan");
            var other = at.letter("other");
            assertThat(at.list(work)).hasSize(1);

            program.command("RENAME Work Second");
            var read =
                    at.api()
                            .post("/messages/get", "{'ids': ['%s', '%s']}".formatted(plan, other))
                            .expect(200)
                            .json();
            assertThat(read.path("items")).hasSize(2);
            assertThat(read.path("items").get(0).path("id").asString()).isEqualTo(plan);

            program.command("RENAME Second Third");
            var found =
                    at.api()
                            .post(
                                    "/search",
                                    "{'filter': {'subject': 'plan'}, 'mailboxIds': ['%s', 'inbox'],"
                                                    .formatted(work)
                                            + " 'include': ['text']}")
                            .expect(200)
                            .json();
            assertThat(found.path("items").findValuesAsString("id")).contains(plan);

            for (var ids : List.of("'%s', '%s'".formatted(plan, other), "'%s'".formatted(plan))) {
                program.command("RENAME Third Fourth");
                var batch =
                        at.api()
                                .post(
                                        "/messages/batch",
                                        "{'ids': [%s], 'keywords': {'$flagged': true}}"
                                                .formatted(ids))
                                .expect(200)
                                .json();
                assertThat(batch.path("failed").asInt()).isZero();
                program.command("RENAME Fourth Third");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = RealServer.class, names = "CYRUS")
    void whoMayReadAMailboxIsNeverToldOfAnotherOneThatGotItsName(TestServer server)
            throws IOException {
        var user = server.newUser();
        try (var program = PlainImapClient.of(server, user)) {
            var at = OperationContext.at(port, tokens, server, user, program);
            var work = at.mailbox("Work");
            var plan = copied(at, work, "plan");
            assertThat(at.list(work)).hasSize(1);

            program.command("RENAME Work Projects");
            program.command("CREATE Work");
            at.api()
                    .put(
                            "/mailboxes/%s/rights/%s".formatted(work, at.friend()),
                            "{'mayReadItems': true}")
                    .expect(200);
            assertThat(program.command("GETACL Projects")).anyMatch(it -> it.contains(at.friend()));
            assertThat(program.command("GETACL Work")).noneMatch(it -> it.contains(at.friend()));

            program.command("DELETE Work");
            program.command("RENAME Projects Work");
            assertThat(at.list(work)).hasSize(1);
            program.command("RENAME Work Projects");
            program.command("CREATE Work");
            var narrowed =
                    at.api()
                            .post(
                                    "/sessions/current/narrow",
                                    "{'scopes': ['read'], 'mailboxIds': ['%s']}".formatted(work))
                            .expect(200)
                            .json();
            var narrow = new HttpApi(port, narrowed.path("token").asString());
            narrow.get("/messages/" + plan).expect(200);

            program.command("DELETE Projects");
            at.api()
                    .post(
                            "/sessions/current/narrow",
                            "{'scopes': ['read'], 'mailboxIds': ['%s']}".formatted(work))
                    .expect(400);
        }
    }

    @ParameterizedTest
    @EnumSource(value = RealServer.class, names = "CYRUS")
    void aMessageIsMovedToAnotherMailboxThatHasTheFormerNameOfItsOwn(TestServer server)
            throws IOException {
        var user = server.newUser();
        try (var program = PlainImapClient.of(server, user)) {
            var at = OperationContext.at(port, tokens, server, user, program);
            var work = at.mailbox("Work");
            var plan = copied(at, work, "plan");
            var draft = copied(at, work, "draft");
            assertThat(at.list(work)).hasSize(2);

            program.command("RENAME Work Projects");
            program.command("CREATE Work");
            at.api()
                    .patch(
                            "/messages/" + plan,
                            "{'mailboxId': '%s'}".formatted(newId(program, "Work")))
                    .expect(200);
            assertThat(program.count("Work")).isOne();

            program.command("RENAME Projects Second");
            program.command("CREATE Projects");
            var batch =
                    at.api()
                            .post(
                                    "/messages/batch",
                                    "{'ids': ['%s'], 'moveTo': '%s'}"
                                            .formatted(draft, newId(program, "Projects")))
                            .expect(200)
                            .json();
            assertThat(batch.path("failed").asInt()).isZero();
            assertThat(program.count("Projects")).isOne();
        }
    }

    /** The id of a mailbox that the gateway has not listed yet. */
    private static String newId(PlainImapClient program, String mailbox) throws IOException {
        var status = program.command("STATUS %s (MAILBOXID)".formatted(mailbox)).getFirst();
        var id = status.substring(status.lastIndexOf('(') + 1, status.indexOf(')'));
        return MailboxId.of(MailboxName.ofId(id)).text();
    }

    private static String copied(OperationContext at, String mailboxId, String subject)
            throws IOException {
        return at.api()
                .post(
                        "/messages/" + at.letter(subject) + "/copy",
                        "{'mailboxId': '%s'}".formatted(mailboxId))
                .expect(201)
                .json()
                .path("id")
                .asString();
    }

    private static String link(OperationContext at, String message) throws IOException {
        var url =
                at.api()
                        .post(
                                "/messages/" + message + "/links",
                                "{'items': [{'file': 'part', 'partId': '2'}]}")
                        .expect(200)
                        .json()
                        .path("items")
                        .get(0)
                        .path("url")
                        .asString();
        return url.substring(url.indexOf("/links/"));
    }
}
