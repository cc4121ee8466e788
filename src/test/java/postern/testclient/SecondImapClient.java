package postern.testclient;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import postern.testserver.BareSocket;
import postern.testserver.TestServer;

/**
 * Another mail program on the same account: it changes mail by one connection, which keeps its
 * mailbox selected, and looks by another one, which selects anew each time. Names are ASCII paths.
 */
@NullMarked
public final class SecondImapClient implements AutoCloseable {

    private static final Pattern UID = Pattern.compile("\\bUID (\\d+)");
    private static final Pattern UID_VALIDITY = Pattern.compile("UIDVALIDITY (\\d+)");
    private static final Pattern FLAGS = Pattern.compile("\\bFLAGS \\(([^)]*)\\)");
    private static final Pattern ID =
            Pattern.compile("Message-ID:\\s*(<[^>]*>)", Pattern.CASE_INSENSITIVE);
    private static final Pattern LITERAL = Pattern.compile("\\{(\\d+)}$");

    private final TestServer server;
    private final String user;
    private BareSocket changing;
    private final BareSocket looking;
    private final boolean uidPlus;
    private final boolean move;
    private @Nullable String selected;

    /** A message as that program sees it. */
    public record Seen(long uid, String messageId, Set<String> keywords) {}

    private SecondImapClient(TestServer server, String user) throws IOException {
        this.server = server;
        this.user = user;
        changing = BareSocket.loggedIn(server, user);
        looking = BareSocket.loggedIn(server, user);
        var capabilities = String.join(" ", changing.command("CAPABILITY"));
        uidPlus = capabilities.contains("UIDPLUS");
        move = capabilities.contains(" MOVE");
    }

    public static SecondImapClient of(TestServer server, String user) throws IOException {
        return new SecondImapClient(server, user);
    }

    /** All of a mailbox, as a client sees it that opens it now. */
    public List<Seen> look(String path) throws IOException {
        ok(looking.command("EXAMINE " + quoted(path)));
        var seen = fetched(looking);
        ok(looking.command("CLOSE"));
        return seen;
    }

    public byte[] octets(String path, String messageId) throws IOException {
        var uid = uids(look(path), Set.of(messageId));
        ok(looking.command("EXAMINE " + quoted(path)));
        var answer = ok(looking.command("UID FETCH " + uid + " (BODY.PEEK[])"));
        ok(looking.command("CLOSE"));
        for (int i = 0; i < answer.size(); i++) {
            var head = LITERAL.matcher(answer.get(i));
            if (head.find()) {
                var rest = String.join("\r\n", answer.subList(i + 1, answer.size()));
                return Arrays.copyOf(rest.getBytes(UTF_8), Integer.parseInt(head.group(1)));
            }
        }
        throw new AssertionError("no message in " + answer.getFirst());
    }

    public void append(String path, Collection<String> keywords, byte[] octets) throws IOException {
        ok(changing.command("APPEND " + quoted(path) + " (" + flags(keywords) + ")", octets));
    }

    /** Adds a keyword, or takes it away. */
    public void store(String path, Collection<String> messageIds, boolean add, String keyword)
            throws IOException {
        var uids = select(path, messageIds);
        ok(
                changing.command(
                        "UID STORE %s %sFLAGS (%s)"
                                .formatted(uids, add ? "+" : "-", flags(Set.of(keyword)))));
    }

    public void expunge(String path, Collection<String> messageIds) throws IOException {
        expunge(select(path, messageIds));
    }

    public void move(String path, Collection<String> messageIds, String to) throws IOException {
        var uids = select(path, messageIds);
        if (move) {
            ok(changing.command("UID MOVE " + uids + " " + quoted(to)));
            return;
        }
        ok(changing.command("UID COPY " + uids + " " + quoted(to)));
        expunge(uids);
    }

    public void copy(String path, Collection<String> messageIds, String to) throws IOException {
        ok(changing.command("UID COPY " + select(path, messageIds) + " " + quoted(to)));
    }

    public void create(String path) throws IOException {
        ok(changing.command("CREATE " + quoted(path)));
        ok(changing.command("SUBSCRIBE " + quoted(path)));
    }

    public void rename(String path, String newPath) throws IOException {
        leave();
        ok(changing.command("RENAME " + quoted(path) + " " + quoted(newPath)));
    }

    public void delete(String path) throws IOException {
        leave();
        ok(changing.command("DELETE " + quoted(path)));
    }

    /** Deletes a mailbox if it exists; Dovecot lists one for a second after it was deleted. */
    public void deleteIfThere(String path) throws IOException {
        leave();
        var lines = changing.command("DELETE " + quoted(path));
        if (!lines.getLast().contains("[NONEXISTENT]")) {
            ok(lines);
        }
    }

    /** Another client has taken that mailbox away: servers hang up on those who have it open. */
    public void onGone(String path) throws IOException {
        if (path.equals(selected)) {
            changing.close();
            changing = BareSocket.loggedIn(server, user);
            selected = null;
        }
    }

