package postern.submission;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import postern.message.part.HeaderField;
import postern.message.part.MessageIds;
import postern.mime.compose.HeaderWriter;
import postern.octets.OctetScan;
import postern.smtp.OutgoingMessage;
import postern.web.contract.Texts;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;
import postern.web.transfer.SpooledOctets;

/** A message that is complete here, and what sending it needs to know of it. */
final class ReadyMessage implements OutgoingMessage, AutoCloseable {

    /** RFC 5321 §4.5.3.1.6, without CRLF. */
    private static final int LONGEST_LINE = 998;

    private static final int LARGEST_HEADER = 1 << 20;

    /** What is read of In-Reply-To, which may name many messages. */
    private static final int LONGEST_IDS = 4 << 10;

    private static final Pattern SOUGHT_ID = Pattern.compile(Texts.SOUGHT_MESSAGE_ID);

    private static final int BUFFER = 64 << 10;

    private final SpooledOctets octets;
    private final List<HeaderField.Raw> fields;
    private final boolean eightBit;
    private final boolean eightBitHeader;
    private byte[] added = {};

    /** Takes over the octets, and closes them when it throws. */
    static ReadyMessage of(SpooledOctets octets) {
        boolean read = false;
        try {
            var message = new ReadyMessage(octets);
            read = true;
            return message;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            if (!read) {
                discard(octets);
            }
        }
    }

    private ReadyMessage(SpooledOctets octets) throws IOException {
        this.octets = octets;
        var check = new Check();
        var buffer = new byte[BUFFER];
        try (var in = octets.open()) {
            for (int some = in.read(buffer); some >= 0; some = in.read(buffer)) {
                check.take(buffer, some);
            }
        }
        var header = check.header.toByteArray();
        this.fields = HeaderField.split(header);
        if (fields.size() >= HeaderField.MOST) {
            throw unsendable("its header has %d fields or more".formatted(HeaderField.MOST));
        }
        this.eightBit = check.eightBit;
        this.eightBitHeader = !OctetScan.ascii(header, 0, header.length);
    }

    /** Looks at all octets once, and refuses what cannot be sent as it is. */
    private static final class Check {

        final ByteArrayOutputStream header = new ByteArrayOutputStream();
        boolean eightBit;
        private boolean inHeader = true;
        private boolean afterCarriageReturn;

        /** The length of the line so far, without any CR. */
        private int line;

        void take(byte[] octets, int length) {
            if (OctetScan.hasNul(octets, 0, length)) {
                throw unsendable("it has a NUL");
            }
            eightBit = eightBit || !OctetScan.ascii(octets, 0, length);
            int from = 0;
            while (from < length) {
                int end = OctetScan.lineEnd(octets, from, length);
                takeText(octets, from, end);
                if (end < length) {
                    takeLineEnd(octets[end++]);
                }
                from = end;
            }
        }

        /** What has neither CR nor LF. */
        private void takeText(byte[] octets, int from, int to) {
            if (from == to) {
                return;
            }
            line += to - from;
            if (line > LONGEST_LINE) {
                throw unsendable("it has a line of more than 998 octets");
            }
            if (inHeader) {
                requireNoBareReturn();
                keep(octets, from, to - from);
            }
            afterCarriageReturn = false;
        }

        private void takeLineEnd(byte octet) {
            boolean returns = octet == '\r';
            if (inHeader) {
                if (returns) {
                    requireNoBareReturn();
                }
                keep(new byte[] {octet}, 0, 1);
            }
            if (!returns) {
                inHeader &= line > 0;
                line = 0;
            }
            afterCarriageReturn = returns;
        }

        /** A field would begin behind it on the way, which nobody has looked at. */
        private void requireNoBareReturn() {
            if (afterCarriageReturn) {
                throw unsendable("its header has a CR that ends no line");
            }
        }

