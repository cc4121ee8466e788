package postern.imap.message;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What to fetch of each message. Sections are read into memory; they are fetched with PEEK, so that
 * {@code \Seen} is never set.
 *
 * @param fromHeader whether the envelope and an approximate structure are built from the message's
 *     header, for a message of which the server cannot return its own; such messages are degraded
 */
public record FetchItems(Set<FetchItem> items, List<SectionRange> sections, boolean fromHeader) {

    /** Header fields are truncated at this size. */
    private static final long MOST_HEADER_OCTETS = 128 << 10;

    public FetchItems {
        items = Set.copyOf(items);
        sections = List.copyOf(sections);
    }

    public FetchItems(Set<FetchItem> items, List<SectionRange> sections) {
        this(items, sections, false);
    }

    public static FetchItems of(FetchItem... items) {
        return new FetchItems(Set.copyOf(Arrays.asList(items)), List.of());
    }

    public static FetchItems of(Set<FetchItem> items) {
        return new FetchItems(items, List.of());
    }

    public FetchItems with(FetchItem item) {
        var more = EnumSet.of(item);
        more.addAll(items);
        return new FetchItems(more, sections, fromHeader);
    }

    /** The section that holds the requested header fields; null where none is requested. */
    public @Nullable SectionRange headerFields() {
        var names =
                items.stream()
                        .sorted()
                        .flatMap(item -> item.fields().stream())
                        .distinct()
                        .toArray(String[]::new);
        return names.length == 0
                ? null
                : SectionRange.first(Section.headerFields(names), MOST_HEADER_OCTETS);
    }

    public FetchItems with(SectionRange section) {
        var more = Stream.concat(sections.stream(), Stream.of(section)).toList();
        return new FetchItems(items, more, fromHeader);
    }

    /** These items, and those of the other request. */
    public FetchItems and(FetchItems others) {
        if (others.items.isEmpty() && others.sections.isEmpty()) {
            return this;
        }
        var more = new HashSet<>(items);
        more.addAll(others.items);
        return new FetchItems(
                more,
                Stream.concat(sections.stream(), others.sections.stream()).distinct().toList(),
                fromHeader);
    }

    /** The same items, with envelope and structure built from the message's header. */
    public FetchItems asFromHeader() {
        return new FetchItems(items, sections, true);
    }
}
