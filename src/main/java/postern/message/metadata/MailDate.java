package postern.message.metadata;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import postern.imap.message.RawText;
import postern.message.part.HeaderComments;
import postern.wordlist.WordList;

/**
 * Parses a Date header: RFC 5322 §3.3 with the obsolete forms of §4.3, and formats of other
 * programs, such as asctime and ISO 8601. If the result could be hours off, there is none.
 */
public final class MailDate {

    private static final int LONGEST = 200;
    private static final int EARLIEST = 1900;
    private static final int LATEST = 9998;

    // RFC 5322 allows offsets of up to 99 hours, but no real time zone is further from UTC.
    private static final int FARTHEST_MINUTES = 14 * 60;

    /** A weekday in any language, with or without a dot. */
    private static final String WEEKDAY = "(?:[^\\d\\s+-]{1,14}[.]?\\s+)?";

    private static final String DAY = "(?<day>\\d{1,2})(?:st|nd|rd|th|[.])?";
    private static final String MONTH = "(?<month>\\p{L}{3,9})[.]?";
    private static final String YEAR = "(?<year>\\d{2,4})";
    private static final String TIME =
            "(?<hour>\\d{1,2})[:.](?<minute>\\d{1,2})(?:[:.](?<second>\\d{1,2})(?:[.]\\d{1,9})?)?"
                    + "(?:\\s*(?<half>[AaPp])[.]?[Mm][.]?(?![A-Za-z]))?";
    private static final String ZONE = "(?<zone>.*)";

    private static final List<Pattern> FORMS =
            List.of(
                    form(
                            WEEKDAY + DAY + "[\\s-]*" + MONTH + "[\\s-]*" + YEAR + "\\s+" + TIME
                                    + ZONE),
                    form(WEEKDAY + MONTH + "\\s+" + DAY + "\\s+" + YEAR + "\\s+" + TIME + ZONE),
                    form(
                            WEEKDAY
                                    + MONTH
                                    + "\\s+"
                                    + DAY
                                    + "\\s+"
                                    + TIME
                                    + "(?<zoneBefore>\\s+[A-Za-z+-][\\w:+-]{0,9})?\\s+"
                                    + "(?<year>\\d{4})(?!\\d)"
                                    + ZONE),
                    form(
                            "(?<year>\\d{4})([-/])(?<month>\\d{1,2})\\2(?<day>\\d{1,2})(?:[Tt]|\\s+)"
                                    + TIME
                                    + ZONE));

    private static final Pattern OFFSET =
            Pattern.compile("([+-])(\\d{1,2})(?::?(\\d{2}))?(?![\\d:]).*", Pattern.DOTALL);
    private static final Pattern SHORT_OFFSET = Pattern.compile("([+-])(\\d)(\\d{2})(?!\\d).*");
    private static final Pattern NAME =
            Pattern.compile("\"?(\\p{L}{1,5})\"?\\s*([+-]\\d.*)?(?:\\s.*)?");

    private static final List<String> MONTHS =
            List.of(
                    "january",
                    "february",
                    "march",
                    "april",
                    "may",
                    "june",
                    "july",
                    "august",
                    "september",
                    "october",
                    "november",
                    "december");

    /** Offsets in minutes. */
    private static final Map<String, Integer> ZONES =
            WordList.read(MailDate.class, "zone-abbreviations.txt")
                    .pairs("zones", offset -> ZoneOffset.of(offset).getTotalSeconds() / 60);

    private MailDate() {}

    private static Pattern form(String pattern) {
        return Pattern.compile(pattern, Pattern.DOTALL);
    }

    /** With the offset that the sender wrote; null when the header is missing or not a date. */
    public static @Nullable OffsetDateTime parse(@Nullable RawText header) {
        if (header == null || header.octets().length > LONGEST) {
            return null;
        }
        var text = HeaderComments.removed(header.toString()).replace(',', ' ').strip();
        for (var form : FORMS) {
            var date = form.matcher(text);
            if (date.matches()) {
                return time(date);
            }
        }
        return null;
    }

