package postern.mime.charset;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.mozilla.universalchardet.UniversalDetector;

/** Decodes octets whose charset is known, wrong or missing. */
public final class OctetText {

    private static final byte ESCAPE = 0x1B;
    private static final int SAMPLE = 64 * 1024;

    private static final int LONGEST_LATIN_RUN = 2;

    /** Text in another charset is hardly ever valid UTF-8 for this many multi-octet characters. */
    private static final int ENOUGH_BEFORE = 4;

    private static final Charset ISO_2022_JP = Charset.forName("x-windows-iso2022jp");
    private static final Charset ISO_2022_KR = Charset.forName("ISO-2022-KR");

    // Labels that software writes by default; real text in these charsets is never valid UTF-8 by
    // chance.
    private static final Set<Charset> WRITTEN_BY_DEFAULT =
            Set.of(CharsetLabels.WINDOWS_1252, Charset.forName("ISO-8859-15"));

    private OctetText() {}

    /** Decodes with the declared charset unless the octets contradict it. */
    public static String decode(byte[] octets, int from, int to, @Nullable Charset declared) {
        if (declared == null) {
            return decode(octets, from, to);
        }
        var utf8 = Utf8.scan(octets, from, to);
        if (utf8.ascii()) {
            return new String(octets, from, to - from, declared);
        }
        if (declared.equals(StandardCharsets.UTF_8)) {
            return utf8.likely()
                    ? utf8(octets, from, to, utf8)
                    : partlyUtf8(octets, from, to, utf8);
        }
        boolean mislabelled =
                WRITTEN_BY_DEFAULT.contains(declared)
                        ? utf8.valid()
                        : MislabelledUtf8.is(octets, from, to, utf8, declared);
        return mislabelled
                ? utf8(octets, from, to, utf8)
                : new String(octets, from, to - from, declared);
    }

    /** Decodes octets without a declared charset. */
    public static String decode(byte[] octets, int from, int to) {
        var escaped = escaped(octets, from, to);
        if (escaped != null) {
            return new String(octets, from, to - from, escaped);
        }
        var utf8 = Utf8.scan(octets, from, to);
        if (utf8.valid()) {
            return utf8(octets, from, to, utf8);
        }
        return utf8.likely() ? mixed(octets, from, to) : partlyUtf8(octets, from, to, utf8);
    }

    /**
     * Decodes octets most of which are not UTF-8: text in another charset, or UTF-8 with a fragment
     * in another charset, such as the footer that a mailing list appends.
     */
    private static String partlyUtf8(byte[] octets, int from, int to, Utf8 scanned) {
        if (scanned.multiByte() > 0) {
            var runs = Runs.of(octets, from, to);
            if (runs.utf8() > 0 && runs.restLooksLatin()) {
                return mixed(octets, from, to);
            }
            if (runs.charactersBefore() >= ENOUGH_BEFORE) {
                int split = runs.firstOther();
                return new String(octets, from, split - from, StandardCharsets.UTF_8)
                        + new String(octets, split, to - split, legacy(octets, split, to));
            }
        }
        return new String(octets, from, to - from, legacy(octets, from, to));
    }

    /**
     * The runs of octets above 0x7F.
     *
     * @param utf8 number of runs that are entirely valid UTF-8
     * @param restLooksLatin whether the other runs are short, as accented letters in Latin text are
     * @param charactersBefore UTF-8 characters before the first run that is not UTF-8
     * @param firstOther offset of that run
     */
    private record Runs(int utf8, boolean restLooksLatin, int charactersBefore, int firstOther) {

        static Runs of(byte[] octets, int from, int to) {
            int utf8 = 0;
            int before = 0;
            int firstOther = to;
            int strange = 0;
            boolean latin = true;
            int i = from;
            while ((i = Utf8.nextNonAscii(octets, i, to)) < to) {
                int end = endOfRun(octets, i, to);
                var run = Utf8.scan(octets, i, end);
                if (run.valid() && (run.cutOff() == 0 || end == to)) {
                    utf8 += capitalAndPunctuation(octets, i, end) ? 0 : 1;
                    before += firstOther == to ? run.multiByte() : 0;
                } else {
                    firstOther = Math.min(firstOther, i);
                    latin &= end - i <= LONGEST_LATIN_RUN;
                    for (int k = i; k < end; k++) {
                        strange += isStrangeToLatin(octets[k] & 0xFF) ? 1 : 0;
                    }
                }
                i = end;
            }
            return new Runs(utf8, latin && strange <= 1, before, firstOther);
        }

