package postern;

import static postern.Deed.always;
import static postern.Deed.by;
import static postern.Workplace.that;

import java.util.List;
import org.jspecify.annotations.NullMarked;

/** Everything that a mail user does, operation by operation, in the order of the table. */
@NullMarked
final class Deeds {

    private Deeds() {}

    static final List<Deed> ALL =
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
                            at -> at.api().get("/account").expect(200)),
                    by(
                            "namespaces",
                            "getAccount",
                            "tell namespaces apart",
                            at -> at.api().get("/account").expect(200)),

                    // mailboxes
                    by(
                            "listStatus",
                            "listMailboxes",
                            "list mailboxes with their counts in one step",
                            at ->
                                    that(
                                            at.api()
                                                    .get("/mailboxes")
                                                    .expect(200)
                                                    .json()
                                                    .path("items")
                                                    .get(0)
                                                    .has("totalMessages"),
                                            "no counts")),
                    by(
                            "specialUse",
                            "listMailboxes",
                            "tell the roles of mailboxes",
                            at -> at.api().get("/mailboxes/trash").expect(200)),
                    by(
                            "statusSize",
                            "getMailbox",
                            "tell how large a mailbox is",
                            at -> {
                                var mailbox = at.api().get("/mailboxes/inbox").expect(200).json();
                                that(mailbox.has("size") == at.has("statusSize"), mailbox);
                            }),
                    always("createMailbox", "create a mailbox", at -> at.mailbox("Made")),
                    by(
                            "createSpecialUse",
                            "createMailbox",
                            "create a mailbox with a role",
                            at -> {
                                var made =
                                        at.api()
                                                .post(
                                                        "/mailboxes",
                                                        "{'role': 'junk', 'name': 'Junk'}");
                                that(made.status() == 201 || made.status() == 409, made.text());
                            }),
                    always(
                            "updateMailbox",
                            "rename a mailbox",
                            at -> {
                                var id = at.mailbox("Before");
                                var after =
                                        at.api()
                                                .patch("/mailboxes/" + id, "{'name': 'After'}")
                                                .expect(200)
                                                .json();
                                that(after.path("name").asString().equals("After"), after);
                            }),
                    always(
                            "deleteMailbox",
                            "delete a mailbox",
                            at ->
                                    at.api()
                                            .delete("/mailboxes/" + at.mailbox("Short-lived"))
                                            .expect(204)),
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
                                at.api()
                                        .delete("/mailboxes/" + id + "/messages?confirm=Full")
                                        .expect(200);
                                that(at.list(id).isEmpty(), at.list(id));
                            }),
                    by(
                            "acl",
                            "listRights",
                            "tell who may do what",
                            at ->
                                    at.api()
                                            .get("/mailboxes/inbox/rights")
                                            .expect(at.has("acl") ? 200 : 422)),
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
                            }),
                    by(
                            "acl",
                            "deleteRights",
                            "take rights away",
                            at -> {
                                var id = at.mailbox("Private");
                                at.api()
                                        .delete("/mailboxes/" + id + "/rights/" + at.friend())
                                        .expect(at.has("acl") ? 204 : 422);
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
                    by(
                            "preview",
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
                                var preview = items.get(0).path("preview");
                                // Cyrus offers them, and has them only where JMAP made them.
                                boolean toldNone =
                                        preview.isMissingNode()
                                                && at.features()
                                                        .path("preview")
                                                        .asString()
                                                        .equals("native");
                                that(
                                        toldNone || preview.asString().contains("About previewed"),
                                        items);
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
                            "read a message as a page",
                            at ->
                                    that(
                                            at.api()
                                                    .get("/messages/" + at.letter("page") + "/html")
                                                    .expect(200)
                                                    .text()
                                                    .contains("About page"),
                                            "no page")),
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
                                var threads =
                                        at.api()
                                                .get("/mailboxes/inbox/threads")
                                                .expect(200)
                                                .json()
                                                .path("items");
                                that(threads.get(0).path("totalMessages").asInt() == 2, threads);
                            }),
                    by(
                            "threads",
                            "getThread",
                            "read a conversation",
                            at -> {
                                var thread =
                                        at.api()
                                                .get("/mailboxes/inbox/threads")
                                                .expect(200)
                                                .json()
                                                .path("items")
                                                .get(0);
                                at.api()
                                        .get("/threads/" + thread.path("id").asString())
                                        .expect(200);
                            }),

                    // changing
                    always(
                            "updateMessage",
                            "change keywords",
                            at -> {
                                var state =
                                        at.api()
                                                .patch(
                                                        "/messages/" + at.letter("flagged"),
                                                        "{'keywords': {'$flagged': true}}")
                                                .expect(200)
                                                .json();
                                that(state.path("keywords").path("$flagged").asBoolean(), state);
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
                                at.api().delete("/messages/" + id + "?permanent=true").expect(204);
                                at.mustBeGone(id);
                            }),
                    by(
                            "move",
                            "MOVE",
                            "batchMessages",
                            "move many messages",
                            at -> {
                                var ids =
                                        "'%s', '%s'"
                                                .formatted(
                                                        at.letter("many 1"), at.letter("many 2"));
                                var done =
                                        at.api()
                                                .post(
                                                        "/messages/batch",
                                                        "{'ids': [%s], 'moveTo': 'archive'}"
                                                                .formatted(ids))
                                                .expect(200)
                                                .json();
                                that(done.path("results").size() == 2, done);
                                at.id("archive", "many 1");
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
                                                Workplace.octets("stored"))
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
                                                    .contains("Subject: raw"),
                                            "no message")),
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
                            at ->
                                    that(
                                            at.api()
                                                    .get(
                                                            "/messages/"
                                                                    + at.letter("zip")
                                                                    + "/attachments.zip")
                                                    .expect(200)
                                                    .text()
                                                    .startsWith("PK"),
                                            "no archive")),
                    always(
                            "createLinks",
                            "make links to files",
                            at ->
                                    at.api()
                                            .post(
                                                    "/messages/" + at.letter("links") + "/links",
                                                    "{'items': [{'file': 'part', 'partId': '2'}]}")
                                            .expect(200)),
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
                                                .get(url.replaceFirst("^/v1", ""))
                                                .expect(200)
                                                .text()
                                                .startsWith("%PDF"),
                                        links);
                            }),
                    always(
                            "exportMailbox",
                            "export a mailbox",
                            at ->
                                    that(
                                            at.api()
                                                    .get("/mailboxes/inbox/export?format=mbox")
                                                    .expect(200)
                                                    .text()
                                                    .startsWith("From "),
                                            "no mbox")),
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
                                                        + Workplace.octets("imported"))
                                        .expect(200);
                                at.id(id, "imported");
                            }));
}
