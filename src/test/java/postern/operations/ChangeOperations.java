package postern.operations;

import static postern.operations.Operation.always;
import static postern.operations.Operation.by;
import static postern.operations.OperationContext.that;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import tools.jackson.databind.JsonNode;

/** What a user does with messages. */
@NullMarked
final class ChangeOperations {

    private ChangeOperations() {}

    static final List<Operation> ALL =
            List.of(
                    always(
                            "updateMessage",
                            "change keywords",
                            at -> {
                                at.api()
                                        .patch(
                                                "/messages/" + at.letter("flagged"),
                                                "{'keywords': {'$flagged': true}}")
                                        .expect(200);
                                that(
                                        at.program()
                                                        .search("INBOX", "FLAGGED SUBJECT flagged")
                                                        .size()
                                                == 1,
                                        "no flag");
                            }),
                    by(
                            "move",
                            "MOVE",
                            "updateMessage",
                            "move a message",
                            at -> {
                                var id = at.letter("moved");
                                at.api()
                                        .patch("/messages/" + id, "{'mailboxId': 'archive'}")
                                        .expect(200);
                                at.mustBeGone(id);
                                at.id("archive", "moved");
                            }),
                    always(
                            "copyMessage",
                            "copy a message",
                            at -> {
                                at.api()
                                        .post(
                                                "/messages/" + at.letter("copied") + "/copy",
                                                "{'mailboxId': 'archive'}")
                                        .expect(201);
                                at.id("archive", "copied");
                                at.id("inbox", "copied");
                            }),
                    by(
                            "move",
                            "MOVE",
                            "deleteMessage",
                            "put a message into the trash",
                            at -> {
                                var id = at.letter("trashed");
                                at.api().delete("/messages/" + id).expect(204);
                                at.mustBeGone(id);
                                at.id("trash", "trashed");
                            }),
                    by(
                            "uidPlus",
                            "deleteMessage",
                            "delete one message for good, and no other",
                            at -> {
                                var id = at.letter("gone");
                                at.letter("bystander");
                                at.program().mark("INBOX", "bystander");
                                at.api().delete("/messages/" + id + "?permanent=true").expect(204);
                                at.mustBeGone(id);
                                that(at.program().marked("INBOX", "bystander") == 1, "not alone");
                            }),
                    by(
                            "move",
                            "MOVE",
                            "batchMessages",
                            "move many messages",
                            at -> {
                                var done =
                                        batch(
                                                at,
                                                "{'ids': %s, 'moveTo': 'archive'}"
                                                        .formatted(twoLetters(at, "many")));
                                that(done.path("succeeded").asInt() == 2, done);
                                at.id("archive", "many 1");
                                at.id("archive", "many 2");
                            }),
                    always(
                            "batchMessages",
                            "change all messages that match a filter",
                            at -> {
                                var one = at.letter("sifted 1");
                                var two = at.letter("sifted 2");
                                var done =
                                        batch(
                                                at,
                                                "{'filter': {'subject': 'sifted'}, 'mailboxId': 'inbox', 'keywords': {'$flagged': true}}");
                                that(done.path("matched").asInt() == 2, done);
                                that(done.path("succeeded").asInt() == 2, done);
                                for (var id : List.of(one, two)) {
                                    that(
                                            at.message(id)
                                                    .path("keywords")
                                                    .path("$flagged")
                                                    .asBoolean(),
                                            done);
                                }
                            }),
                    always(
                            "batchMessages",
                            "tell what would become of many messages",
                            at -> {
                                var ids = twoLetters(at, "tried");
                                var done =
                                        batch(
                                                at,
                                                "{'ids': %s, 'delete': 'permanent', 'dryRun': true}"
                                                        .formatted(ids));
                                that(done.path("succeeded").asInt() == 2, done);
                                at.id("inbox", "tried 1");
                                at.id("inbox", "tried 2");
                            }),
                    always(
                            "batchMessages",
                            "copy many messages",
                            at -> {
                                var ids = twoLetters(at, "doubled");
                                var done =
                                        batch(
                                                at,
                                                "{'ids': %s, 'copyTo': 'archive'}".formatted(ids));
                                that(done.path("succeeded").asInt() == 2, done);
                                for (var mailbox : List.of("inbox", "archive")) {
                                    at.id(mailbox, "doubled 1");
                                    at.id(mailbox, "doubled 2");
                                }
                            }),
                    by(
                            "uidPlus",
                            "batchMessages",
                            "delete many messages for good, and no other",
                            at -> {
                                at.letter("onlooker");
                                at.program().mark("INBOX", "onlooker");
                                var one = at.letter("cleared 1");
                                var two = at.letter("cleared 2");
                                var done =
                                        batch(
                                                at,
                                                "{'ids': ['%s', '%s'], 'delete': 'permanent'}"
                                                        .formatted(one, two));
                                that(done.path("succeeded").asInt() == 2, done);
                                at.mustBeGone(one);
                                at.mustBeGone(two);
                                that(at.program().marked("INBOX", "onlooker") == 1, "not alone");
                            }));

    /** The ids as JSON. */
    private static String twoLetters(OperationContext at, String subject) throws IOException {
        return "['%s', '%s']".formatted(at.letter(subject + " 1"), at.letter(subject + " 2"));
    }

    private static JsonNode batch(OperationContext at, String request) throws IOException {
        return at.api().post("/messages/batch", request).expect(200).json();
    }
}
