package postern.smtp.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import postern.smtp.Envelope;
import postern.smtp.OutgoingMessage;
import postern.smtp.RecipientReply;
import postern.smtp.SmtpException;
import postern.smtp.SmtpException.Step;
import postern.smtp.SmtpProperties;
import postern.smtp.SmtpReply;
import postern.smtp.Submission;

/**
 * One message (RFC 5321 §3.3). With PIPELINING (RFC 2920) MAIL and all RCPTs leave together, and
 * DATA with them unless the answers decide whether it is sent at all. With CHUNKING (RFC 3030) a
 * small message is one BDAT, which saves the round trip that DATA waits for 354; it leaves together
 * with MAIL and RCPT where the connection is surely alive, since after that nobody knows what
 * became of the message if the connection turns out to be dead.
 */
final class Transaction {

    /**
     * Recipients per flush: the answers to them fit into the buffers of a connection, so that a
     * server that waits for them to be read does not block.
     */
    private static final int FLUSHED = 100;

    /** A larger message is not held in memory, and takes more time than the saved round trip. */
    private static final int LARGEST_CHUNK = 64 << 10;

    /** For the first answer of a connection that may be dead. */
    private static final Duration PROOF = Duration.ofSeconds(5);

    private static final int SEND = 354;
    private static final int CLOSING = 421;
    private static final long MEGABYTE = 1 << 20;

    private final SmtpTransport transport;
    private final Extensions extensions;
    private final SmtpProperties properties;
    private final Envelope envelope;
    private final OutgoingMessage message;
    private final boolean reused;
    private final boolean sure;
    private final List<RecipientReply> recipients = new ArrayList<>();
    private @Nullable SmtpReply sender;
    private boolean proven;
    private boolean complete;

    /**
     * @param reused whether the connection was kept for this message: RSET must prove it
     * @param sure whether the connection was alive a moment ago
     */
    Transaction(
            SmtpTransport transport,
            Extensions extensions,
            SmtpProperties properties,
            Envelope envelope,
            OutgoingMessage message,
            boolean reused,
            boolean sure) {
        this.transport = transport;
        this.extensions = extensions;
        this.properties = properties;
        this.envelope = envelope;
        this.message = message;
        this.reused = reused;
        this.sure = sure;
        this.proven = !reused;
    }

    /** Whether the server has answered anything. */
    boolean answered() {
        return proven;
    }

    /**
     * Whether the server may have got the last octet of the message, and has not refused its sender
     * or all of its recipients.
     */
    boolean maybeAccepted() {
        boolean allRefused =
                recipients.size() == envelope.recipients().size()
                        && recipients.stream().noneMatch(RecipientReply::accepted);
        return complete && (sender == null || sender.positive()) && !allRefused;
    }

    Submission run() throws IOException {
        requirePossible();
        var chunk = chunk();
        boolean pipelining = extensions.offers("PIPELINING");
        int batch = pipelining ? FLUSHED : 1;
        var addresses = envelope.recipients();
        begin(pipelining);
        @Nullable SmtpReply content = null;
        for (int from = 0; from < addresses.size(); from += batch) {
            int to = Math.min(addresses.size(), from + batch);
            boolean last = pipelining && to == addresses.size() && !envelope.allOrNothing();
            boolean withContent = last && (chunk == null || sure);
            for (var address : addresses.subList(from, to)) {
                transport.send("RCPT TO:<%s>%s".formatted(address, notifications()));
            }
            if (withContent) {
                sendContent(chunk);
            }
            transport.flush();
            readSender();
            for (var address : addresses.subList(from, to)) {
                recipients.add(new RecipientReply(address, read()));
            }
            content = withContent ? readContent() : null;
            requireSender();
        }
        requireRecipients();
        if (content == null) {
            sendContent(chunk);
            transport.flush();
            content = readContent();
        }
        return new Submission(chunk == null ? data(content) : accepted(content), recipients);
    }

    /** The octets of a small message, if it can be sent by BDAT. */
    private byte @Nullable [] chunk() throws IOException {
        if (!properties.chunking()
                || !extensions.offers("CHUNKING")
                || message.length() > LARGEST_CHUNK) {
            return null;
        }
        var octets = new ByteArrayOutputStream((int) message.length());
        try (var source = message.open()) {
            OutgoingOctets.copyPlain(source, octets);
        }
        return octets.size() == 0 ? null : octets.toByteArray();
    }

    private void begin(boolean pipelining) throws IOException {
        if (reused) {
            transport.send("RSET");
        }
        if (!pipelining) {
            if (reused) {
                transport.flush();
                prove();
            }
            transport.send(mailCommand());
            transport.flush();
            readSender();
            requireSender();
            return;
        }
        transport.send(mailCommand());
    }

