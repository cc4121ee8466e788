package postern.samplemail;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A mailbox full of mail. Message {@code n} depends on the seed and {@code n} only: the same seed
 * makes the same octets, however many messages are asked for.
 */
public record SampleMail(long seed, Instant first, Duration interval) {
    private static final String LARGE_NAME = "backup.bin";
    private static final String MARK = "=attachment=";

    /** Mail from the beginning of 2025 on, a message every seven minutes. */
    public SampleMail(long seed) {
        this(seed, Instant.parse("2025-01-01T00:00:00Z"), Duration.ofMinutes(7));
    }

    public Stream<SampleMessage> messages(int count) {
        return IntStream.range(0, count).mapToObj(this::message);
    }

    public SampleMessage message(int index) {
        return message(index, SampleKind.roll(SeededRandom.of(seed, index, "kind")));
    }

    /** The message with this index, but of this kind. */
    public SampleMessage message(int index, SampleKind kind) {
        var body = new Bodies(new Conversations(seed), index).body(kind);
        var octets = new Headers(new Conversations(seed), index, sentAt(index), kind).around(body);
        return new SampleMessage(
                SampleMessage.Content.of(octets),
                sentAt(index),
                flags(index),
                kind,
                body.attachments());
    }

    /** A text with one attachment of any size, which is not held in memory. */
    public SampleMessage withAttachment(int index, long attachmentOctets) {
        var content = largeContent(index, attachmentOctets);
        return new SampleMessage(
                content,
                sentAt(index),
                flags(index),
                SampleKind.MIXED,
                List.of(content.describe(LARGE_NAME)));
    }

    private LargeContent largeContent(int index, long attachmentOctets) {
        var conversations = new Conversations(seed);
        var placeholder =
                Entity.of(
                        List.of(
                                "Content-Type: application/octet-stream",
                                FileNameStyle.RFC_2231.disposition("attachment", LARGE_NAME)),
                        new byte[0],
                        TransferEncoding.BASE64);
        var text = Entity.text(String.join("\n\n", conversations.paragraphs(index)) + "\n");
        var entity = Entity.multipart("mixed", text, placeholder.withBody(MARK.getBytes(US_ASCII)));
        var message =
                new Headers(conversations, index, sentAt(index), SampleKind.MIXED)
                        .around(new Bodies.Body(entity, List.of()));
        return split(
                message,
                SeededRandom.of(seed, index, "large").between(0, 1 << 30),
                attachmentOctets);
    }

    private static LargeContent split(byte[] message, long seed, long attachmentOctets) {
        // Latin-1 maps every octet to one character and back.
        var text = new String(message, ISO_8859_1);
        int mark = text.indexOf(MARK);
        return new LargeContent(
                Arrays.copyOfRange(message, 0, mark),
                Arrays.copyOfRange(message, mark + MARK.length(), message.length),
                seed,
                attachmentOctets);
    }

    private Instant sentAt(int index) {
        long jitter =
                SeededRandom.of(seed, index, "time").between(0, (int) interval.toSeconds() - 1);
        return first.plus(interval.multipliedBy(index)).plusSeconds(jitter);
    }

    private Set<String> flags(int index) {
        var dice = SeededRandom.of(seed, index, "flags");
        var flags = new LinkedHashSet<String>();
        if (dice.happens(0.7)) {
            flags.add("\\Seen");
        }
        if (dice.happens(0.08)) {
            flags.add("\\Flagged");
        }
        if (dice.happens(0.15)) {
            flags.add("\\Answered");
        }
        return flags;
    }
}
