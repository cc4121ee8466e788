package postern.operations;

import static java.nio.charset.StandardCharsets.UTF_8;
import static postern.operations.Operation.always;
import static postern.operations.Operation.by;
import static postern.operations.OperationContext.that;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.NullMarked;
import postern.testclient.HttpApi;

/** Files, archives, mboxes. */
@NullMarked
final class FileOperations {

    private FileOperations() {}

    static final List<Operation> ALL =
            List.of(
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

    /** The text of the only file in an archive. */
    private static String onlyFile(HttpApi.Answer archive) throws IOException {
        try (var zip = new ZipInputStream(new ByteArrayInputStream(archive.body()))) {
            that(zip.getNextEntry() != null, "no file");
            var octets = new String(zip.readAllBytes(), UTF_8);
            that(zip.getNextEntry() == null, "more than one file");
            return octets;
        }
    }
}
