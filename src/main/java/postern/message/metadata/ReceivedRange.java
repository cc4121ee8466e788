package postern.message.metadata;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import postern.imap.message.SearchTerm;

/** When messages must have arrived: not before the one, and before the other; null is no bound. */
public record ReceivedRange(@Nullable DayOrInstant since, @Nullable DayOrInstant before) {

    public static final ReceivedRange WHENEVER = new ReceivedRange(null, null);

    /** How the contract describes the two parameters. */
    public static final String SINCE =
            "Arrived then or later: an RFC 3339 date, which is a day of the mail server's, or a"
                    + " date-time, which is exact.";

    public static final String BEFORE = "Arrived earlier than that; written as `since` is.";

    /** Reads query parameters; throws a 400 that names the one that is neither date nor time. */
    public static ReceivedRange parse(@Nullable String since, @Nullable String before) {
        return new ReceivedRange(
                QueryParameters.moment("since", since), QueryParameters.moment("before", before));
    }

    /** All of them must hold; what they let through is looked at where this is {@link #exact()}. */
    public List<SearchTerm> terms() {
        return terms(DayOrInstant::since, DayOrInstant::before);
    }

    /** Where all of these hold, no look is needed. */
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

    /** Whether the search lets through more than was asked for. */
    public boolean exact() {
        return since != null && since.exact() || before != null && before.exact();
    }

    /** Whether a message that the search has let through really arrived then. */
    public boolean accepts(@Nullable Instant arrival) {
        return arrival == null
                || (since == null || !since.after(arrival))
                        && (before == null || !before.exact() || before.after(arrival));
    }
}
