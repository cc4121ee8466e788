package postern.message.metadata;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import postern.imap.message.SortKey;

/**
 * The sort key of a message, compared as mail servers do: times in seconds, texts by
 * i;unicode-casemap first and without accents (RFC 5051).
 *
 * @param text empty when the number is the key
 */
public record SortValue(long number, String text) implements Comparable<SortValue> {

    /** Longer texts are cut to keep cursors short; texts that agree up to here are equal. */
    private static final int LONGEST = 60;

    private static SortValue of(long number) {
        return new SortValue(number, "");
    }

    static SortValue of(SortKey key, MessageMetadata metadata) {
        return switch (key) {
            case ARRIVAL -> of(seconds(metadata.receivedAt()));
            case DATE ->
                    of(
                            seconds(
                                    metadata.header().sentAt() == null
                                            ? metadata.receivedAt()
                                            : metadata.header().sentAt().toInstant()));
            case SIZE -> of(metadata.size() == null ? 0 : metadata.size());
            case SUBJECT ->
                    of(
                            metadata.header().subject() == null
                                    ? ""
                                    : BaseSubject.of(metadata.header().subject()));
            case DISPLAY_FROM -> of(displayed(metadata.addresses().from()));
            case DISPLAY_TO -> of(displayed(metadata.addresses().to()));
        };
    }

    private static long seconds(@Nullable Instant time) {
        return time == null ? 0 : time.getEpochSecond();
    }

    private static String displayed(List<EmailAddress> addresses) {
        if (addresses.isEmpty()) {
            return "";
        }
        var first = addresses.getFirst();
        return first.name() == null ? first.email() : first.name();
    }

    private static SortValue of(String text) {
        var titled = new StringBuilder();
        text.codePoints()
                .limit(LONGEST)
                .map(Character::toTitleCase)
                .forEach(titled::appendCodePoint);
        var folded = Normalizer.normalize(titled, Normalizer.Form.NFKD);
        return new SortValue(0, folded.substring(0, Math.min(LONGEST, folded.length())));
    }

    /** Whether a longer text may follow, so that equal values need not be ties on the server. */
    boolean cut() {
        return text.length() >= LONGEST;
    }

    /** Encodes the value as numbers for a cursor. */
    public long[] toNumbers() {
        return text.isEmpty()
                ? new long[] {number}
                : LongStream.concat(LongStream.of(number), text.chars().asLongStream()).toArray();
    }

    /** Decodes a value; accepts any numbers. */
    public static SortValue ofNumbers(List<Long> numbers) {
        var text = new StringBuilder();
        numbers.stream().skip(1).limit(LONGEST).forEach(c -> text.append((char) c.longValue()));
        return new SortValue(numbers.getFirst(), text.toString());
    }

    @Override
    public int compareTo(SortValue other) {
        int byNumber = Long.compare(number, other.number);
        return byNumber != 0 ? byNumber : Arrays.compareUnsigned(octets(), other.octets());
    }

    private byte[] octets() {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
