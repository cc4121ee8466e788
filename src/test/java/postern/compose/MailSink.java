package postern.compose;

import java.io.EOFException;
import java.io.IOException;
import java.util.regex.Pattern;
import postern.testserver.AgreeableServer;

/** A mail server that accepts everything, counts appended octets and stores nothing. */
final class MailSink implements AutoCloseable {

    private static final Pattern LITERAL = Pattern.compile("\\{(\\d+)(\\+?)}$");

    private final AgreeableServer server;
    private long received;

    private MailSink() throws IOException {
        server = AgreeableServer.start(this::answer);
    }

    static MailSink start() throws IOException {
        return new MailSink();
    }

    String host() {
        return server.host();
    }

    int port() {
        return server.port();
    }

    /** Waits until this many octets of messages have been received. */
    synchronized void awaitReceived(long octets) throws InterruptedException {
        while (received < octets) {
            wait();
        }
    }

    private synchronized void receive(int octets) {
        received += octets;
        notifyAll();
    }

    private String answer(String command, AgreeableServer.Client client) throws IOException {
        if (command.startsWith("STATUS")) {
            client.say("* STATUS INBOX (MESSAGES 0 UNSEEN 0 UIDNEXT 1 UIDVALIDITY 1)");
        }
        if (!command.startsWith("APPEND")) {
            return "";
        }
        append(command, client);
        return "[APPENDUID 1 1]";
    }

    private void append(String command, AgreeableServer.Client client) throws IOException {
        var literal = LITERAL.matcher(command);
        if (!literal.find()) {
            throw new IOException("no literal in " + command);
        }
        if (literal.group(2).isEmpty()) {
            client.say("+ go on");
            client.out().flush();
        }
        var buffer = new byte[64 << 10];
        long left = Long.parseLong(literal.group(1));
        while (left > 0) {
            int some = client.in().read(buffer, 0, (int) Math.min(buffer.length, left));
            if (some < 0) {
                throw new EOFException();
            }
            left -= some;
            receive(some);
        }
        client.line();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
