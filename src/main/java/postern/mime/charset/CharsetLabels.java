package postern.mime.charset;

import static java.util.Map.entry;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Maps the charset labels found in real mail to the charset that their senders mean. */
public final class CharsetLabels {

    static final Charset WINDOWS_1252 = Charset.forName("windows-1252");

    private static final int LONGEST = 64;

    private CharsetLabels() {}

    /** Null if the label is of no use: unknown, or US-ASCII, which is also put on 8-bit text. */
    public static @Nullable Charset resolve(@Nullable String label) {
        if (label == null || label.length() > LONGEST) {
            return null;
        }
        return switch (label) {
            case "utf-8", "UTF-8" -> StandardCharsets.UTF_8;
            case "us-ascii", "US-ASCII" -> null;
            case "iso-8859-1", "ISO-8859-1", "windows-1252", "Windows-1252" -> WINDOWS_1252;
            default -> Known.find(squeeze(label));
        };
    }

    /** Letters and digits only: cp-850, CP850 and "cp 850" are one label. */
    private static String squeeze(String label) {
        var squeezed = new StringBuilder(label.length());
        for (char c : label.toLowerCase(Locale.ROOT).toCharArray()) {
            if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')) {
                squeezed.append(c);
            }
        }
        return squeezed.toString();
    }

    /**
     * All charset names, read once. Charset.forName asks every provider for each unknown name,
     * which takes 100 us: a header full of invented charsets would take minutes.
     */
    private static final class Known {

        // Browsers and mail clients decode the superset when they see the name of the subset.
        private static final Map<String, String> SUPERSETS =
                Map.ofEntries(
                        entry("ISO-8859-1", "windows-1252"),
                        entry("ISO-8859-9", "windows-1254"),
                        entry("TIS-620", "x-windows-874"),
                        entry("x-iso-8859-11", "x-windows-874"),
                        entry("GB2312", "GB18030"),
                        entry("GBK", "GB18030"),
                        entry("x-mswin-936", "GB18030"),
                        entry("EUC-KR", "x-windows-949"),
                        entry("Shift_JIS", "windows-31j"),
                        entry("ISO-2022-JP", "x-windows-iso2022jp"),
                        entry("Big5", "Big5-HKSCS"));

        private static final Map<String, String> ALIASES =
                Map.ofEntries(
                        entry("ansi", "windows-1252"),
                        entry("ansix3110", "windows-1252"),
                        entry("ansix31101983", "windows-1252"),
                        entry("cp874", "x-windows-874"),
                        entry("cp932", "windows-31j"),
                        entry("cp936", "GB18030"),
                        entry("cp949", "x-windows-949"),
                        entry("cp950", "x-windows-950"),
                        entry("chinesebig5", "Big5-HKSCS"),
                        entry("gb231280", "GB18030"),
                        entry("iso88598e", "ISO-8859-8"),
                        entry("iso88598i", "ISO-8859-8"),
                        entry("koi8", "KOI8-R"),
                        entry("koi8ru", "KOI8-U"),
                        entry("korean", "x-windows-949"),
                        entry("ksc5601", "x-windows-949"),
                        entry("mac", "x-MacRoman"),
                        entry("macintosh", "x-MacRoman"),
                        entry("macce", "x-MacCentralEurope"),
                        entry("ucs2", "UTF-16"),
                        entry("unicode", "UTF-16"),
                        entry("unicode11utf8", "UTF-8"),
                        entry("unicode20utf8", "UTF-8"),
                        entry("unicodefffe", "UTF-16BE"),
                        entry("utf8mac", "UTF-8"),
                        entry("utf8mb4", "UTF-8"));

        private static final Map<String, Charset> BY_NAME = read();

        static @Nullable Charset find(String squeezed) {
            var charset = BY_NAME.get(squeezed);
            if (charset == null && squeezed.startsWith("x")) {
                charset = BY_NAME.get(squeezed.substring(1));
            }
            if (charset == null) {
                charset = BY_NAME.get("x" + squeezed);
            }
            return charset != null ? charset : BY_NAME.get(codePage(squeezed));
        }

        /** The code page number in win1252, windows-850, dos-437 or msdos866. */
        private static String codePage(String squeezed) {
            int digits = 0;
            while (digits < squeezed.length() && squeezed.charAt(digits) > '9') {
                digits++;
            }
            return switch (squeezed.substring(0, digits)) {
                case "win", "windows", "xcp", "dos", "msdos", "codepage", "oem", "ms" ->
                        "cp" + squeezed.substring(digits);
                default -> squeezed;
            };
        }

        private static Map<String, Charset> read() {
            var byName = new HashMap<String, Charset>();
            for (var charset : Charset.availableCharsets().values()) {
                var meant = superset(charset);
                charset.aliases().forEach(alias -> byName.putIfAbsent(squeeze(alias), meant));
                byName.put(squeeze(charset.name()), meant);
            }
            ALIASES.forEach((alias, name) -> byName.put(alias, Charset.forName(name)));
            byName.put("utf7", Utf7.INSTANCE);
            byName.put("unicode11utf7", Utf7.INSTANCE);
            byName.put("unicode20utf7", Utf7.INSTANCE);
            byName.values().removeIf(StandardCharsets.US_ASCII::equals);
            return Map.copyOf(byName);
        }

        private static Charset superset(Charset charset) {
            var name = SUPERSETS.get(charset.name());
            return name == null ? charset : Charset.forName(name);
        }
    }
}
