package postern.message.metadata;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import postern.imap.message.FetchItems;
import postern.imap.message.Section;
import postern.imap.message.SectionRange;
import postern.message.part.HeaderField;
import postern.web.problem.InvalidRequest;

/**
 * The header fields that the caller wants to see of each message of a list.
 *
 * @param names in upper case, sorted, so that requests for the same fields are the same FETCH
 */
public record ChosenHeaders(List<String> names) {

    public static final ChosenHeaders NONE = new ChosenHeaders(List.of());

    /** Upper bound on the names of a request. */
    public static final int MOST = 20;

    /** Fields are truncated at this size. */
    static final long MOST_OCTETS = 64 << 10;

    public ChosenHeaders {
        names = List.copyOf(names);
    }

    /** Throws InvalidRequest, which names the query parameter {@code headerFields}. */
    public static ChosenHeaders ofParameter(@Nullable List<String> names) {
        return of(names, (_, detail) -> InvalidRequest.parameter("headerFields", detail));
    }

    /**
     * Throws InvalidRequest, which names the member {@code headerFields} of the body.
     *
     * @param include may ask for all fields, so that none need to be chosen
     */
    public static ChosenHeaders ofBody(@Nullable List<String> names, Set<Include> include) {
        var chosen = of(names, (at, detail) -> InvalidRequest.at("/headerFields" + at, detail));
        return include.contains(Include.HEADERS) ? NONE : chosen;
    }

    /**
     * @param refusal makes the exception of the place within the list and the detail
     */
    private static ChosenHeaders of(
            @Nullable List<String> names, BiFunction<String, String, InvalidRequest> refusal) {
        if (names == null || names.isEmpty()) {
            return NONE;
        }
        if (names.size() > MOST) {
            throw refusal.apply("", "must be at most " + MOST);
        }
        var upper = new TreeSet<String>();
        for (int i = 0; i < names.size(); i++) {
            if (!Section.validFieldName(names.get(i))) {
                throw refusal.apply("/" + i, "must be the name of a header field");
            }
            upper.add(names.get(i).toUpperCase(Locale.ROOT));
        }
        return new ChosenHeaders(List.copyOf(upper));
    }

    public boolean none() {
        return names.isEmpty();
    }

    /** The section that has these fields. */
    SectionRange section() {
        return SectionRange.first(Section.headerFields(names.toArray(String[]::new)), MOST_OCTETS);
    }

    /** What to fetch of each message to have these fields. */
    public FetchItems items() {
        return none() ? FetchItems.of() : FetchItems.of().with(section());
    }

    /** Those of the fields that were chosen, decoded, in the order of the message. */
    public List<HeaderField> among(List<HeaderField.Raw> header) {
        var chosen = Set.copyOf(names);
        return header.stream()
                .filter(field -> chosen.contains(field.name().toUpperCase(Locale.ROOT)))
                .map(HeaderField.Raw::decoded)
                .toList();
    }
}
