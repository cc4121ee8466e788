package postern.testclient;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;
import postern.testserver.AccountServer;
import postern.testserver.BareSocket;

/** Another mail program of the user: plain IMAP, independent of the gateway. */
@NullMarked
public final class PlainImapClient implements AutoCloseable {

    private static final Pattern LITERAL = Pattern.compile("\\{(\\d+)}$");
    private static final Pattern FLAGS = Pattern.compile("FLAGS \\(([^)]*)\\)");

    private final BareSocket imap;

    private PlainImapClient(BareSocket imap) {
        this.imap = imap;
    }

    public static PlainImapClient of(AccountServer server, String user) throws IOException {
        return new PlainImapClient(BareSocket.loggedIn(server, user));
    }

    /** Sends a command that must succeed. */
    public List<String> command(String command) throws IOException {
        return ok(command, imap.command(command));
    }

    /** Appends a message; the mailbox name is given as quoted on the wire. */
    public void append(String mailbox, String message) throws IOException {
        ok("APPEND", imap.command("APPEND " + mailbox, message.replace("\n", "\r\n")));
    }

    public void appendOctets(String mailbox, String octets) throws IOException {
        ok("APPEND", imap.command("APPEND " + mailbox, octets));
    }

    /** The number of messages in a mailbox. */
    public int count(String mailbox) throws IOException {
        command("NOOP"); // otherwise the selected mailbox has a stale count
        return command("STATUS " + mailbox + " (MESSAGES)").stream()
                .filter(line -> line.startsWith("* STATUS"))
                .map(line -> line.replaceAll(".*MESSAGES (\\d+)\\).*", "$1"))
                .mapToInt(Integer::parseInt)
                .findFirst()
                .orElseThrow();
    }

    /** Whether the mailbox exists; its name is given as quoted on the wire. */
    public boolean has(String mailbox) throws IOException {
        return command("LIST \"\" " + mailbox).stream()
                .anyMatch(line ->
                        line.startsWith("* LIST")
                                && !line.toUpperCase(Locale.ROOT).contains("\\NONEXISTENT"));
    }

    /** The flags of the only message in a mailbox. */
    public List<String> flags(String mailbox) throws IOException {
        command("EXAMINE " + mailbox);
        var answer = FLAGS.matcher(command("FETCH 1:* (FLAGS)").getFirst());
        command("CLOSE");
        if (!answer.find()) {
            throw new AssertionError("no flags in " + answer);
        }
        return List.of(answer.group(1).split(" "));
    }

    /** Whether the mail server has a preview of the newest message (RFC 8970). */
    public boolean tellsPreview(String mailbox) throws IOException {
        command("EXAMINE " + mailbox);
        var answer = String.join(" ", command("FETCH * (PREVIEW)"));
        command("CLOSE");
        return answer.contains("PREVIEW") && !answer.contains("PREVIEW NIL");
    }

    /**
     * Marks the messages with this subject {@code \Deleted}, and leaves the mailbox without
     * EXPUNGE.
     */
    public void mark(String mailbox, String subject) throws IOException {
        command("SELECT " + mailbox);
        for (long uid : found("SUBJECT " + subject)) {
            command("UID STORE " + uid + " +FLAGS (\\Deleted)");
        }
        command("EXAMINE " + mailbox);
        command("CLOSE");
    }

    /** The number of messages with this subject that are marked {@code \Deleted}. */
    public int marked(String mailbox, String subject) throws IOException {
        return search(mailbox, "DELETED SUBJECT " + subject).size();
    }

    /** The UIDs that SEARCH finds in a mailbox. */
    public List<Long> search(String mailbox, String keys) throws IOException {
        command("EXAMINE " + mailbox);
        var found = found(keys);
        command("CLOSE");
        return found;
    }

    /** The octets of a message on the mail server. */
    public byte[] octets(String mailbox, long uid) throws IOException {
        command("EXAMINE " + mailbox);
        var answer = command("UID FETCH " + uid + " (BODY.PEEK[])");
        command("CLOSE");
        var head = LITERAL.matcher(answer.getFirst());
        if (!head.find()) {
            throw new AssertionError("no message in " + answer.getFirst());
        }
        var rest = String.join("\r\n", answer.subList(1, answer.size())).getBytes(UTF_8);
        return Arrays.copyOf(rest, Integer.parseInt(head.group(1)));
    }

    private List<Long> found(String keys) throws IOException {
        return command("UID SEARCH " + keys).stream()
                .filter(line -> line.startsWith("* SEARCH"))
                .flatMap(line -> Arrays.stream(line.substring(8).strip().split(" ")))
                .filter(uid -> !uid.isEmpty())
                .map(Long::valueOf)
                .toList();
    }

    private static List<String> ok(String command, List<String> answer) {
        if (!answer.getLast().matches("\\w+ OK.*")) {
            throw new AssertionError(command + ": " + answer.getLast());
        }
        return answer;
    }

    @Override
    public void close() throws IOException {
        imap.close();
    }
}
