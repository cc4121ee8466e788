package postern.message;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import postern.imap.message.Flag;
import postern.imap.message.SearchTerm;
import postern.message.metadata.DayOrInstant;
import postern.message.metadata.MessageMetadata;
import postern.message.metadata.ReceivedRange;

/** Which messages a list shows: all conditions must hold; null is no condition. */
public record MessageFilter(
        @Nullable Boolean unseen,
        @Nullable Boolean flagged,
        @Nullable String from,
        @Nullable String to,
        @Nullable String subject,
        @Nullable String text,
        @Nullable DayOrInstant since,
        @Nullable DayOrInstant before,
        @Nullable Flag hasKeyword,
        @Nullable Long larger,
        @Nullable Long smaller) {

    List<SearchTerm> terms() {
        var terms = new Terms();
        terms.add(unseen, wanted -> not(wanted, new SearchTerm.HasFlag(Flag.SEEN)));
        terms.add(flagged, wanted -> not(!wanted, new SearchTerm.HasFlag(Flag.FLAGGED)));
        terms.add(from, SearchTerm.From::new);
        terms.add(to, SearchTerm.To::new);
        terms.add(subject, SearchTerm.Subject::new);
        terms.add(text, SearchTerm.Text::new);
        terms.all.addAll(arrival().terms());
        terms.add(hasKeyword, SearchTerm.HasFlag::new);
        terms.add(larger, SearchTerm.Larger::new);
        terms.add(smaller, SearchTerm.Smaller::new);
        return List.copyOf(terms.all);
    }

    private static SearchTerm not(boolean negated, SearchTerm term) {
        return negated ? new SearchTerm.Not(term) : term;
    }

    /** Whether a bound is an exact time: {@link #accepts} must then filter the search results. */
    boolean exact() {
        return arrival().exact();
    }

    /** Whether a message that SEARCH returned matches the filter exactly. */
    boolean accepts(MessageMetadata metadata) {
        return arrival().accepts(metadata.receivedAt());
    }

    private ReceivedRange arrival() {
        return new ReceivedRange(since, before);
    }

    private record Terms(List<SearchTerm> all) {

        Terms() {
            this(new ArrayList<>());
        }

        <T> void add(@Nullable T value, Function<T, SearchTerm> term) {
            if (value != null) {
                all.add(term.apply(value));
            }
        }
    }
}
