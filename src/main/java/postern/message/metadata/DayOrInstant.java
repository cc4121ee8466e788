package postern.message.metadata;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ValueRange;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import postern.imap.message.SearchTerm;

/**
 * A day in the mail server's time zone, or an exact time.
 *
 * <p>SEARCH compares days only, each in the time zone of the message's internal date (RFC 9051
 * §6.4.4). For an exact time the search therefore includes one more day on either side, and the
 * internal date of each result is compared here.
 *
 * @param instant null for a day
 */
public record DayOrInstant(LocalDate day, @Nullable Instant instant) {

    /** IMAP dates have years of four digits; the day before the first one must be valid too. */
    private static final ValueRange YEARS = ValueRange.of(1_000, 9_998);

    /** Reads an RFC 3339 full-date or date-time; empty for anything else. */
    public static Optional<DayOrInstant> parse(String text) {
        try {
            var moment =
                    text.length() == 10
                            ? of(LocalDate.parse(text))
                            : of(OffsetDateTime.parse(text));
            return Optional.of(moment).filter(m -> YEARS.isValidIntValue(m.day().getYear()));
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    private static DayOrInstant of(LocalDate day) {
        return new DayOrInstant(day, null);
    }

    private static DayOrInstant of(OffsetDateTime time) {
        return new DayOrInstant(
                time.withOffsetSameInstant(ZoneOffset.UTC).toLocalDate(), time.toInstant());
    }

    public SearchTerm since() {
        return new SearchTerm.Since(instant == null ? day : day.minusDays(1));
    }

    public SearchTerm before() {
        return new SearchTerm.Before(instant == null ? day : day.plusDays(2));
    }

    /** Messages that match arrived after this time in every time zone. */
    SearchTerm certainlySince() {
        return new SearchTerm.Since(instant == null ? day : day.plusDays(2));
    }

    /** Messages that match arrived before this time in every time zone. */
    SearchTerm certainlyBefore() {
        return new SearchTerm.Before(instant == null ? day : day.minusDays(1));
    }

    public boolean exact() {
        return instant != null;
    }

    /** Whether this is later than the arrival of a message that matched the search. */
    public boolean after(Instant arrival) {
        return instant != null && arrival.isBefore(instant);
    }
}
