package postern.mime.header;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import postern.mime.charset.CharsetLabels;
import postern.mime.charset.OctetText;
import postern.mime.encoding.Hex;

/**
 * The decoded parameters of a Content-Type or Content-Disposition (RFC 2231 and what mail programs
 * write instead).
 *
 * @param all by lower-case name, in their original order
 */
public record MimeParameters(Map<String, String> all) {

    static final MimeParameters NONE = new MimeParameters(Map.of());

    private static final int LONGEST_LANGUAGE = 35;

    public MimeParameters {
        all = Collections.unmodifiableMap(new LinkedHashMap<>(all));
    }

    /**
     * Decodes parameters by their original names: {@code name}, {@code filename*}, {@code
     * filename*0*}.
     */
    public static MimeParameters decode(Map<String, byte[]> raw) {
        if (raw.isEmpty()) {
            return NONE;
        }
        var forms = new LinkedHashMap<String, Forms>();
        raw.forEach((name, value) -> {
            var key = Key.of(name);
            forms.computeIfAbsent(key.name(), _ -> new Forms()).add(key, value);
        });
        var all = new LinkedHashMap<String, String>();
        forms.forEach((name, form) -> all.put(name, form.decode()));
        return new MimeParameters(all);
    }

    /** The parameter with this name, ignoring case; null if there is none. */
    public @Nullable String get(String name) {
        return all.get(name.toLowerCase(Locale.ROOT));
    }

    /**
     * The components of a parameter's name: {@code filename*2*} is section 2 of filename, extended.
     */
    private record Key(String name, int section, boolean extended) {

        private static final int WHOLE = -1;
        private static final int MOST_DIGITS = 6;

        static Key of(String raw) {
            var name = raw.strip().toLowerCase(Locale.ROOT);
            boolean extended = name.length() > 1 && name.endsWith("*");
            if (extended) {
                name = name.substring(0, name.length() - 1);
            }
            int star = name.lastIndexOf('*');
            int section = star > 0 ? number(name.substring(star + 1)) : WHOLE;
            return section == WHOLE
                    ? new Key(name, WHOLE, extended)
                    : new Key(name.substring(0, star), section, extended);
        }

        private static int number(String digits) {
            boolean number =
                    !digits.isEmpty()
                            && digits.length() <= MOST_DIGITS
                            && digits.chars().allMatch(c -> c >= '0' && c <= '9');
            return number ? Integer.parseInt(digits) : WHOLE;
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared, never printed
    private record Section(byte[] value, boolean extended) {}

    /** All forms in which one parameter was given. */
    private static final class Forms {

        private @Nullable Section plain;
        private @Nullable Section extended;
        private final SortedMap<Integer, Section> sections = new TreeMap<>();

        void add(Key key, byte[] value) {
            var section = new Section(value, key.extended());
            if (key.section() != Key.WHOLE) {
                sections.putIfAbsent(key.section(), section);
            } else if (key.extended()) {
                extended = extended == null ? section : extended;
            } else {
                plain = plain == null ? section : plain;
            }
        }

        // RFC 6266 section 4.3: the extended form takes precedence over the plain one.
        String decode() {
            if (extended != null) {
                return decodeExtended(extended.value());
            }
            if (!sections.isEmpty()) {
                return decodeSections();
            }
            return plain == null ? "" : decodePlain(plain.value());
        }

        private String decodeSections() {
            boolean anyExtended = sections.values().stream().anyMatch(Section::extended);
            var joined = new ByteArrayOutputStream();
            for (var section : sections.values()) {
                if (anyExtended && !section.extended()) {
                    escapePercent(section.value(), joined);
                } else {
                    joined.writeBytes(section.value());
                }
            }
            var value = joined.toByteArray();
            return anyExtended ? decodeExtended(value) : decodePlain(value);
        }

        private static void escapePercent(byte[] value, ByteArrayOutputStream into) {
            for (byte octet : value) {
                into.write(octet);
                if (octet == '%') {
                    into.write('2');
                    into.write('5');
                }
            }
        }
    }

    /** {@code charset'language'percent-encoded}; some programs omit the prefix. */
    private static String decodeExtended(byte[] value) {
        int first = indexOf(value, '\'', 0);
        int second = first < 0 ? -1 : indexOf(value, '\'', first + 1);
        if (second < 0 || !isPrefix(value, first, second)) {
            return HeaderText.decode(unescapePercent(value, 0));
        }
        var octets = unescapePercent(value, second + 1);
        if (octets.length > 1 && octets[0] == '=' && octets[1] == '?') {
            return HeaderText.decode(octets);
        }
        var charset =
                CharsetLabels.resolve(new String(value, 0, first, StandardCharsets.ISO_8859_1));
        return HeaderText.printable(OctetText.decode(octets, 0, octets.length, charset));
    }

    /** Plain text, which may contain encoded words (forbidden here) or 8-bit characters. */
    private static String decodePlain(byte[] value) {
        return isExtendedInDisguise(value) ? decodeExtended(value) : HeaderText.decode(value);
    }

    // filename="UTF-8''na%C3%AFve.txt": several mail programs forget the star.
    private static boolean isExtendedInDisguise(byte[] value) {
        int first = indexOf(value, '\'', 0);
        return first > 0
                && first + 1 < value.length
                && value[first + 1] == '\''
                && indexOf(value, '%', first) > 0
                && CharsetLabels.resolve(new String(value, 0, first, StandardCharsets.ISO_8859_1))
                        != null;
    }

    private static boolean isPrefix(byte[] value, int first, int second) {
        if (second - first > LONGEST_LANGUAGE) {
            return false;
        }
        for (int i = 0; i < second; i++) {
            if (value[i] <= ' ' || value[i] == '%' || value[i] == '=') {
                return false;
            }
        }
        return true;
    }

    private static byte[] unescapePercent(byte[] value, int from) {
        var octets = new ByteArrayOutputStream(value.length - from);
        for (int i = from; i < value.length; i++) {
            int coded = value[i] == '%' ? Hex.octetAt(value, i + 1, value.length) : -1;
            octets.write(coded >= 0 ? coded : value[i]);
            if (coded >= 0) {
                i += 2;
            }
        }
        return octets.toByteArray();
    }

    private static int indexOf(byte[] value, char sought, int from) {
        for (int i = from; i < value.length; i++) {
            if (value[i] == sought) {
                return i;
            }
        }
        return -1;
    }
}