        private void keep(byte[] octets, int from, int length) {
            if (header.size() + length > LARGEST_HEADER) {
                throw unsendable("its header has more than 1 MB");
            }
            header.write(octets, from, length);
        }
    }

    static ProblemException unsendable(String reason) {
        return new ProblemException(
                ProblemCode.MESSAGE_NOT_SENDABLE, "the message cannot be sent: " + reason);
    }

    /**
     * Puts fields in front that the message must have and lacks.
     *
     * @param request for {@link OutgoingMessage#REQUEST_FIELD}; null for none
     */
    void addMissing(Instant date, String messageId, @Nullable String request) {
        var missing = new HeaderWriter();
        if (request != null) {
            missing.text(REQUEST_FIELD, request);
        }
        if (field("date").isEmpty()) {
            missing.date("Date", date);
        }
        if (field("message-id").isEmpty()) {
            missing.ids("Message-ID", List.of(messageId));
        }
        added = missing.toString().getBytes(UTF_8);
        fields.addAll(HeaderField.split(added));
    }

    /** Puts fields in front of the message, which stays as it is. */
    void putInFront(HeaderWriter header) throws IOException {
        try (var in = octets.open()) {
            int first = in.read();
            if (first == ' ' || first == '\t') {
                throw unsendable("it begins in the middle of a header field");
            }
        }
        added = header.toString().getBytes(UTF_8);
    }

    /** Refuses what no mail server should get. */
    void requireComplete() {
        for (var name : List.of("from", "sender", "date", "message-id")) {
            long count =
                    fields.stream()
                            .filter(it -> it.name().toLowerCase(Locale.ROOT).equals(name))
                            .count();
            if (count > 1) {
                throw unsendable("it has several fields " + name);
            }
        }
        if (field("date").isEmpty()) {
            throw unsendable("it has no Date");
        }
        if (field("message-id").isEmpty()) {
            throw unsendable("it has no Message-ID");
        }
        if (messageId() == null) {
            throw unsendable("its Message-ID is not valid");
        }
    }

    Optional<byte[]> field(String name) {
        return HeaderField.first(fields, name);
    }

    /** All fields of this name: a header may have several of To and Cc, against the standard. */
    List<byte[]> all(String name) {
        return fields.stream()
                .filter(it -> it.name().toLowerCase(Locale.ROOT).equals(name))
                .map(HeaderField.Raw::value)
                .toList();
    }

    /**
     * The first Message-ID in In-Reply-To, without angle brackets; null where there is none, none
     * that can be looked for, or its own.
     */
    @Nullable String inReplyTo() {
        var id =
                field("in-reply-to")
                        .map(value ->
                                new String(value, 0, Math.min(value.length, LONGEST_IDS), UTF_8))
                        .map(MessageIds::parse)
                        .flatMap(ids -> ids.stream().findFirst())
                        .filter(it -> SOUGHT_ID.matcher(it).matches())
                        .orElse(null);
        return id == null || id.equals(messageId()) ? null : id;
    }

    /** Without angle brackets; null where there is none. */
    @Nullable String messageId() {
        return field("message-id")
                .map(value -> new String(value, UTF_8))
                .map(MessageIds::parse)
                .filter(ids -> ids.size() == 1 && !ids.getFirst().isEmpty())
                .map(List::getFirst)
                .orElse(null);
    }

    @Override
    public InputStream open() throws IOException {
        return new SequenceInputStream(new ByteArrayInputStream(added), octets.open());
    }

    @Override
    public long length() {
        return added.length + octets.length();
    }

    @Override
    public boolean eightBit() {
        return eightBit;
    }

    @Override
    public boolean eightBitHeader() {
        return eightBitHeader;
    }

    @Override
    public void close() {
        discard(octets);
    }

    /** Closes them after a failure; errors are ignored. */
    static void discard(SpooledOctets octets) {
        try {
            octets.close();
        } catch (IOException _) {
            // the file is deleted when the process ends
        }
    }
}
