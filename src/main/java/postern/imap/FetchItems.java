package postern.imap;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What to fetch of each message. Sections are read into memory; they are always peeked, so {@code
 * \Seen} is never set.
 */
public record FetchItems(Set<FetchItem> items, List<SectionRange> sections) {

    /** Address fields of more octets are cut. */
    private static final long MOST_HEADER_OCTETS = 128 << 10;

    public FetchItems {
        items = Set.copyOf(items);
        sections = List.copyOf(sections);
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
        return new FetchItems(more, sections);
    }

    /** The section that the header fields among the items are told as; null for none. */
    public @Nullable SectionRange headerFields() {
        var names =
                items.stream()
                        .filter(FetchItem::headerField)
                        .sorted()
                        .map(FetchItem::wire)
                        .toArray(String[]::new);
        return names.length == 0
                ? null
                : SectionRange.first(Section.headerFields(names), MOST_HEADER_OCTETS);
    }

    public FetchItems with(SectionRange section) {
        return new FetchItems(items, Stream.concat(sections.stream(), Stream.of(section)).toList());
    }
}
