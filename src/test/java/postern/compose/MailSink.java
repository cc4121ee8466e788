package postern.compose;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.regex.Pattern;

/** A mail server that says yes to everything, counts what is appended and keeps none of it. */
final class MailSink implements AutoCloseable {

    private static final Pattern LITERAL = Pattern.compile("\\{(\\d+)(\\+?)}$");
    private static final String CAPABILITIES = "IMAP4rev1 LITERAL+ UIDPLUS";

    private final ServerSocket listener;
    private long received;

    private MailSink(ServerSocket listener) {
        this.listener = listener;
    }

    static MailSink start() throws IOException {
        var sink = new MailSink(new ServerSocket(0, 10, InetAddress.getLoopbackAddress()));
        Thread.ofVirtual().name("mail-sink").start(sink::acceptAll);
        return sink;
    }

    String host() {
        return listener.getInetAddress().getHostAddress();
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Waits until so many octets of messages have come. */
    synchronized void awaitReceived(long octets) throws InterruptedException {
        while (received < octets) {
            wait();
        }
    }

    private synchronized void receive(int octets) {
        received += octets;
        notifyAll();
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
            var in = new BufferedInputStream(socket.getInputStream());
            var out = socket.getOutputStream();
            say(out, "* OK [CAPABILITY %s] ready".formatted(CAPABILITIES));
            for (var line = line(in); !line.isEmpty(); line = line(in)) {
                answer(line, in, out);
            }
        } catch (IOException _) {
            // the client has gone
        }
    }

    private void answer(String line, InputStream in, OutputStream out) throws IOException {
        var words = line.split(" ", 3);
        switch (words[1]) {
            case "CAPABILITY" -> say(out, "* CAPABILITY " + CAPABILITIES);
            case "STATUS" ->
                    say(out, "* STATUS INBOX (MESSAGES 0 UNSEEN 0 UIDNEXT 1 UIDVALIDITY 1)");
            case "APPEND" -> append(line, in, out);
            default -> {}
        }
        var code = words[1].equals("APPEND") ? "[APPENDUID 1 1] " : "";
        say(out, words[0] + " OK " + code + "done");
    }

    private void append(String line, InputStream in, OutputStream out) throws IOException {
        var literal = LITERAL.matcher(line);
        if (!literal.find()) {
            throw new IOException("no literal in " + line);
        }
        if (literal.group(2).isEmpty()) {
            say(out, "+ go on");
        }
        var buffer = new byte[64 << 10];
        long left = Long.parseLong(literal.group(1));
        while (left > 0) {
            int some = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (some < 0) {
                return;
            }
            left -= some;
            receive(some);
        }
        line(in);
    }

    private static void say(OutputStream out, String line) throws IOException {
        out.write((line + "\r\n").getBytes(ISO_8859_1));
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int octet = in.read(); octet >= 0 && octet != '\n'; octet = in.read()) {
            if (octet != '\r') {
                line.append((char) octet);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
