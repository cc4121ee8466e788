package postern.model;

import org.jspecify.annotations.NullMarked;

/**
 * One of each operation that asks a mail server, as {@link CutIT} sends it. What stands in braces
 * is of the scene: a letter, a mailbox, or a link of its own for each time it is sent.
 */
@NullMarked
enum CutRequest {
    ACCOUNT("GET", "/account"),
    LOGIN("POST", "/sessions", "{\"username\":\"{user}\",\"password\":\"{password}\"}"),
    MAILBOXES("GET", "/mailboxes"),
    MAILBOX("GET", "/mailboxes/archive"),
    RIGHTS("GET", "/mailboxes/archive/rights"),
    LIST("GET", "/mailboxes/inbox/messages?limit=3"),
    SORT("GET", "/mailboxes/inbox/messages?limit=3&sort=-subject"),
    THREADS("GET", "/mailboxes/inbox/threads?limit=3"),
    THREAD("GET", "/threads/{thread}"),
    SEARCH("POST", "/search", "{\"filter\":{\"subject\":\"{subject}\"}}"),
    READ("GET", "/messages/{id}?include=text,html,headers"),
    HTML("GET", "/messages/{id}/html"),
    RAW("GET", "/messages/{id}/raw"),
    PART("GET", "/messages/{id}/parts/2"),
    RANGE("GET", "/messages/{id}/parts/2"),
    ZIP("GET", "/messages/{id}/attachments.zip"),
    LINKS("POST", "/messages/{id}/links", "{\"items\":[{\"file\":\"part\",\"partId\":\"2\"}]}"),
    LINK("GET", "/links/{link}"),
    EXPORT("GET", "/mailboxes/inbox/export?format=mbox"),
    EXPORT_ZIP("GET", "/mailboxes/inbox/export?format=zip"),

    FLAG("PATCH", "/messages/{id}", "{\"keywords\":{\"red\":true}}"),
    MOVE("PATCH", "/messages/{id}", "{\"mailboxId\":\"archive\"}"),
    COPY("POST", "/messages/{id}/copy", "{\"mailboxId\":\"archive\"}"),
    DELETE("DELETE", "/messages/{id}"),
    DELETE_FOR_GOOD("DELETE", "/messages/{id}?permanent=true"),
    BATCH("POST", "/messages/batch", "{\"ids\":[\"{id}\"],\"moveTo\":\"archive\"}"),
    BATCH_COPY("POST", "/messages/batch", "{\"ids\":[\"{id}\"],\"copyTo\":\"archive\"}"),
    BATCH_DELETE("POST", "/messages/batch", "{\"ids\":[\"{id}\"],\"delete\":\"permanent\"}"),
    CREATE("POST", "/mailboxes/archive/messages", Bodies.MESSAGE),
    CREATE_RAW("POST", "/mailboxes/archive/messages", Bodies.OCTETS),
    CREATE_OF_FORM("POST", "/mailboxes/archive/messages", Bodies.FORM),
    REPLACE("PUT", "/messages/{id}/content", Bodies.MESSAGE),
    REPLACE_RAW("PUT", "/messages/{id}/content", Bodies.OCTETS),
    REPLY("POST", "/messages/{id}/reply", "{\"text\":\"y\"}"),
    FORWARD("POST", "/messages/{id}/forward", "{\"text\":\"y\"}"),
    EDIT_AS_NEW("POST", "/messages/{id}/edit-as-new", "{}"),
    IMPORT("POST", "/mailboxes/archive/import", Bodies.MBOX),
    CREATE_MAILBOX("POST", "/mailboxes", "{\"name\":\"{subject}\"}"),
    RENAME_MAILBOX("PATCH", "/mailboxes/{mailbox}", "{\"name\":\"new-{subject}\"}"),
    UNSUBSCRIBE("PATCH", "/mailboxes/{mailbox}", "{\"subscribed\":false}"),
    EMPTY_MAILBOX("DELETE", "/mailboxes/{mailbox}/messages?confirm={subject}"),
    DELETE_MAILBOX("DELETE", "/mailboxes/{mailbox}"),
    GRANT("PUT", "/mailboxes/archive/rights/bob", "{\"letters\":\"lr\"}"),
    REVOKE("DELETE", "/mailboxes/archive/rights/bob");

    /** Apart from the constants, which cannot read the enum's own fields. */
    private static final class Bodies {

        static final String MESSAGE =
                "{\"subject\":\"x\",\"text\":\"y\",\"internetMessageId\":\"new-{subject}@example.org\","
                        + "\"from\":[{\"email\":\"a@b.c\"}]}";
        static final String OCTETS =
                "From: a@b.c\r\nMessage-ID: <new-{subject}@example.org>\r\nSubject: x\r\n\r\ny\r\n";
        static final String FORM =
                "--b\r\nContent-Disposition: form-data; name=message\r\n"
                        + "Content-Type: application/json\r\n\r\n"
                        + "{\"subject\":\"x\",\"internetMessageId\":\"new-{subject}@example.org\","
                        + "\"from\":[{\"email\":\"a@b.c\"}],\"attachments\":[{\"part\":\"file\"}]}\r\n"
                        + "--b\r\nContent-Disposition: form-data; name=file; filename=a.txt\r\n"
                        + "Content-Type: text/plain\r\n\r\nhello\r\n--b--\r\n";
        static final String MBOX =
                "From a@b.c Mon Mar  2 10:00:00 2026\n"
                        + "Message-ID: <new-{subject}@example.org>\nSubject: x\n\ny\n\n"
                        + "From a@b.c Mon Mar  2 11:00:00 2026\n"
                        + "Message-ID: <also-{subject}@example.org>\nSubject: z\n\nz\n\n";
    }

    final String method;
    final String path;
    final String body;

    CutRequest(String method, String path) {
        this(method, path, "");
    }

    CutRequest(String method, String path, String body) {
        this.method = method;
        this.path = path;
        this.body = body;
    }

    String type() {
        return switch (this) {
            case CREATE_RAW, REPLACE_RAW -> "message/rfc822";
            case CREATE_OF_FORM -> "multipart/form-data; boundary=b";
            case IMPORT -> "application/mbox";
            default -> "application/json";
        };
    }

    boolean keyed() {
        return switch (this) {
            case COPY,
                    BATCH,
                    BATCH_COPY,
                    BATCH_DELETE,
                    CREATE,
                    CREATE_RAW,
                    CREATE_OF_FORM,
                    REPLACE,
                    REPLACE_RAW,
                    REPLY,
                    FORWARD,
                    EDIT_AS_NEW,
                    IMPORT,
                    CREATE_MAILBOX ->
                    true;
            default -> false;
        };
    }

    boolean batch() {
        return this == BATCH || this == BATCH_COPY || this == BATCH_DELETE;
    }

    /** The same key finds out what was done, whatever the fault was. */
    boolean foundOut() {
        return batch() || this == COPY || this == CREATE || this == CREATE_RAW;
    }

    boolean reads() {
        return ordinal() <= EXPORT_ZIP.ordinal();
    }

    boolean ofDraft() {
        return this == REPLACE || this == REPLACE_RAW;
    }

    boolean needs(String what) {
        return (path + body).contains("{" + what + "}");
    }
}
