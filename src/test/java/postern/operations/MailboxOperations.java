package postern.operations;

import static postern.operations.Operation.always;
import static postern.operations.Operation.by;
import static postern.operations.OperationContext.that;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;

/** What a user does with mailboxes. */
@NullMarked
final class MailboxOperations {

    private MailboxOperations() {}

    static final List<Operation> ALL =
            List.of(
                    by(
                            "listStatus",
                            "listMailboxes",
                            "list mailboxes with their counts in one step",
                            at -> {
                                var id = at.mailbox("Counted");
                                at.program()
                                        .append(
                                                at.wireName(id),
                                                OperationContext.letterOf("counted"));
                                var listed = at.api().get("/mailboxes").expect(200).json();
                                for (var mailbox : listed.path("items")) {
                                    that(mailbox.has("unreadMessages"), mailbox);
                                    if (mailbox.path("id").asString().equals(id)) {
                                        that(mailbox.path("totalMessages").asInt() == 1, mailbox);
                                    }
                                }
                                that(listed.toString().contains(id), listed);
                            }),
                    by(
                            "specialUse",
                            "listMailboxes",
                            "tell the roles of mailboxes",
                            at -> {
                                var roles = new TreeSet<String>();
                                for (var mailbox :
                                        at.api()
                                                .get("/mailboxes")
                                                .expect(200)
                                                .json()
                                                .path("items")) {
                                    roles.add(mailbox.path("role").asString(""));
                                }
                                that(
                                        roles.containsAll(
                                                Set.of("inbox", "drafts", "sent", "trash")),
                                        roles);
                            }),
                    by(
                            "statusSize",
                            "getMailbox",
                            "tell how large a mailbox is",
                            at -> {
                                var mailbox = at.api().get("/mailboxes/inbox").expect(200).json();
                                that(mailbox.has("size") == at.has("statusSize"), mailbox);
                            }),
                    always(
                            "createMailbox",
                            "create a mailbox",
                            at -> that(at.program().has(at.wireName(at.mailbox("Made"))), "none")),
                    by(
                            "createSpecialUse",
                            "createMailbox",
                            "create a mailbox with a role",
                            at -> {
                                var role = freeRole(at);
                                var made =
                                        at.api()
                                                .post(
                                                        "/mailboxes",
                                                        "{'role': '%s', 'name': '%s'}"
                                                                .formatted(role, capitalized(role)))
                                                .expect(201)
                                                .json();
                                var found = at.api().get("/mailboxes/" + role).expect(200).json();
                                that(found.path("role").asString().equals(role), found);
                                that(found.path("id").equals(made.path("id")), found);
                            }),
                    always(
                            "updateMailbox",
                            "rename a mailbox",
                            at -> {
                                var id = at.mailbox("Before");
                                var before = at.wireName(id);
                                var after =
                                        at.api()
                                                .patch("/mailboxes/" + id, "{'name': 'After'}")
                                                .expect(200)
                                                .json();
                                that(after.path("name").asString().equals("After"), after);
                                that(!at.program().has(before), before);
                                that(
                                        at.program().has(at.wireName(after.path("id").asString())),
                                        after);
                            }),
                    always(
                            "updateMailbox",
                            "move a mailbox under another",
                            at -> {
                                var above = at.mailbox("Above");
                                var below = at.mailbox("Below");
                                var moved =
                                        at.api()
                                                .patch(
                                                        "/mailboxes/" + below,
                                                        "{'parentId': '%s'}".formatted(above))
                                                .expect(200)
                                                .json();
                                that(moved.path("parentId").asString().equals(above), moved);
                                var path =
                                        at.wireName(moved.path("id").asString()).replace("\"", "");
                                var parent = at.wireName(above).replace("\"", "");
                                that(path.matches(Pattern.quote(parent) + ".Below"), path);
                            }),
                    always(
                            "updateMailbox",
                            "subscribe to a mailbox, and no longer",
                            at -> {
                                var id = at.mailbox("Subscribed");
                                var name = at.wireName(id);
                                for (boolean wanted : List.of(false, true)) {
                                    at.api()
                                            .patch(
                                                    "/mailboxes/" + id,
                                                    "{'subscribed': %s}".formatted(wanted))
                                            .expect(200);
                                    var subscribed =
                                            at.program().command("LSUB \"\" " + name).stream()
                                                    .anyMatch(line -> line.startsWith("* LSUB"));
                                    that(subscribed == wanted, wanted);
                                }
                            }),
                    always(
                            "deleteMailbox",
                            "delete a mailbox",
                            at -> {
                                var id = at.mailbox("Short-lived");
                                var name = at.wireName(id);
                                at.api().delete("/mailboxes/" + id).expect(204);
                                that(!at.program().has(name), name);
                            }),
                    by(
                            "uidPlus",
                            "emptyMailbox",
                            "empty a mailbox",
                            at -> {
                                var id = at.mailbox("Full");
                                at.api()
                                        .post(
                                                "/messages/" + at.letter("full") + "/copy",
                                                "{'mailboxId': '%s'}".formatted(id))
                                        .expect(201);
                                that(at.list(id).size() == 1, at.list(id));
                                at.api()
                                        .delete("/mailboxes/" + id + "/messages?confirm=Full")
                                        .expect(200);
                                that(at.list(id).isEmpty(), at.list(id));
                            }),
                    by(
                            "acl",
                            "listRights",
                            "tell who may do what",
                            at -> {
                                var rights =
                                        at.api()
                                                .get("/mailboxes/inbox/rights")
                                                .expect(at.has("acl") ? 200 : 422);
                                if (at.has("acl")) {
                                    var known =
                                            String.join(" ", at.program().command("GETACL INBOX"));
                                    var told = rights.json().path("items");
                                    that(!told.isEmpty(), told);
                                    told.forEach(one ->
                                            that(
                                                    known.contains(
                                                            one.path("identifier").asString()),
                                                    known));
                                }
                            }),
                    by(
                            "acl",
                            "putRights",
                            "give rights",
                            at -> {
                                var id = at.mailbox("Shared");
                                at.api()
                                        .put(
                                                "/mailboxes/" + id + "/rights/" + at.friend(),
                                                "{'letters': 'lr'}")
                                        .expect(at.has("acl") ? 200 : 422);
                                that(mayLookIn(at, id) == at.has("acl"), at.friend());
                            }),
                    by(
                            "acl",
                            "deleteRights",
                            "take rights away",
                            at -> {
                                var id = at.mailbox("Private");
                                var theirs = "/mailboxes/" + id + "/rights/" + at.friend();
                                at.api()
                                        .put(theirs, "{'letters': 'lr'}")
                                        .expect(at.has("acl") ? 200 : 422);
                                that(mayLookIn(at, id) == at.has("acl"), at.friend());
                                at.api().delete(theirs).expect(at.has("acl") ? 204 : 422);
                                that(!mayLookIn(at, id), at.friend());
                            }));

    private static List<String> matches(String pattern, List<String> lines) {
        return lines.stream()
                .flatMap(line -> Pattern.compile(pattern).matcher(line).results())
                .map(found -> found.group(1))
                .toList();
    }

    /** A role that no mailbox has yet. */
    private static String freeRole(OperationContext at) throws IOException {
        if (at.features().path("createSpecialUse").asString().equals("native")) {
            return "important";
        }
        if (at.api().get("/mailboxes/junk").status() == 200) {
            at.api().delete("/mailboxes/junk").expect(204);
        }
        return "junk";
    }

    private static String capitalized(String word) {
        return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }

    /** Whether the friend has the rights that were granted. */
    private static boolean mayLookIn(OperationContext at, String mailboxId) throws IOException {
        var rights = at.api().get("/mailboxes/" + mailboxId + "/rights");
        if (rights.status() != 200) {
            return false;
        }
        for (var one : rights.json().path("items")) {
            if (one.path("identifier").asString().equals(at.friend())) {
                return one.path("rights").path("letters").asString().contains("lr");
            }
        }
        return false;
    }
}
