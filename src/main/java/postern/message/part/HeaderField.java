package postern.message.part;

import io.swagger.v3.oas.annotations.media.Schema;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import postern.mime.header.HeaderText;

/// One field of a message's header.
///
/// @param value Unfolded and decoded.
public record HeaderField(
        @Schema(example = "List-Id") String name,
        @Schema(example = "<news.example.org>") String value) {

    /** Upper bound on the fields of a header; no real mail has more. The rest is not read. */
    public static final int MOST = 2_000;

    /** A field that is not decoded yet; {@code value} may still be folded. */
    public record Raw(String name, byte[] value) {
        public HeaderField decoded() {
            return new HeaderField(name, HeaderText.decode(value).strip());
        }
    }

    /**
     * Splits a header into its fields (RFC 5322 §2.2); lines that are not part of a field are
     * skipped.
     */
    public static List<Raw> split(byte[] header) {
        var fields = new ArrayList<Raw>();
        for (int at = 0; at < header.length && fields.size() < MOST; ) {
            int end = endOfField(header, at);
            field(header, at, end).ifPresent(fields::add);
            at = end;
        }
        return fields;
    }

    public static Optional<byte[]> first(List<Raw> fields, String name) {
        return fields.stream()
                .filter(f -> f.name().toLowerCase(Locale.ROOT).equals(name))
                .map(Raw::value)
                .findFirst();
    }

    /** A line that begins with a space or tab continues the field (RFC 5322 §2.2.3). */
    private static int endOfField(byte[] header, int start) {
        for (int i = start; i < header.length; i++) {
            if (header[i] == '\n' && !(i + 1 < header.length && isBlank(header[i + 1]))) {
                return i + 1;
            }
        }
        return header.length;
    }

    private static boolean isBlank(byte octet) {
        return octet == ' ' || octet == '\t';
    }

    private static Optional<Raw> field(byte[] header, int start, int end) {
        int colon = start;
        while (colon < end && header[colon] > ' ' && header[colon] < 0x7f && header[colon] != ':') {
            colon++;
        }
        int afterName = colon;
        while (colon < end && isBlank(header[colon])) {
            colon++; // RFC 5322 §4.5: old mailers put a space before the colon
        }
        if (afterName == start || colon == end || header[colon] != ':') {
            return Optional.empty();
        }
        var name = new String(header, start, afterName - start, StandardCharsets.US_ASCII);
        return Optional.of(new Raw(name, Arrays.copyOfRange(header, colon + 1, end)));
    }
}