        /** The octets of "É»" in a Latin charset are valid UTF-8 by chance. */
        private static boolean capitalAndPunctuation(byte[] octets, int from, int to) {
            if (to - from != 2 || (octets[from] & 0xFF) <= 0xC5) {
                return false;
            }
            return switch (octets[from + 1] & 0xFF) {
                case 0x85, 0x92, 0x93, 0x94, 0x96, 0x97, 0xAB, 0xBB -> true;
                default -> false;
            };
        }

        private static int endOfRun(byte[] octets, int from, int to) {
            int end = from;
            while (end < to && octets[end] < 0) {
                end++;
            }
            return end;
        }
    }

    // A truncated part or header may end in the middle of a character.
    private static String utf8(byte[] octets, int from, int to, Utf8 scanned) {
        return new String(octets, from, to - from - scanned.cutOff(), StandardCharsets.UTF_8);
    }

    /**
     * Decodes UTF-8 with single octets of Latin text in between, as in headers that several
     * programs wrote.
     */
    private static String mixed(byte[] octets, int from, int to) {
        var text = new StringBuilder(to - from);
        int run = from;
        int i = from;
        while ((i = Utf8.nextNonAscii(octets, i, to)) < to) {
            int length = Utf8.length(octets, i, to);
            if (length > 0) {
                i += length;
                continue;
            }
            text.append(new String(octets, run, i - run, StandardCharsets.UTF_8));
            text.append(new String(octets, i, 1, CharsetLabels.WINDOWS_1252));
            run = ++i;
        }
        return text.append(new String(octets, run, to - run, StandardCharsets.UTF_8)).toString();
    }

    /** The ISO 2022 charset whose escape sequences occur in the octets (RFC 1468, RFC 1557). */
    private static @Nullable Charset escaped(byte[] octets, int from, int to) {
        for (int i = from; i + 2 < to; i++) {
            if (octets[i] != ESCAPE) {
                continue;
            }
            byte kind = octets[i + 1];
            byte set = octets[i + 2];
            if ((kind == '$' && (set == 'B' || set == '@' || set == '('))
                    || (kind == '(' && (set == 'J' || set == 'I'))) {
                return ISO_2022_JP;
            }
            if (kind == '$' && set == ')' && i + 3 < to && octets[i + 3] == 'C') {
                return ISO_2022_KR;
            }
        }
        return null;
    }

    /** The most likely charset of octets that are not UTF-8. */
    private static Charset legacy(byte[] octets, int from, int to) {
        int first = Utf8.nextNonAscii(octets, from, to);
        int end = (int) Math.min(to, (long) first + SAMPLE);
        if (looksLatin(octets, first, end)) {
            return CharsetLabels.WINDOWS_1252;
        }
        var detector = new UniversalDetector();
        detector.handleData(octets, first, end - first);
        detector.dataEnd();
        var detected = detector.getDetectedCharset();
        // The two share most letters, and mail programs on the Mac always declared their charset.
        var likelier = "MACCYRILLIC".equals(detected) ? "windows-1251" : detected;
        var charset = CharsetLabels.resolve(likelier);
        return charset == null || charset.equals(StandardCharsets.UTF_8)
                ? CharsetLabels.WINDOWS_1252
                : charset;
    }

    // In Latin text, accented letters occur alone or in pairs. Cyrillic, Greek and CJK have longer
    // runs, and the lead octets of Shift_JIS do not occur in Latin text. For a short Latin line the
    // detector often answers with a Cyrillic code page.
    private static boolean looksLatin(byte[] octets, int from, int to) {
        int run = 0;
        int strange = 0;
        for (int i = from; i < to; i++) {
            run = octets[i] < 0 ? run + 1 : 0;
            strange += isStrangeToLatin(octets[i] & 0xFF) ? 1 : 0;
            if (run > LONGEST_LATIN_RUN || strange > 1) {
                return false;
            }
        }
        return true;
    }

    private static boolean isStrangeToLatin(int octet) {
        return switch (octet) {
            case 0x81, 0x82, 0x83, 0x8D, 0x8F, 0x90, 0x9D -> true;
            default -> false;
        };
    }
}
