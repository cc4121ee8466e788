package postern.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Locale;
import java.util.regex.Pattern;
import postern.testserver.Ports;

/**
 * A mail server with one mailbox of ten messages. A script may answer commands before it does, and
 * writes its answer piece by piece, so that an answer without an end takes no memory here.
 */
final class HostileServer implements AutoCloseable {

    private static final Pattern LITERAL = Pattern.compile(".*\\{([0-9]+)\\+?}");
    private static final int MESSAGES = 10;

    private final ServerSocket listener = Ports.listen(100);
    private final Script script;

    /** What is different from an honest server. */
    interface Script {

        /** The capabilities, without IMAP4rev1. */
        default String capabilities() {
            return "UIDPLUS";
        }

        /** Sends the greeting. */
        default void greet(Out out) throws IOException {
            out.line("* OK [CAPABILITY IMAP4rev1 " + capabilities() + "] ready");
        }

        /**
         * Sends what comes before the tagged OK.
         *
         * @param command in upper case, without the tag and without UID
         * @return false to answer honestly
         */
        boolean answer(String command, Out out) throws IOException;
    }

    /** The way to the gateway. */
    static final class Out {

        private final OutputStream stream;

        private Out(OutputStream stream) {
            this.stream = stream;
        }

        void text(String text) throws IOException {
            stream.write(text.getBytes(ISO_8859_1));
        }

        void line(String line) throws IOException {
            text(line + "\r\n");
        }

        void flush() throws IOException {
            stream.flush();
        }

        /** Sends this as often; a place for the number of the repetition is {@code %d}. */
        void repeat(long times, String text) throws IOException {
            int at = text.indexOf("%d");
            var before = (at < 0 ? text : text.substring(0, at)).getBytes(ISO_8859_1);
            var after = (at < 0 ? "" : text.substring(at + 2)).getBytes(ISO_8859_1);
            for (long i = 1; i <= times; i++) {
                stream.write(before);
                if (at >= 0) {
                    stream.write(Long.toString(i).getBytes(ISO_8859_1));
                }
                stream.write(after);
            }
        }
    }

    HostileServer(Script script) throws IOException {
        this.script = script;
        Thread.ofVirtual().name("hostile-accept").start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                var socket = listener.accept();
                // A platform thread: writing without end must not take the carrier of the others.
                Thread.ofPlatform().daemon().name("hostile").start(() -> serve(socket));
            }
        } catch (IOException _) {
            // closed
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
            var out = new Out(new BufferedOutputStream(socket.getOutputStream(), 64 * 1024));
            script.greet(out);
            out.flush();
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                int space = line.indexOf(' ');
                var command = space < 0 ? line : line.substring(space + 1);
                command = command.toUpperCase(Locale.ROOT).replaceFirst("^UID ", "");
                for (var literal = LITERAL.matcher(command);
                        literal.matches();
                        literal = LITERAL.matcher(command)) {
                    out.line("+ go on");
                    out.flush();
                    in.skip(Long.parseLong(literal.group(1)));
                    command += " " + in.readLine();
                }
                if (!script.answer(command, out)) {
                    answer(command, out);
                }
                if (!command.startsWith("COPY") && !command.startsWith("APPEND")) {
                    out.line(line.substring(0, Math.max(0, space)) + " OK done");
                } else {
                    out.text(line.substring(0, Math.max(0, space)) + " OK ");
                    script.answer("CODE " + command, out);
                    out.line(" done");
                }
                out.flush();
            }
        } catch (IOException _) {
            // the gateway has had enough
        }
    }

    private void answer(String command, Out out) throws IOException {
        var words = command.split(" ", 3);
        switch (words[0]) {
            case "CAPABILITY" -> out.line("* CAPABILITY IMAP4rev1 " + script.capabilities());
            case "LIST" -> out.line("* LIST (\\HasNoChildren) \"/\" INBOX");
            case "STATUS" ->
                    out.line(
                            "* STATUS INBOX (MESSAGES 10 UNSEEN 0 UIDNEXT 11 UIDVALIDITY 1"
                                    + " HIGHESTMODSEQ 40)");
            case "SELECT", "EXAMINE" -> {
                out.line("* FLAGS (\\Seen)");
                out.line("* " + MESSAGES + " EXISTS");
                out.line("* OK [UIDVALIDITY 1] valid");
                out.line("* OK [UIDNEXT 11] next");
                out.line("* OK [HIGHESTMODSEQ 40] highest");
            }
            case "ENABLE" -> out.line("* ENABLED QRESYNC");
            case "SEARCH" -> out.line("* SEARCH 1 2 3");
            case "FETCH" -> {
                for (int i = 1; i <= MESSAGES; i++) {
                    out.line("* " + i + " FETCH (" + message(i, "() ", structure()) + ")");
                }
            }
            default -> {
                // nothing but the tagged OK
            }
        }
    }

    static String structure() {
        return "(\"text\" \"plain\" NIL NIL NIL \"7bit\" 10 1)";
    }

    static String message(int uid, String flags, String structure) {
        return head(uid, flags) + structure;
    }

    /** The items of a message up to its BODYSTRUCTURE. */
    static String head(int uid, String flags) {
        return "UID %d FLAGS %s MODSEQ (40) INTERNALDATE \"17-Jul-2026 02:44:25 +0000\" RFC822.SIZE 100"
                        .formatted(uid, flags.strip())
                + " ENVELOPE (\"Fri, 17 Jul 2026 02:44:25 +0000\" \"Hello\""
                + " ((NIL NIL \"a\" \"example.org\")) NIL NIL NIL NIL NIL NIL \"<"
                + uid
                + "@example.org>\") BODY[HEADER.FIELDS (REFERENCES)] \"\" BODYSTRUCTURE ";
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
