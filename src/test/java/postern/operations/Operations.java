package postern.operations;

import static java.nio.charset.StandardCharsets.UTF_8;
import static postern.operations.Operation.always;
import static postern.operations.Operation.by;
import static postern.operations.Operation.where;
import static postern.operations.OperationContext.that;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.NullMarked;
import postern.testclient.HttpApi;
import tools.jackson.databind.JsonNode;

/** All actions of a mail user, in the order of the table. */
@NullMarked
final class Operations {

    private static final String PIXEL =
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+M8AAAMBAQDJ/pLvAAAAAElFTkSuQmCC";

    private static final String PICTURES =
            """
            From: Ada <ada@example.org>
            To: Bob <bob@example.org>
            Subject: pictures
            Date: Mon, 02 Mar 2026 10:00:00 +0000
            Message-ID: <pictures@example.org>
            MIME-Version: 1.0
            Content-Type: multipart/related; boundary=r

            --r
            Content-Type: text/html; charset=utf-8

            <p>About pictures <img src="cid:own@example.org"> <img src="https://elsewhere.example/spy.png"></p>
            --r
            Content-Type: image/png; name=own.png
            Content-ID: <own@example.org>
            Content-Disposition: inline; filename=own.png
            Content-Transfer-Encoding: base64

            %s
            --r--
            """
                    .formatted(PIXEL);

    private static final String FORM =
            """
            --f
            Content-Disposition: form-data; name="message"
            Content-Type: application/json

            {"from": [{"email": "bob@example.org"}], "subject": "sent along", "text": "Hello",
             "attachments": [{"part": "table"}]}
            --f
            Content-Disposition: form-data; name="table"; filename="table.csv"
            Content-Type: text/csv

            a,b
            --f--
            """;

    private Operations() {}

