package postern.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ContextConfiguration;
import postern.account.ImapServer;
import postern.account.Security;
import postern.account.SessionTokens;
import postern.testclient.PlainImapClient;
import postern.testserver.AnyMailServer;
import postern.testserver.MinimalServer;
import postern.testserver.RealServer;

/**
 * Only the requested messages are expunged, even if EXPUNGE removes all that are marked {@code
 * \Deleted}: another mail program has marked a message, which must still exist afterwards and still
 * be marked.
 */
@ContextConfiguration(initializers = AnyMailServer.class)
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = "postern.imap.host=localhost")
@NullMarked
class WithoutUidPlusIT {

    private static final String FOREIGN = "foreign";

    /** Each is made to hide UIDPLUS. */
    @ParameterizedTest
    @EnumSource(
            value = RealServer.class,
            names = {"DOVECOT_2_3", "COURIER"})
    @Retention(RetentionPolicy.RUNTIME)
    private @interface OnSomeServers {}

    @LocalServerPort private int port;
    @Autowired private SessionTokens tokens;

    @OnSomeServers
    void deletesNoOtherMessage(RealServer server) throws IOException {
        besideAMark(
                server,
                "inbox",
                at -> {
                    var id = at.letter("gone");
                    var stays = at.letter("stays");

                    at.api().delete("/messages/" + id + "?permanent=true").expect(204);

                    at.mustBeGone(id);
                    at.message(stays);
                });
    }

    @OnSomeServers
    void movesNoOtherMessageAndTellsWhereItIs(RealServer server) throws IOException {
        besideAMark(
                server,
                "inbox",
                at -> {
                    var id = at.letter("moved");

                    var moved =
                            at.api()
                                    .patch("/messages/" + id, "{'mailboxId': 'archive'}")
                                    .expect(200)
                                    .json();

                    at.mustBeGone(id);
                    assertThat(moved.path("id").asString()).isEqualTo(at.id("archive", "moved"));
                });
    }

    @OnSomeServers
    void deletesNoOtherMessageInABatch(RealServer server) throws IOException {
        besideAMark(
                server,
                "inbox",
                at -> {
                    var one = at.letter("one");
                    var two = at.letter("two");
                    var stays = at.letter("stays");

                    var done =
                            at.api()
                                    .post(
                                            "/messages/batch",
                                            "{'ids': ['%s', '%s'], 'delete': 'permanent'}"
                                                    .formatted(one, two))
                                    .expect(200)
                                    .json();

                    assertThat(done.path("succeeded").asInt()).isEqualTo(2);
                    at.mustBeGone(one);
                    at.mustBeGone(two);
                    at.message(stays);
                });
    }

    /** A message that arrived and was marked after the request had begun must not be removed. */
    @OnSomeServers
    void emptiesAMailboxOfNothingThatCameMeanwhile(RealServer server) throws IOException {
        on(
                server,
                (at, poor) -> {
                    var full = at.mailbox("Full");
                    var name = at.wireName(full);
                    at.program().append(name, OperationContext.letterOf("one"));
                    at.program().append(name, OperationContext.letterOf("two"));
                    poor.beforeMarking(() -> putForeign(at, name));

                    var path = at.api().get("/mailboxes/" + full).expect(200).json().path("name");
                    at.api()
                            .delete("/mailboxes/" + full + "/messages?confirm=" + path.asString())
                            .expect(200);

                    assertThat(at.program().marked(name, FOREIGN)).isOne();
                    assertThat(at.program().count(name)).isOne();
                });
    }

    @OnSomeServers
    void replacesADraftAndNoOtherMessage(RealServer server) throws IOException {
        besideAMark(
                server,
                "drafts",
                at -> {
                    var old =
                            at.api()
                                    .post(
                                            "/mailboxes/drafts/messages",
                                            "{'from': [{'email': 'bob@example.org'}], 'subject': 'draft', 'text': 'Hello'}")
                                    .expect(201)
                                    .json()
                                    .path("id")
                                    .asString();

                    var better =
                            at.api()
                                    .put(
                                            "/messages/" + old + "/content",
                                            "{'from': [{'email': 'bob@example.org'}], 'subject': 'better', 'text': 'Hello'}")
                                    .expect(200)
                                    .json();

                    at.mustBeGone(old);
                    assertThat(better.path("id").asString()).isEqualTo(at.id("drafts", "better"));
                });
    }

    @OnSomeServers
    void findsTheMessageThatItStored(RealServer server) throws IOException {
        besideAMark(
                server,
                "archive",
                at -> {
                    var stored =
                            at.api()
                                    .post(
                                            "/mailboxes/archive/messages",
                                            "message/rfc822",
                                            OperationContext.octets("stored"))
                                    .expect(201)
                                    .json();

                    assertThat(stored.path("id").asString()).isEqualTo(at.id("archive", "stored"));
                });
    }

    private void besideAMark(RealServer server, String mailboxId, Operation.Act act)
            throws IOException {
        on(
                server,
                (at, _) -> {
                    var mailbox = at.wireName(mailboxId);
                    putForeign(at, mailbox);

                    act.on(at);

                    assertThat(at.program().marked(mailbox, FOREIGN)).isOne();
                });
    }

    private void on(RealServer server, Scene scene) throws IOException {
        var user = server.newUser();
        try (var poor = MinimalServer.of(server);
                var program = PlainImapClient.of(server, user)) {
            var imap = new ImapServer(poor.host(), poor.port(), Security.NONE);
            var at = OperationContext.at(port, tokens, imap, server, user, program);
            for (var lacking : List.of("uidPlus", "move", "replace")) {
                assertThat(at.features().path(lacking).asString()).isEqualTo("emulated");
            }

            scene.play(at, poor);

            assertThat(poor.beyondIt()).isEmpty();
        }
    }

    private static void putForeign(OperationContext at, String mailbox) {
        try {
            at.program().append(mailbox, OperationContext.letterOf(FOREIGN));
            at.program().mark(mailbox, FOREIGN);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A test on a server without UIDPLUS. */
    private interface Scene {
        void play(OperationContext at, MinimalServer poor) throws IOException;
    }
}
