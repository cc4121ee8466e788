package postern.message.metadata;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import postern.imap.message.SearchTerm;

/**
 * A range of arrival times: from {@code since}, inclusive, to {@code before}, exclusive; null is no
 * bound.
 */
public record ReceivedRange(@Nullable DayOrInstant since, @Nullable DayOrInstant before) {

    public static final ReceivedRange WHENEVER = new ReceivedRange(null, null);

    /** The description of the query parameter. */
    /** Parses query parameters; a 400 names the one that is neither date nor time. */
    public static ReceivedRange parse(@Nullable String since, @Nullable String before) {
        return new ReceivedRange(
                QueryParameters.moment("since", since), QueryParameters.moment("before", before));
    }

    /**
     * Search keys that must all match; if {@link #exact()}, {@link #accepts} must filter the
     * results.
     */
    public List<SearchTerm> terms() {
        return terms(DayOrInstant::since, DayOrInstant::before);
    }

    /** Search keys whose results need no check. */
    public List<SearchTerm> certain() {
        return terms(DayOrInstant::certainlySince, DayOrInstant::certainlyBefore);
    }

    private List<SearchTerm> terms(
            Function<DayOrInstant, SearchTerm> from, Function<DayOrInstant, SearchTerm> to) {
        return Stream.of(
                        since == null ? null : from.apply(since),
                        before == null ? null : to.apply(before))
                .filter(Objects::nonNull)
                .toList();
    }

    /** Whether a bound is an exact time: SEARCH can then return messages outside of the range. */
    public boolean exact() {
        return since != null && since.exact() || before != null && before.exact();
    }

    /** Whether a message that SEARCH returned is in the range. */
    public boolean accepts(@Nullable Instant arrival) {
        return arrival == null
                || (since == null || !since.after(arrival))
                        && (before == null || !before.exact() || before.after(arrival));
    }
}
