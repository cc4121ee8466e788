package postern.search;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import postern.imap.UidSet;

/**
 * A mail server with very many messages, which it makes up when they are asked for. It finds all of
 * them, and sorts none.
 */
final class EndlessMailbox implements AutoCloseable {

    private static final Pattern FETCH = Pattern.compile("UID FETCH ([0-9:,]+) \\(.*");

    private final ServerSocket listener;
    private final int messages;
    private final List<UidSet> fetched = new CopyOnWriteArrayList<>();

    private EndlessMailbox(ServerSocket listener, int messages) {
        this.listener = listener;
        this.messages = messages;
    }

    static EndlessMailbox start(int messages) throws IOException {
        var listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        var mailbox = new EndlessMailbox(listener, messages);
        Thread.ofVirtual().name("endless-mailbox").start(mailbox::acceptAll);
        return mailbox;
    }

    /** A different one for each message, in no order that the UIDs have. */
    static long size(long uid) {
        return 1_000 + uid * 7_919 % 1_000_003;
    }

    String host() {
        return listener.getInetAddress().getHostAddress();
    }

    int port() {
        return listener.getLocalPort();
    }

    /** What each FETCH asked for. */
    List<UidSet> fetched() {
        return fetched;
    }

    private void acceptAll() {
        try {
            while (true) {
                var socket = listener.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException _) {
            // closed
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
            var out =
                    new BufferedWriter(
                            new OutputStreamWriter(socket.getOutputStream(), ISO_8859_1));
            say(out, "* OK [CAPABILITY IMAP4rev1 LITERAL+] ready");
            out.flush();
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                int space = line.indexOf(' ');
                answer(line.substring(space + 1), out);
                say(out, line.substring(0, space) + " OK done");
                out.flush();
            }
        } catch (IOException _) {
            // the client has gone
        }
    }

    private void answer(String command, BufferedWriter out) throws IOException {
        var fetch = FETCH.matcher(command);
        if (fetch.matches()) {
            fetch(UidSet.parse(fetch.group(1)), out);
        } else if (command.startsWith("UID SEARCH")) {
            var all = new StringBuilder("* SEARCH");
            for (int uid = 1; uid <= messages; uid++) {
                all.append(' ').append(uid);
            }
            say(out, all.toString());
        } else if (command.startsWith("LIST")) {
            say(out, "* LIST () \"/\" INBOX");
        } else if (command.startsWith("CAPABILITY")) {
            say(out, "* CAPABILITY IMAP4rev1 LITERAL+");
        } else if (command.startsWith("EXAMINE") || command.startsWith("SELECT")) {
            say(out, "* FLAGS ()");
            say(out, "* %d EXISTS".formatted(messages));
            say(out, "* OK [UIDVALIDITY 1] valid");
            say(out, "* OK [UIDNEXT %d] next".formatted(messages + 1));
        }
    }

    private void fetch(UidSet uids, BufferedWriter out) throws IOException {
        fetched.add(uids);
        for (var all = uids.iterator(); all.hasNext(); ) {
            long uid = all.nextLong();
            say(
                    out,
                    "* %d FETCH (UID %d FLAGS () RFC822.SIZE %d INTERNALDATE \" 1-Mar-2026 09:08:07 +0000\")"
                            .formatted(uid, uid, size(uid)));
        }
    }

    private static void say(BufferedWriter out, String line) throws IOException {
        out.write(line);
        out.write("\r\n");
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
