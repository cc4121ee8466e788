package postern.model;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.account.SessionTokens;
import postern.imap.MailboxName;
import postern.operations.OperationContext;
import postern.testclient.HttpApi;
import postern.testclient.SecondImapClient;
import postern.testserver.FaultyProxy;
import postern.testserver.RealServer;
import postern.web.id.MailboxId;

/**
 * One user's mail before and after one kind of request: it furnishes, sends, and judges the answer
 * by what another mail program sees. A verdict is what is wrong, or null.
 */
@NullMarked
final class CutScene implements AutoCloseable {

    private static final String BOB = "bob";

    /** So that mailboxes stay small, however often the request is sent. */
    private static final int SENT_BEFORE_CLEARING = 25;

    private static final int MESSAGES_TO_EMPTY = 3;
    private static final int LOOKS = 100;

    private final CutRequest kind;
    private final RealServer server;
    private final String user;
    private final SecondImapClient truth;
    private final HttpApi api;
    private int number = 10_000;
    private int drafts;
    private String subject = "";
    private Map<String, String> own = Map.of();

    /** What came back; null for an answer that was broken off. */
    record Outcome(HttpApi.@Nullable Answer answer) {}

    CutScene(CutRequest kind, int port, SessionTokens tokens, RealServer server, FaultyProxy proxy)
            throws IOException {
        this.kind = kind;
        this.server = server;
        user = server.newUser();
        truth = SecondImapClient.of(server, user);
        var imap = new ImapServer(proxy.host(), proxy.port(), Security.NONE);
        var account = new Account(imap, user, new Password(server.password()));
        api = new HttpApi(port, tokens.seal(tokens.start(account)));
        for (var role : List.of("drafts", "trash", "archive")) {
            if (api.get("/mailboxes/" + role).status() == 404) {
                api.post("/mailboxes", "{'role': '%s'}".formatted(role)).expect(201);
            }
        }
    }

    /** Has what the request is about, and a connection that has something else open. */
    void prepare() throws IOException {
        tidy();
        subject = "cut" + ++number;
        var home = kind.ofDraft() ? "Drafts" : "INBOX";
        var letters = "/mailboxes/" + (kind.ofDraft() ? "drafts" : "inbox");
        if (kind.needs("mailbox")) {
            truth.create(subject);
            for (int i = 0; i < MESSAGES_TO_EMPTY && kind == CutRequest.EMPTY_MAILBOX; i++) {
                truth.append(subject, Set.of(), letter(subject));
            }
        } else {
            truth.append(home, Set.of(), letter(subject));
        }
        switch (kind) {
            case GRANT -> truth.grant("Archive", BOB, "");
            case REVOKE -> truth.grant("Archive", BOB, "lr");
            case REPLY, FORWARD, EDIT_AS_NEW -> drafts = truth.look("Drafts").size();
            default -> {}
        }
        own = Map.of();
        var id = kind.needs("id") || kind.needs("link") ? newest(letters + "/messages") : "";
        own =
                Map.of(
                        "user",
                        user,
                        "password",
                        server.password(),
                        "subject",
                        subject,
                        "mailbox",
                        MailboxId.of(MailboxName.of(subject)).text(),
                        "id",
                        id,
                        "thread",
                        kind.needs("thread") ? newest(letters + "/threads") : "",
                        "link",
                        kind.needs("link") ? link(id) : "");
        // On a busy machine this may take more than one attempt.
        await().atMost(Duration.ofSeconds(60))
                .until(() -> api.get("/mailboxes/sent/messages?limit=1").status() == 200);
    }

    private void tidy() throws IOException {
        for (var mailbox : List.of(subject, "new-" + subject)) {
            if (!mailbox.isEmpty() && !mailbox.equals("new-") && truth.has(mailbox)) {
                truth.deleteIfThere(mailbox);
                truth.unsubscribe(mailbox);
            }
        }
        boolean all = kind.path.contains("/export");
        if (all || number % SENT_BEFORE_CLEARING == 0) {
            for (var mailbox : List.of("Archive", "Drafts", "Trash", "INBOX")) {
                truth.clear(mailbox);
            }
            // a page of three, with the next letter, and something behind it
            for (var old : List.of("cut00001", "cut00002", "cut00003")) {
                truth.append("INBOX", Set.of(), letter(old));
            }
        }
    }

    private static byte[] letter(String subject) {
        return OperationContext.octets(subject).getBytes(ISO_8859_1);
    }