    static final List<Operation> ALL =
            List.of(
                    // the account
                    always(
                            "getAccount",
                            "tell what the server offers",
                            at -> at.api().get("/account").expect(200)),
                    by(
                            "quota",
                            "getAccount",
                            "tell the quota",
                            at -> {
                                var told = new ArrayList<String>();
                                for (var quota : account(at).path("quotas")) {
                                    if (quota.path("resource").asString().equals("storage")) {
                                        told.add(
                                                quota.path("used").asLong() / 1024
                                                        + " "
                                                        + quota.path("limit").asLong() / 1024);
                                    }
                                }
                                var known =
                                        matches(
                                                "STORAGE (\\d+ \\d+)",
                                                at.program().command("GETQUOTAROOT INBOX"));
                                that(told.equals(known), told + " and not " + known);
                            }),
                    by(
                            "namespaces",
                            "getAccount",
                            "tell namespaces apart",
                            at -> {
                                var told = new ArrayList<String>();
                                for (var kind : List.of("personal", "otherUsers", "shared")) {
                                    for (var one : account(at).path("namespaces").path(kind)) {
                                        told.add(
                                                "\"%s\" \"%s\""
                                                        .formatted(
                                                                one.path("prefix").asString(),
                                                                one.path("delimiter").asString()));
                                    }
                                }
                                boolean asked =
                                        at.features()
                                                .path("namespaces")
                                                .asString()
                                                .equals("native");
                                var known =
                                        asked
                                                ? matches(
                                                        "\\((\"[^\"]*\" \"[^\"]*\")",
                                                        at.program().command("NAMESPACE"))
                                                : matches(
                                                                "LIST \\(.*\\) (\".\")",
                                                                at.program()
                                                                        .command("LIST \"\" \"\""))
                                                        .stream()
                                                        .map(delimiter -> "\"\" " + delimiter)
                                                        .toList();
                                that(told.equals(known), told + " and not " + known);
                            }),

                    // mailboxes
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
                            }),

                    // reading
                    always(
                            "listMessages",
                            "list messages",
                            at -> {
                                var id = at.letter("listed");
                                that(
                                        at.list("inbox").get(0).path("id").asString().equals(id),
                                        at.list("inbox"));
                            }),
                    where(
                            trace ->
                                    trace.feature("preview") == Operation.Doer.NATIVE
                                            && trace.at().program().tellsPreview("INBOX"),
                            "listMessages",
                            "show previews",
                            at -> {
                                at.letter("previewed");
                                var items =
                                        at.api()
                                                .get("/mailboxes/inbox/messages?fields=preview")
                                                .expect(200)
                                                .json()
                                                .path("items");
                                var preview = items.get(0).path("preview").asString("");
                                that(preview.contains("About previewed"), items);
                            }),
                    by(
                            "changes",
                            "listChanges",
                            "ask what changed",
                            at -> {
                                var gone = at.letter("gone");
                                var state = at.state("inbox");
                                var added = at.letter("added");
                                at.api()
                                        .delete("/messages/" + gone + "?permanent=true")
                                        .expect(204);
                                var changes =
                                        at.api()
                                                .get("/mailboxes/inbox/changes?since=" + state)
                                                .expect(200)
                                                .json();
                                that(
                                        changes.path("added")
                                                .get(0)
                                                .path("id")
                                                .asString()
                                                .equals(added),
                                        changes);
                                that(
                                        changes.path("removed").get(0).asString().equals(gone),
                                        changes);
                            }),
                    by(
                            "changes",
                            "streamEvents",
                            "be told at once what changed",
                            at -> {
                                var state = at.state("inbox");
                                var added = at.letter("told");
                                try (var events =
                                        at.api().events("/events?mailboxId=inbox&since=" + state)) {
                                    var event = Objects.requireNonNull(events.next());
                                    that(
                                            event.data().at("/added/0/id").asString().equals(added),
                                            event.data());
                                }
                            }),
                    by(
                            "changes",
                            "createEventsLink",
                            "make a link to events",
                            at -> eventsLink(at)),
                    by(
                            "changes",
                            "openEventsLink",
                            "be told by a link",
                            at -> {
                                var url = eventsLink(at);
                                var added = at.letter("told by a link");
                                try (var events = at.api().events(url.substring("/v1".length()))) {
                                    var event = Objects.requireNonNull(events.next());
                                    that(
                                            event.data().at("/added/0/id").asString().equals(added),
                                            event.data());
                                }
                            }),
                    by(
                            "changes",
                            "queryChanges",
                            "ask what changed, by a long state",
                            at -> {
                                var state = at.state("inbox");
                                var changes =
                                        at.api()
                                                .post(
                                                        "/mailboxes/inbox/changes",
                                                        "{'since': '" + state + "'}")
                                                .expect(200)
                                                .json();
                                that(changes.path("added").isEmpty(), changes);
                                that(changes.path("state").asString().equals(state), changes);
                            }),
                    by(
                            "sort",
                            "SORT",
                            "listMessages",
                            "sort a mailbox",
                            at -> {
                                var items =
                                        at.api()
                                                .get("/mailboxes/inbox/messages?sort=subject")
                                                .expect(200)
                                                .json()
                                                .path("items");
                                that(
                                        items.get(0)
                                                        .path("subject")
                                                        .asString()
                                                        .compareToIgnoreCase(
                                                                items.get(1)
                                                                        .path("subject")
                                                                        .asString())
                                                <= 0,
                                        items);
                            }),
                    always(
                            "getMessage",
                            "read a message",
                            at -> {
                                var message =
                                        at.api()
                                                .get(
                                                        "/messages/"
                                                                + at.letter("read")
                                                                + "?include=text,html,headers")
                                                .expect(200)
                                                .json();
                                that(
                                        message.path("text")
                                                .path("content")
                                                .asString()
                                                .contains("About read"),
                                        message);
                            }),
                    always(
                            "getMessageHtml",
                            "read a message as a page, with its own picture and none from elsewhere",
                            at -> {
                                at.program().append("INBOX", PICTURES);
                                var id = at.id("inbox", "pictures");
                                var page =
                                        at.api()
                                                .get("/messages/" + id + "/html")
                                                .expect(200)
                                                .text();
                                that(page.contains("About pictures"), page);
                                that(!page.contains("src=\"http"), page);
                                that(!page.contains("cid:"), page);
                                var own = matches("src=\"(parts/[^\"]+)\"", List.of(page));
                                that(own.size() == 1, page);
                                var picture =
                                        at.api()
                                                .get("/messages/" + id + "/" + own.getFirst())
                                                .expect(200);
                                that(
                                        Arrays.equals(
                                                picture.body(), Base64.getDecoder().decode(PIXEL)),
                                        "another picture");
                            }),
                    always(
                            "searchMessages",
                            "search a mailbox",
                            at -> {
                                var id = at.letter("needle");
                                var found =
                                        at.api()
                                                .post(
                                                        "/search",
                                                        "{'mailboxIds': ['inbox'], 'filter': {'subject': 'needle'}}")
                                                .expect(200)
                                                .json()
                                                .path("items");
                                that(
                                        found.size() == 1
                                                && found.get(0).path("id").asString().equals(id),
                                        found);
                            }),
                    always(
                            "searchMessages",
                            "search all mailboxes",
                            at -> {
                                var id = at.letter("haystack");
                                at.api()
                                        .post(
                                                "/messages/" + id + "/copy",
                                                "{'mailboxId': 'archive'}")
                                        .expect(201);
                                var found =
                                        at.api()
                                                .post(
                                                        "/search",
                                                        "{'filter': {'subject': 'haystack'}}")
                                                .expect(200)
                                                .json()
                                                .path("items");
                                that(found.size() == 2, found);
                            }),
                    where(
                            // A second one may be needed for new mail; searching in parts takes
                            // five.
                            trace -> trace.times("SEARCH") + trace.times("SORT") <= 2,
                            "searchMessages",
                            "search by conditions within conditions",
                            at -> {
                                at.letter("oak leaf");
                                at.letter("oak root");
                                at.letter("elm leaf");
                                at.letter("elm root");
                                var found =
                                        at.api()
                                                .post(
                                                        "/search",
                                                        """
                                                        {'mailboxIds': ['inbox'], 'filter': {'or': [
                                                          {'subject': 'oak', 'not': {'subject': 'root'}},
                                                          {'subject': 'root', 'not': {'or': [{'subject': 'oak'}, {'subject': 'ash'}]}}]}}
                                                        """)
                                                .expect(200)
                                                .json()
                                                .path("items");
                                var subjects = new TreeSet<String>();
                                found.forEach(it -> subjects.add(it.path("subject").asString()));
                                that(subjects.equals(Set.of("oak leaf", "elm root")), subjects);
                            }),
                    by(
                            "sort",
                            "SORT",
                            "searchMessages",
                            "sort what is found",
                            at -> {
                                var found =
                                        at.api()
                                                .post(
                                                        "/search",
                                                        "{'mailboxIds': ['inbox'], 'filter': {'subject': 'e'}, 'sort': 'subject'}")
                                                .expect(200)
                                                .json()
                                                .path("items");
                                that(
                                        found.size() > 1
                                                && found.get(0)
                                                                .path("subject")
                                                                .asString()
                                                                .compareToIgnoreCase(
                                                                        found.get(1)
                                                                                .path("subject")
                                                                                .asString())
                                                        <= 0,
                                        found);
                            }),
                    by(
                            "threadIds",
                            "threads",
                            "THREAD",
                            "listThreads",
                            "list conversations",
                            at -> {
                                at.letter("talk");
                                at.answer("inbox", "talk", "Re: talk");
                                var threads = threads(at);
                                that(threads.get(0).path("totalMessages").asInt() == 2, threads);
                            }),
                    by(
                            "threads",
                            "getThread",
                            "read a conversation",
                            at -> {
                                var thread = threads(at).get(0);
                                var read =
                                        at.api()
                                                .get("/threads/" + thread.path("id").asString())
                                                .expect(200)
                                                .json();
                                that(read.path("messages").size() == 2, read);
                            }),
                    where(
                            trace -> trace.feature("threadIds") == Operation.Doer.NATIVE,
                            "getThread",
                            "read a conversation that goes on in other mailboxes",
                            at -> {
                                at.letter("chat");
                                at.answer("sent", "chat", "Re: chat");
                                var thread = threads(at).get(0);
                                var read =
                                        at.api()
                                                .get(
                                                        "/threads/"
                                                                + thread.path("id").asString()
                                                                + "?scope=account")
                                                .expect(200)
                                                .json();
                                that(read.path("messages").size() == 2, read);
                            }),

                    // changing
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
                            }),

                    // writing
                    always(
                            "createMessage",
                            "store a message",
                            at -> {
                                at.api()
                                        .post(
                                                "/mailboxes/archive/messages",
                                                "message/rfc822",
                                                OperationContext.octets("stored"))
                                        .expect(201);
                                at.id("archive", "stored");
                            }),
                    always(
                            "createMessage",
                            "compose a message",
                            at -> {
                                at.api()
                                        .post(
                                                "/mailboxes/drafts/messages",
                                                "{'from': [{'email': 'bob@example.org'}], 'subject': 'composed', 'text': 'Hello'}")
                                        .expect(201);
                                at.id("drafts", "composed");
                            }),
                    always(
                            "createMessage",
                            "compose a message with a file that is sent along",
                            at -> sentAlong(at, "/mailboxes/drafts/messages", FORM)),
                    always(
                            "createMessageWithFiles",
                            "compose a message with files that are called alike",
                            at ->
                                    sentAlong(
                                            at,
                                            "/mailboxes/drafts/messages/with-files",
                                            FORM.replace("\"table\"}", "\"table.csv\"}")
                                                    .replace("name=\"table\"", "name=\"files\"")
                                                    .replace("sent along", "alike"))),
                    by(
                            "replace",
                            "REPLACE",
                            "replaceDraft",
                            "replace a draft",
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
                                at.api()
                                        .put(
                                                "/messages/" + old + "/content",
                                                "{'from': [{'email': 'bob@example.org'}], 'subject': 'better', 'text': 'Hello'}")
                                        .expect(200);
                                at.mustBeGone(old);
                                at.id("drafts", "better");
                            }),
                    always(
                            "createReply",
                            "draft a reply",
                            at -> {
                                at.api()
                                        .post(
                                                "/messages/" + at.letter("asked") + "/reply",
                                                "{'from': {'email': 'bob@example.org'}, 'text': 'Yes'}")
                                        .expect(201);
                                at.id("drafts", "Re: asked");
                            }),
                    always(
                            "createForward",
                            "draft a message that passes one on",
                            at -> {
                                at.api()
                                        .post(
                                                "/messages/" + at.letter("news") + "/forward",
                                                "{'from': {'email': 'bob@example.org'}, 'to': [{'email': 'eve@example.org'}]}")
                                        .expect(201);
                                that(
                                        at.message(at.id("drafts", "Fwd: news"))
                                                        .path("attachments")
                                                        .size()
                                                == 1,
                                        "no file");
                            }),

                    // files
                    always(
                            "downloadMessage",
                            "download a message",
                            at ->
                                    that(
                                            at.api()
                                                    .get("/messages/" + at.letter("raw") + "/raw")
                                                    .expect(200)
                                                    .text()
                                                    .equals(OperationContext.octets("raw")),
                                            "another message")),
                    by(
                            "binary",
                            "downloadPart",
                            "take the encoding off a file",
                            at ->
                                    that(
                                            at.api()
                                                    .get(
                                                            "/messages/"
                                                                    + at.letter("part")
                                                                    + "/parts/2")
                                                    .expect(200)
                                                    .text()
                                                    .startsWith("%PDF"),
                                            "no file")),
                    always(
                            "downloadAttachments",
                            "download all files of a message",
                            at -> {
                                var archive =
                                        at.api()
                                                .get(
                                                        "/messages/"
                                                                + at.letter("zip")
                                                                + "/attachments.zip")
                                                .expect(200);
                                that(onlyFile(archive).equals("%PDF-1.4\n"), "another file");
                            }),
                    always(
                            "createLinks",
                            "make links to files",
                            at -> {
                                var made =
                                        at.api()
                                                .post(
                                                        "/messages/"
                                                                + at.letter("links")
                                                                + "/links",
                                                        "{'items': [{'file': 'part', 'partId': '2'}, {'file': 'attachments'}]}")
                                                .expect(200)
                                                .json()
                                                .path("items");
                                that(made.get(0).has("url") && made.get(1).has("url"), made);
                            }),
                    always(
                            "openLink",
                            "open a link",
                            at -> {
                                var links =
                                        at.api()
                                                .post(
                                                        "/messages/" + at.letter("link") + "/links",
                                                        "{'items': [{'file': 'part', 'partId': '2'}]}")
                                                .expect(200)
                                                .json();
                                var url = links.path("items").get(0).path("url").asString();
                                that(
                                        at.api()
                                                .open(url.replaceFirst("^/v1", ""))
                                                .expect(200)
                                                .text()
                                                .startsWith("%PDF"),
                                        links);
                            }),
                    always(
                            "exportMailbox",
                            "export a mailbox",
                            at -> {
                                var id = at.mailbox("Exported");
                                at.program()
                                        .append(
                                                at.wireName(id),
                                                OperationContext.letterOf("exported"));
                                var mbox =
                                        at.api()
                                                .get("/mailboxes/" + id + "/export?format=mbox")
                                                .expect(200)
                                                .text();
                                that(mbox.startsWith("From "), mbox);
                                that(mbox.contains("About exported"), mbox);
                            }),
                    always(
                            "exportMailbox",
                            "export a mailbox as an archive of files",
                            at -> {
                                var id = at.mailbox("Packed");
                                at.program()
                                        .append(
                                                at.wireName(id),
                                                OperationContext.letterOf("packed"));
                                var archive =
                                        at.api()
                                                .get("/mailboxes/" + id + "/export?format=zip")
                                                .expect(200);
                                var octets = onlyFile(archive);
                                that(octets.equals(OperationContext.octets("packed")), octets);
                            }),
                    always(
                            "importMailbox",
                            "import a mailbox",
                            at -> {
                                var id = at.mailbox("Imported");
                                at.api()
                                        .post(
                                                "/mailboxes/" + id + "/import",
                                                "application/mbox",
                                                "From ada@example.org Mon Mar  2 10:00:00 2026\r\n"
                                                        + OperationContext.octets("imported"))
                                        .expect(200);
                                var octets =
                                        at.api()
                                                .get("/messages/" + at.id(id, "imported") + "/raw")
                                                .expect(200)
                                                .text();
                                that(octets.equals(OperationContext.octets("imported")), octets);
                            }));

    private static JsonNode account(OperationContext at) throws IOException {
        return at.api().get("/account").expect(200).json();
    }

    private static JsonNode threads(OperationContext at) throws IOException {
        return at.api().get("/mailboxes/inbox/threads").expect(200).json().path("items");
    }

    private static List<String> matches(String pattern, List<String> lines) {
        return lines.stream()
                .flatMap(line -> Pattern.compile(pattern).matcher(line).results())
                .map(found -> found.group(1))
                .toList();
    }

    /** The text of the only file in an archive. */
    private static String onlyFile(HttpApi.Answer archive) throws IOException {
        try (var zip = new ZipInputStream(new ByteArrayInputStream(archive.body()))) {
            that(zip.getNextEntry() != null, "no file");
            var octets = new String(zip.readAllBytes(), UTF_8);
            that(zip.getNextEntry() == null, "more than one file");
            return octets;
        }
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

    private static String eventsLink(OperationContext at) throws IOException {
        var request =
                "{'mailboxes': [{'mailboxId': 'inbox', 'since': '%s'}]}"
                        .formatted(at.state("inbox"));
        return at.api().post("/events/links", request).expect(200).json().get("url").asString();
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

    /** The ids as JSON. */
    private static String twoLetters(OperationContext at, String subject) throws IOException {
        return "['%s', '%s']".formatted(at.letter(subject + " 1"), at.letter(subject + " 2"));
    }

    private static JsonNode batch(OperationContext at, String request) throws IOException {
        return at.api().post("/messages/batch", request).expect(200).json();
    }

    private static void sentAlong(OperationContext at, String path, String form)
            throws IOException {
        at.api()
                .post(path, "multipart/form-data; boundary=f", form.replace("\n", "\r\n"))
                .expect(201);
        var id = at.id("drafts", form.contains("alike") ? "alike" : "sent along");
        var file = at.message(id).path("attachments").get(0).path("partId").asString();
        var octets = at.api().get("/messages/" + id + "/parts/" + file).expect(200).text();
        that(octets.equals("a,b"), octets);
    }
}