    /** Removes all messages of a mailbox. */
    public void clear(String path) throws IOException {
        ok(changing.command("SELECT " + quoted(path)));
        ok(changing.command("UID STORE 1:* +FLAGS.SILENT (\\Deleted)"));
        ok(changing.command("EXPUNGE"));
        selected = path;
    }

    public boolean subscribed(String path) throws IOException {
        return ok(looking.command("LSUB \"\" " + quoted(path))).size() > 1;
    }

    public void unsubscribe(String path) throws IOException {
        ok(changing.command("UNSUBSCRIBE " + quoted(path)));
    }

    /** Gives somebody these rights and no others; none where there are none. */
    public void grant(String path, String identifier, String rights) throws IOException {
        var whom = quoted(path) + " " + identifier;
        ok(
                changing.command(
                        rights.isEmpty() ? "DELETEACL " + whom : "SETACL " + whom + " " + rights));
    }

    /** Whether somebody is named among those who have rights. */
    public boolean granted(String path, String identifier) throws IOException {
        return ok(looking.command("GETACL " + quoted(path))).stream()
                .anyMatch(it -> it.replace("\"", "").contains(" " + identifier + " "));
    }

    public boolean has(String path) throws IOException {
        return ok(looking.command("LIST \"\" " + quoted(path))).size() > 1;
    }

    public long uidValidity(String path) throws IOException {
        var answer = ok(looking.command("STATUS " + quoted(path) + " (UIDVALIDITY)"));
        var number = UID_VALIDITY.matcher(String.join(" ", answer));
        if (!number.find()) {
            throw new AssertionError("no UIDVALIDITY in " + answer);
        }
        return Long.parseLong(number.group(1));
    }

    private void expunge(String uids) throws IOException {
        ok(changing.command("UID STORE " + uids + " +FLAGS (\\Deleted)"));
        ok(changing.command(uidPlus ? "UID EXPUNGE " + uids : "EXPUNGE"));
    }

    private void leave() throws IOException {
        // Courier takes no APPEND to a mailbox that this connection has open for reading alone.
        ok(changing.command("SELECT INBOX"));
        selected = null;
    }

    /** Selects the mailbox, unless that is done, and returns the UIDs of these messages. */
    private String select(String path, Collection<String> messageIds) throws IOException {
        if (path.equals(selected)) {
            ok(changing.command("NOOP"));
        } else {
            ok(changing.command("SELECT " + quoted(path)));
            selected = path;
        }
        return uids(fetched(changing), messageIds);
    }

    private static String uids(List<Seen> seen, Collection<String> messageIds) {
        var uids =
                seen.stream()
                        .filter(it -> messageIds.contains(it.messageId))
                        .map(it -> String.valueOf(it.uid))
                        .collect(Collectors.joining(","));
        if (uids.split(",").length != messageIds.size() || uids.isEmpty()) {
            throw new AssertionError(
                    "the second client looks for " + messageIds + " and sees " + seen);
        }
        return uids;
    }

    private static List<Seen> fetched(BareSocket imap) throws IOException {
        var answer =
                imap.command("UID FETCH 1:* (UID FLAGS BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])");
        if (!answer.getLast().matches("\\w+ OK.*") && answer.size() > 1) {
            ok(answer);
        }
        var seen = new ArrayList<Seen>();
        var message = new StringBuilder();
        for (var line : answer) {
            if (line.startsWith("* ") || line.equals(answer.getLast())) {
                parse(message.toString(), seen);
                message.setLength(0);
            }
            message.append(message.isEmpty() ? "" : "\r\n").append(line);
        }
        return seen;
    }

    private static void parse(String message, List<Seen> seen) {
        Matcher uid = UID.matcher(message);
        Matcher flags = FLAGS.matcher(message);
        Matcher id = ID.matcher(message);
        if (uid.find() && flags.find() && id.find()) {
            seen.add(new Seen(Long.parseLong(uid.group(1)), id.group(1), keywords(flags.group(1))));
        }
    }

    private static Set<String> keywords(String flags) {
        return Arrays.stream(flags.split(" "))
                .filter(it -> !it.isEmpty() && !it.equalsIgnoreCase("\\Recent"))
                .map(it ->
                        it.startsWith("\\") ? "$" + it.substring(1).toLowerCase(Locale.ROOT) : it)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String flags(Collection<String> keywords) {
        return keywords.stream()
                .map(it ->
                        switch (it) {
                            case "$seen" -> "\\Seen";
                            case "$flagged" -> "\\Flagged";
                            case "$answered" -> "\\Answered";
                            case "$draft" -> "\\Draft";
                            default -> it;
                        })
                .collect(Collectors.joining(" "));
    }

    private static String quoted(String path) {
        return '"' + path + '"';
    }

    private static List<String> ok(List<String> answer) {
        if (!answer.getLast().matches("\\w+ OK.*")) {
            throw new AssertionError("the second client is told " + answer.getLast());
        }
        return answer;
    }

    @Override
    public void close() throws IOException {
        changing.close();
        looking.close();
    }
}