    /** Reads the answer to RSET, if it was sent. */
    private void prove() throws IOException {
        if (proven) {
            return;
        }
        var most = properties.commandTimeout();
        transport.within(PROOF.compareTo(most) < 0 ? PROOF : most);
        var reply = transport.read().reply();
        proven = true;
        if (!reply.positive() && !complete) {
            throw new SmtpException.ReusedConnectionLost(null);
        }
    }

    /** Reads the answer to MAIL, if that was not done before. */
    private void readSender() throws IOException {
        if (sender == null) {
            prove();
            sender = read();
        }
    }

    private void requireSender() {
        var reply = sender;
        if (reply != null && !reply.positive()) {
            throw reused && reply.code() == CLOSING
                    ? new SmtpException.ReusedConnectionLost(null)
                    : new SmtpException.Refused(Step.SENDER, reply);
        }
    }

    private void requirePossible() {
        if (message.eightBit() && !extensions.offers("8BITMIME")) {
            throw new SmtpException.NotPossible(
                    "the message has 8-bit text, which the submission server does not take");
        }
        if (international() && !extensions.offers("SMTPUTF8")) {
            throw new SmtpException.NotPossible(
                    "the message has an address or a header field that is not ASCII, which the"
                            + " submission server does not take");
        }
        var largest = extensions.largest();
        if (largest.isPresent() && message.length() > largest.getAsLong()) {
            throw new SmtpException.TooBig(largest.getAsLong());
        }
    }

    private boolean international() {
        return envelope.international() || message.eightBitHeader();
    }

    private String mailCommand() {
        var command = new StringBuilder("MAIL FROM:<%s>".formatted(envelope.mailFrom()));
        if (extensions.offers("SIZE")) {
            command.append(" SIZE=").append(message.length());
        }
        if (message.eightBit()) {
            command.append(" BODY=8BITMIME");
        }
        if (international()) {
            command.append(" SMTPUTF8");
        }
        if (extensions.offers("DSN") && !envelope.reports().isEmpty()) {
            command.append(" RET=HDRS"); // a report need not hold the whole message
        }
        return command.toString();
    }

    private String notifications() {
        if (!extensions.offers("DSN") || envelope.reports().isEmpty()) {
            return "";
        }
        return envelope.reports().stream()
                .sorted()
                .map(Enum::name)
                .collect(Collectors.joining(",", " NOTIFY=", ""));
    }

    /** Reads the next answer. The 421 of a server that has had enough of the connection is none. */
    private SmtpReply read() throws IOException {
        transport.within(properties.commandTimeout());
        var reply = transport.read().reply();
        if (reused && !complete && reply.code() == CLOSING) {
            throw new SmtpException.ReusedConnectionLost(null);
        }
        return reply;
    }

    private void requireRecipients() {
        boolean some = recipients.stream().anyMatch(RecipientReply::accepted);
        boolean all = recipients.stream().allMatch(RecipientReply::accepted);
        if (!some || envelope.allOrNothing() && !all) {
            throw new SmtpException.RecipientsRefused(recipients);
        }
    }

    /** Queues DATA, or sends the message by BDAT. */
    private void sendContent(byte @Nullable [] chunk) throws IOException {
        if (chunk == null) {
            transport.send("DATA");
            return;
        }
        transport.send("BDAT %d LAST".formatted(chunk.length));
        transport.octets().write(chunk, 0, chunk.length - 1);
        transport.flush();
        complete = true;
        transport.octets().write(chunk[chunk.length - 1]);
    }

    /** Reads the answer to DATA or BDAT. */
    private SmtpReply readContent() throws IOException {
        if (!complete) {
            return read();
        }
        transport.within(properties.acceptTimeout());
        return transport.read().reply();
    }

    /**
     * @param answer to DATA
     */
    private SmtpReply data(SmtpReply answer) throws IOException {
        if (answer.code() != SEND) {
            throw new SmtpException.Refused(Step.MESSAGE, answer);
        }
        transport.within(
                properties.commandTimeout().plus(Duration.ofSeconds(message.length() / MEGABYTE)));
        try (var source = message.open()) {
            OutgoingOctets.copy(source, transport.octets());
        }
        transport.flush();
        complete = true;
        transport.within(properties.acceptTimeout());
        transport.send(".");
        transport.flush();
        return accepted(transport.read().reply());
    }

    private static SmtpReply accepted(SmtpReply reply) {
        if (!reply.positive()) {
            throw new SmtpException.Refused(Step.MESSAGE, reply);
        }
        return reply;
    }
}
