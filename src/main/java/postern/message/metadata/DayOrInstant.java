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
 * A day, which is the mail server's, or an exact time.
 *
 * <p>SEARCH knows days only, in the zone that each arrival was written down in (RFC 9051 §6.4.4).
 * Around an exact time it is therefore asked for a day more on either side, and each arrival is
 * looked at.
 *
 * @param instant null for a day
 */
public record DayOrInstant(LocalDate day, @Nullable Instant instant) {

    /** IMAP writes a year in four digits; a day less than the first of these must fit as well. */
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

    /** What is so late by its day arrived after this in every zone. */
    SearchTerm certainlySince() {
        return new SearchTerm.Since(instant == null ? day : day.plusDays(2));
    }

    /** What is so early by its day arrived before this in every zone. */
    SearchTerm certainlyBefore() {
        return new SearchTerm.Before(instant == null ? day : day.minusDays(1));
    }

    public boolean exact() {
        return instant != null;
    }

    /** Whether this is later than an arrival that the search has let through. */
    public boolean after(Instant arrival) {
        return instant != null && arrival.isBefore(instant);
    }
}
