package postern.smtp.client;

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
 * DATA with them unless the answers decide whether it is sent at all.
 */
final class Transaction {

    /**
     * Recipients per flush: the answers to them fit into the buffers of a connection, so that a
     * server that waits for them to be read does not block.
     */
    private static final int FLUSHED = 100;

    private static final int SEND = 354;
    private static final long MEGABYTE = 1 << 20;

    private final SmtpTransport transport;
    private final Extensions extensions;
    private final SmtpProperties properties;
    private final Envelope envelope;
    private final OutgoingMessage message;
    private final List<RecipientReply> recipients = new ArrayList<>();
    private boolean complete;

    Transaction(
            SmtpTransport transport,
            Extensions extensions,
            SmtpProperties properties,
            Envelope envelope,
            OutgoingMessage message) {
        this.transport = transport;
        this.extensions = extensions;
        this.properties = properties;
        this.envelope = envelope;
        this.message = message;
    }

    /** Whether the server may have got the last octet of the message. */
    boolean complete() {
        return complete;
    }

    Submission run() throws IOException {
        requirePossible();
        boolean pipelining = extensions.offers("PIPELINING");
        int batch = pipelining ? FLUSHED : 1;
        var addresses = envelope.recipients();
        transport.send(mailCommand());
        @Nullable SmtpReply sender = pipelining ? null : required(answer());
        @Nullable SmtpReply data = null;
        for (int from = 0; from < addresses.size(); from += batch) {
            int to = Math.min(addresses.size(), from + batch);
            boolean withData = pipelining && to == addresses.size() && !envelope.allOrNothing();
            for (var address : addresses.subList(from, to)) {
                transport.send("RCPT TO:<%s>%s".formatted(address, notifications()));
            }
            if (withData) {
                transport.send("DATA");
            }
            transport.flush();
            var first = sender == null ? read() : sender;
            for (var address : addresses.subList(from, to)) {
                recipients.add(new RecipientReply(address, read()));
            }
            data = withData ? read() : null;
            sender = required(first);
        }
        requireRecipients();
        if (data == null) {
            transport.send("DATA");
            data = answer();
        }
        if (data.code() != SEND) {
            throw new SmtpException.Refused(Step.MESSAGE, data);
        }
        return new Submission(sendContent(), recipients);
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

    private SmtpReply read() throws IOException {
        transport.within(properties.commandTimeout());
        return transport.read().reply();
    }

    private SmtpReply answer() throws IOException {
        transport.flush();
        return read();
    }

    private static SmtpReply required(SmtpReply sender) {
        if (!sender.positive()) {
            throw new SmtpException.Refused(Step.SENDER, sender);
        }
        return sender;
    }

    private void requireRecipients() {
        boolean some = recipients.stream().anyMatch(RecipientReply::accepted);
        boolean all = recipients.stream().allMatch(RecipientReply::accepted);
        if (!some || envelope.allOrNothing() && !all) {
            throw new SmtpException.RecipientsRefused(recipients);
        }
    }

    private SmtpReply sendContent() throws IOException {
        transport.within(
                properties.commandTimeout().plus(Duration.ofSeconds(message.length() / MEGABYTE)));
        try (var source = message.open()) {
            OutgoingOctets.copy(source, transport.octets());
        }
        transport.flush();
        transport.within(properties.acceptTimeout());
        complete = true;
        transport.send(".");
        transport.flush();
        var reply = transport.read().reply();
        if (!reply.positive()) {
            throw new SmtpException.Refused(Step.MESSAGE, reply);
        }
        return reply;
    }
}