    private static @Nullable OffsetDateTime time(Matcher date) {
        var zone = zone(zoneOf(date));
        if (zone == null) {
            return null;
        }
        int year = year(date.group("year"));
        int hour = hour(date);
        int minute = Integer.parseInt(date.group("minute"));
        int second = date.group("second") == null ? 0 : Integer.parseInt(date.group("second"));
        boolean endOfDay = hour == 24 && minute == 0 && second == 0;
        if (year < EARLIEST || year > LATEST || second > 60) {
            return null;
        }
        try {
            return LocalDateTime.of(
                            year,
                            month(date.group("month")),
                            Integer.parseInt(date.group("day")),
                            endOfDay ? 0 : hour,
                            minute)
                    .plusDays(endOfDay ? 1 : 0)
                    .plusSeconds(second) // a leap second
                    .atOffset(zone);
        } catch (DateTimeException _) {
            return null;
        }
    }

    private static String zoneOf(Matcher date) {
        var zone = date.group("zone").strip();
        boolean before = date.namedGroups().containsKey("zoneBefore") && zone.isEmpty();
        var other = before ? date.group("zoneBefore") : null;
        return other == null ? zone : other.strip();
    }

    /** 0 when it is not the name of a month. */
    private static int month(String month) {
        if (Character.isDigit(month.charAt(0))) {
            return Integer.parseInt(month);
        }
        var name = month.toLowerCase(Locale.ROOT);
        for (int i = 0; i < MONTHS.size(); i++) {
            if (MONTHS.get(i).startsWith(name)) {
                return i + 1;
            }
        }
        return 0;
    }

    /** -1 when it is not an hour of a 12-hour clock. */
    private static int hour(Matcher date) {
        int hour = Integer.parseInt(date.group("hour"));
        var half = date.group("half");
        if (half == null) {
            return hour;
        }
        return hour < 1 || hour > 12 ? -1 : hour % 12 + (half.equalsIgnoreCase("p") ? 12 : 0);
    }

    /**
     * RFC 5322 §4.3: two digits below 50 mean 20xx; other two digits and three digits count from
     * 1900.
     */
    private static int year(String digits) {
        int year = Integer.parseInt(digits);
        return switch (digits.length()) {
            case 2 -> year < 50 ? 2000 + year : 1900 + year;
            case 3 -> 1900 + year;
            default -> year;
        };
    }

    /**
     * UTC when there is no zone. Null for an unknown one: RFC 5322 §4.3 treats it as UTC, but the
     * sender was probably in another zone.
     */
    private static @Nullable ZoneOffset zone(String zone) {
        if (zone.isEmpty()) {
            return ZoneOffset.UTC;
        }
        if (zone.charAt(0) == '+' || zone.charAt(0) == '-') {
            return offset(zone);
        }
        var named = NAME.matcher(zone);
        if (!named.matches()) {
            return null;
        }
        if (named.group(2) != null) {
            return offset(named.group(2)); // GMT+01:00
        }
        var name = named.group(1).toUpperCase(Locale.ROOT);
        if (name.length() == 1) {
            // RFC 5322 §4.3: an earlier RFC defined the military zones with the wrong sign.
            return name.charAt(0) <= 'Z' ? ZoneOffset.UTC : null;
        }
        var minutes = ZONES.get(name);
        return minutes == null ? null : ZoneOffset.ofTotalSeconds(minutes * 60);
    }

    private static @Nullable ZoneOffset offset(String offset) {
        var shorter = SHORT_OFFSET.matcher(offset);
        var matcher = shorter.matches() ? shorter : OFFSET.matcher(offset);
        if (!matcher.matches()) {
            return null;
        }
        int minute = matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3));
        int minutes = Integer.parseInt(matcher.group(2)) * 60 + minute;
        return minute > 59 || minutes > FARTHEST_MINUTES
                ? null
                : ZoneOffset.ofTotalSeconds((matcher.group(1).equals("-") ? -60 : 60) * minutes);
    }
}