    private String newest(String list) throws IOException {
        var row = api.get(list + "?limit=1").expect(200).json().path("items").path(0);
        OperationContext.that(row.path("subject").asString().equals(subject), row);
        return row.path("id").asString();
    }

    private String link(String id) throws IOException {
        var order = "{'items': [{'file': 'part', 'partId': '2'}]}";
        var links = api.post("/messages/" + id + "/links", order).expect(200).json();
        return links.at("/items/0/url").asString().replace("/v1/links/", "");
    }

    Outcome send() {
        var headers = new ArrayList<String>();
        if (kind.keyed()) {
            headers.addAll(List.of("Idempotency-Key", "key-" + subject));
        }
        if (kind == CutRequest.RANGE) {
            headers.addAll(List.of("Range", "bytes=2-6"));
        }
        var body = filled(kind.body);
        try {
            return new Outcome(
                    api.send(
                            kind.method,
                            filled(kind.path),
                            body.isEmpty() ? null : kind.type(),
                            body.isEmpty()
                                    ? BodyPublishers.noBody()
                                    : BodyPublishers.ofString(body),
                            headers.toArray(String[]::new)));
        } catch (IOException e) {
            return new Outcome(null);
        }
    }

    private String filled(String text) {
        var filled = text;
        for (var each : own.entrySet()) {
            filled = filled.replace("{" + each.getKey() + "}", each.getValue());
        }
        return filled;
    }

    /** What an answer tells, without what differs each time. */
    String told(Outcome outcome) throws IOException {
        var answer = outcome.answer;
        if (answer == null || answer.status() / 100 != 2) {
            return "nothing: " + (answer == null ? "broken off" : answer.text());
        }
        var what =
                switch (kind) {
                    case ZIP, EXPORT_ZIP -> files(answer.body());
                    case LOGIN -> answer.json().path("account").toString();
                    case LINKS -> answer.json().path("items").size() + " links";
                    default -> new String(answer.body(), ISO_8859_1);
                };
        return answer.status()
                + answer.headers().firstValue("Content-Range").orElse("")
                + "\n"
                + what;
    }

