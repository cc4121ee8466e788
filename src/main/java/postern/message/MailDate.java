package postern.message;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import postern.imap.RawText;

/** Reads a Date header (RFC 5322 §3.3), the obsolete forms of §4.3 included. */
public final class MailDate {

    private static final Pattern DATE =
            Pattern.compile(
                    "(?:[A-Za-z]{3,9}\\s*[,.]?\\s*)?(\\d{1,2})[\\s-]+([A-Za-z]{3})[A-Za-z]*[\\s-]+(\\d{2,4})"
                            + "[\\s,]+(\\d{1,2}):(\\d{2})(?::(\\d{2}))?(?:\\s*([+-]\\d{4}|[A-Za-z]{1,5}))?.*",
                    Pattern.DOTALL);

    private static final Pattern COMMENT = Pattern.compile("\\([^()]*\\)");

    private static final String MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec";

    private static final Map<String, Integer> ZONES =
            Map.of(
                    "EST", -5, "EDT", -4, "CST", -6, "CDT", -5, "MST", -7, "MDT", -6, "PST", -8,
                    "PDT", -7);

    private MailDate() {}

    /** Null for a header that is absent or no date. */
    public static @Nullable Instant parse(@Nullable RawText header) {
        if (header == null || header.octets().length > 200) {
            return null;
        }
        var text = withoutComments(header.toString()).strip();
        var date = DATE.matcher(text);
        return date.matches() ? instant(date) : null;
    }

    private static String withoutComments(String text) {
        return text.indexOf('(') < 0 ? text : COMMENT.matcher(text).replaceAll(" ");
    }

    private static @Nullable Instant instant(Matcher date) {
        int month = MONTHS.indexOf(date.group(2).toLowerCase(Locale.ROOT));
        if (month % 3 != 0) {
            return null;
        }
        try {
            return LocalDateTime.of(
                            year(date.group(3)),
                            month / 3 + 1,
                            Integer.parseInt(date.group(1)),
                            Integer.parseInt(date.group(4)),
                            Integer.parseInt(date.group(5)))
                    .plusSeconds(date.group(6) == null ? 0 : Integer.parseInt(date.group(6)))
                    .toInstant(zone(date.group(7)));
        } catch (DateTimeException _) {
            return null;
        }
    }

    /**
     * RFC 5322 §4.3: two digits below 50 are after 2000, all others and three digits after 1900.
     */
    private static int year(String digits) {
        int year = Integer.parseInt(digits);
        return switch (digits.length()) {
            case 2 -> year < 50 ? 2000 + year : 1900 + year;
            case 3 -> 1900 + year;
            default -> year;
        };
    }

    /** RFC 5322 §4.3: a zone that is not known says nothing, as does none. */
    private static ZoneOffset zone(@Nullable String zone) {
        if (zone == null) {
            return ZoneOffset.UTC;
        }
        if (zone.charAt(0) != '+' && zone.charAt(0) != '-') {
            return ZoneOffset.ofHours(ZONES.getOrDefault(zone.toUpperCase(Locale.ROOT), 0));
        }
        int minutes = Integer.parseInt(zone, 1, 3, 10) * 60 + Integer.parseInt(zone, 3, 5, 10);
        return ZoneOffset.ofTotalSeconds((zone.charAt(0) == '-' ? -60 : 60) * minutes);
    }
}
