package postern.operations;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.account.SessionTokens;
import postern.testclient.HttpApi;
import postern.testclient.PlainImapClient;
import postern.testserver.TestServer;
import tools.jackson.databind.JsonNode;

/**
 * A user's mailbox on a server, filled by another mail program.
 *
 * @param friend another user
 */
@NullMarked
public record OperationContext(
        HttpApi api, PlainImapClient program, String friend, JsonNode features) {

    private static final String LETTER =
            """
            From: Ada <ada@example.org>
            To: Bob <bob@example.org>
            Subject: %1$s
            Date: Mon, 02 Mar 2026 10:00:00 +0000
            Message-ID: <%1$s@example.org>
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary=m

            --m
            Content-Type: text/html; charset=utf-8

            <p>About %1$s</p>
            --m
            Content-Type: application/pdf; name=plan.pdf
            Content-Disposition: attachment; filename=plan.pdf
            Content-Transfer-Encoding: base64

            JVBERi0xLjQK
            --m--
            """;

    /** Logs in to any server: a session contains its server. */
    static OperationContext at(
            int port, SessionTokens tokens, TestServer server, String user, PlainImapClient program)
            throws IOException {
        var imap = new ImapServer(server.host(), server.port(), Security.NONE);
        return at(port, tokens, imap, server, user, program);
    }

    /** Logs in through a proxy in front of the server. */
    static OperationContext at(
            int port,
            SessionTokens tokens,
            ImapServer imap,
            TestServer server,
            String user,
            PlainImapClient program)
            throws IOException {
        var session = tokens.start(new Account(imap, user, new Password(server.password())));
        var api = new HttpApi(port, tokens.seal(session));
        var features = api.get("/account").expect(200).json().path("features");
        var workplace = new OperationContext(api, program, server.newUser(), features);
        workplace.furnish();
        return workplace;
    }

    /** Creates a mailbox for each role that the actions need. */
    private void furnish() throws IOException {
        for (var role : List.of("drafts", "sent", "trash", "archive")) {
            if (api.get("/mailboxes/" + role).status() == 404) {
                api.post("/mailboxes", "{'role': '%s'}".formatted(role)).expect(201);
            }
        }
    }

    /** Puts a message with a file into INBOX; returns its id. */
    String letter(String subject) throws IOException {
        program.append("INBOX", LETTER.formatted(subject));
        return id("inbox", subject);
    }

    /** Puts a reply to another message into a mailbox; returns its id. */
    String answer(String mailboxId, String to, String subject) throws IOException {
        program.append(
                wireName(mailboxId),
                LETTER.formatted(subject)
                        .replaceFirst(
                                "\n",
                                "\nIn-Reply-To: <%1$s@example.org>\nReferences: <%1$s@example.org>\n"
                                        .formatted(to)));
        return id(mailboxId, subject);
    }

    static String letterOf(String subject) {
        return LETTER.formatted(subject);
    }

    public static String octets(String subject) {
        return letterOf(subject).replace("\n", "\r\n");
    }

    /** The id of the newest message with this subject. */
    String id(String mailboxId, String subject) throws IOException {
        for (var item : list(mailboxId)) {
            if (item.path("subject").asString().equals(subject)) {
                return item.path("id").asString();
            }
        }
        throw new AssertionError("no " + subject + " in " + list(mailboxId));
    }

    /** The wire name of a mailbox with an ASCII name. */
    String wireName(String mailboxId) throws IOException {
        var mailbox = api.get("/mailboxes/" + mailboxId).expect(200).json();
        return '"' + mailbox.path("path").asString() + '"';
    }

    JsonNode list(String mailboxId) throws IOException {
        return api.get("/mailboxes/" + mailboxId + "/messages").expect(200).json().path("items");
    }

    /** The state of a mailbox. */
    String state(String mailboxId) throws IOException {
        return api.get("/mailboxes/" + mailboxId + "/messages?withState=true")
                .expect(200)
                .json()
                .path("state")
                .asString();
    }

    /** Creates a mailbox; returns its id. */
    String mailbox(String name) throws IOException {
        return api.post("/mailboxes", "{'name': '%s'}".formatted(name))
                .expect(201)
                .json()
                .path("id")
                .asString();
    }

    boolean has(String feature) {
        return !features.path(feature).asString().equals("unavailable");
    }

    JsonNode message(String id) throws IOException {
        return api.get("/messages/" + id).expect(200).json();
    }

    void mustBeGone(String id) throws IOException {
        api.get("/messages/" + id).expect(404);
    }

    public static void that(boolean holds, Object what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