    private static String files(byte[] zip) throws IOException {
        var told = new StringBuilder();
        try (var in = new ZipInputStream(new ByteArrayInputStream(zip))) {
            for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                told.append(entry.getName()).append(new String(in.readAllBytes(), ISO_8859_1));
            }
        }
        return told.toString();
    }

    /** The same for all letters, so that an answer from a memory that a fault spoilt is noticed. */
    static String shape(String told) {
        return told.replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z", "TIME")
                .replaceAll("(Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} [ 0-9:]{16}", "TIME")
                .replaceAll("(?<=[:\\[]\")[A-Za-z0-9_-]{12,}", "ID")
                .replaceAll("\\d+", "0");
    }

    boolean reads() {
        return kind.reads();
    }

    @Nullable String verdict(Outcome outcome, @Nullable String expected) throws IOException {
        var answer = outcome.answer;
        if (answer == null) {
            return kind.reads() ? null : "broken off: a change has no answer";
        }
        if (answer.status() / 100 != 2) {
            var problem = answer.json();
            if (answer.status() < 501 || !problem.has("retryable")) {
                return "status: " + answer.status() + " " + answer.text();
            }
            return kind.reads() ? null : ofFailure(answer);
        }
        if (kind.reads()) {
            return told(outcome).equals(expected) ? null : "another answer: " + told(outcome);
        }
        var verdict = ofSuccess(answer);
        return verdict == null && kind.keyed() ? ofRepetition(answer) : verdict;
    }

    private @Nullable String ofFailure(HttpApi.Answer answer) throws IOException {
        int times = times();
        if (answer.json().path("retryable").asBoolean() && times > 0) {
            return "done and retryable: " + answer.text();
        }
        if (times > 1) {
            return "done " + times + " times: " + answer.text();
        }
        return kind.keyed() ? ofRepetition(answer) : null;
    }

    /** With the same key. */
    private @Nullable String ofRepetition(HttpApi.Answer first) throws IOException {
        var again = send().answer;
        int times = times();
        boolean said = again != null && again.status() / 100 == 2;
        if (times > 1) {
            return "done " + times + " times with a key: " + first.text();
        }
        if (!said && kind.foundOut()) {
            return "not found out: " + first.text() + (again == null ? "" : again.text());
        }
        var verdict = again != null && said ? ofSuccess(again) : null;
        return verdict == null ? null : "the second time " + verdict;
    }

    private @Nullable String ofSuccess(HttpApi.Answer answer) throws IOException {
        return switch (kind) {
            case IMPORT -> ofImport(answer);
            case BATCH, BATCH_COPY, BATCH_DELETE -> ofBatch(answer);
            default -> {
                int times = times();
                yield times == 1 ? null : "done " + times + " times: " + answer.text();
            }
        };
    }

    private @Nullable String ofBatch(HttpApi.Answer answer) throws IOException {
        var item = answer.json().path("results").path(0);
        int times = times();
        if (item.path("status").asInt() == 200) {
            return times == 1 ? null : "done " + times + " times: " + item;
        }
        boolean retryable = item.at("/problem/retryable").asBoolean();
        return times > 1 || retryable && times > 0 ? "done and refused: " + item : null;
    }

    private @Nullable String ofImport(HttpApi.Answer answer) throws IOException {
        var items = answer.json().path("items");
        var ids = imported();
        for (int i = 0; i < ids.size(); i++) {
            int times = count("Archive", ids.get(i));
            boolean holds =
                    switch (items.path(i).path("status").asString()) {
                        case "imported" -> times == 1;
                        case "failed" -> times == 0;
                        default -> times <= 1;
                    };
            if (!holds) {
                return "imported " + times + " times: " + items.path(i);
            }
        }
        return null;
    }

    private List<String> imported() {
        return List.of("<new-" + subject + "@example.org>", "<also-" + subject + "@example.org>");
    }

    /** How often it was done, once the mail server is through with what reached it. */
    private int times() throws IOException {
        int times = timesNow();
        for (int looks = 0; times > 1 && looks < LOOKS; looks++) {
            times = timesNow();
        }
        return times;
    }

    /** Two looks at a message that is just moved may see it twice, or not at all: that is 9. */
    private int timesNow() throws IOException {
        var old = "<" + subject + "@example.org>";
        var made = "<new-" + subject + "@example.org>";
        return switch (kind) {
            case FLAG -> red(old);
            case MOVE, BATCH -> moved(old, "Archive");
            case COPY, BATCH_COPY -> count("Archive", old);
            case DELETE -> moved(old, "Trash");
            case DELETE_FOR_GOOD, BATCH_DELETE -> 1 - count("INBOX", old);
            case CREATE, CREATE_RAW, CREATE_OF_FORM -> count("Archive", made);
            case REPLACE, REPLACE_RAW -> {
                int now = count("Drafts", made);
                yield now + count("Drafts", old) == 0 ? 9 : now;
            }
            case REPLY, FORWARD, EDIT_AS_NEW -> truth.look("Drafts").size() - drafts;
            case IMPORT -> {
                var ids = imported();
                yield Math.max(count("Archive", ids.get(0)), count("Archive", ids.get(1)));
            }
            case CREATE_MAILBOX -> truth.has(subject) ? 1 : 0;
            case RENAME_MAILBOX -> {
                boolean now = truth.has("new-" + subject);
                yield now == truth.has(subject) ? 9 : now ? 1 : 0;
            }
            case UNSUBSCRIBE -> truth.subscribed(subject) ? 0 : 1;
            case EMPTY_MAILBOX -> {
                int left = truth.look(subject).size();
                yield left == 0 ? 1 : left == MESSAGES_TO_EMPTY ? 0 : 9;
            }
            case DELETE_MAILBOX -> truth.has(subject) ? 0 : 1;
            case GRANT -> truth.granted("Archive", BOB) ? 1 : 0;
            case REVOKE -> truth.granted("Archive", BOB) ? 0 : 1;
            default -> throw new IllegalStateException();
        };
    }

    private int red(String messageId) throws IOException {
        return (int)
                truth.look("INBOX").stream()
                        .filter(it -> it.messageId().equals(messageId))
                        .filter(it -> it.keywords().contains("red"))
                        .count();
    }

    private int moved(String messageId, String to) throws IOException {
        int there = count(to, messageId);
        return there + count("INBOX", messageId) == 1 ? there : 9;
    }

    private int count(String path, String messageId) throws IOException {
        return (int)
                truth.look(path).stream().filter(it -> it.messageId().equals(messageId)).count();
    }

    /** The user logs out, so that the gateway closes what it keeps. */
    void leave() throws IOException {
        api.delete("/sessions/current").expect(204);
    }

    @Override
    public void close() throws IOException {
        truth.close();
    }
}
