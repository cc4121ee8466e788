package postern;

import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;
import postern.imap.BareSocket;
import postern.imap.TestServer;

/** The user's other mail program: plain IMAP, and nothing of the gateway. */
@NullMarked
final class MailProgram implements AutoCloseable {

    private static final Pattern FLAGS = Pattern.compile("FLAGS \\(([^)]*)\\)");

    private final BareSocket imap;

    private MailProgram(BareSocket imap) {
        this.imap = imap;
    }

    static MailProgram of(TestServer server, String user) throws IOException {
        return new MailProgram(BareSocket.loggedIn(server, user));
    }

    /** A command that must succeed. */
    List<String> command(String command) throws IOException {
        return ok(command, imap.command(command));
    }

    /** The mailbox as it is quoted on the wire. */
    void append(String mailbox, String message) throws IOException {
        ok("APPEND", imap.command("APPEND " + mailbox, message.replace("\n", "\r\n")));
    }

    void appendOctets(String mailbox, String octets) throws IOException {
        ok("APPEND", imap.command("APPEND " + mailbox, octets));
    }

    /** How many messages a mailbox has. */
    int count(String mailbox) throws IOException {
        command("NOOP"); // or the mailbox that is open is counted as it was
        return command("STATUS " + mailbox + " (MESSAGES)").stream()
                .filter(line -> line.startsWith("* STATUS"))
                .map(line -> line.replaceAll(".*MESSAGES (\\d+)\\).*", "$1"))
                .mapToInt(Integer::parseInt)
                .findFirst()
                .orElseThrow();
    }

    /** The flags of the only message in a mailbox. */
    List<String> flags(String mailbox) throws IOException {
        command("EXAMINE " + mailbox);
        var answer = FLAGS.matcher(command("FETCH 1:* (FLAGS)").getFirst());
        if (!answer.find()) {
            throw new AssertionError("no flags in " + answer);
        }
        return List.of(answer.group(1).split(" "));
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
