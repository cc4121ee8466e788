package postern.operations;

import static postern.operations.Operation.always;
import static postern.operations.Operation.by;
import static postern.operations.OperationContext.that;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.NullMarked;

/** Drafts and answers. */
@NullMarked
final class WritingOperations {

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

    private WritingOperations() {}

    static final List<Operation> ALL =
            List.of(
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
                    always(
                            "editAsNew",
                            "draft a message like another one",
                            at -> {
                                at.api()
                                        .post(
                                                "/messages/" + at.letter("news") + "/edit-as-new",
                                                "{}")
                                        .expect(201);
                                that(
                                        at.message(at.id("drafts", "news"))
                                                        .path("attachments")
                                                        .size()
                                                == 1,
                                        "no file");
                            }),
                    always(
                            "markSent",
                            "mark a draft as sent",
                            at -> {
                                var draft =
                                        at.api()
                                                .post(
                                                        "/mailboxes/drafts/messages",
                                                        "{'from': [{'email': 'bob@example.org'}], 'subject': 'gone', 'text': 'x'}")
                                                .expect(201)
                                                .json()
                                                .path("id")
                                                .asString();
                                at.api()
                                        .post("/messages/" + draft + "/mark-sent", "{}")
                                        .expect(200);
                                at.mustBeGone(draft);
                                at.id("sent", "gone");
                            }));

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
