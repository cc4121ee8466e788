package postern.imap;

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

    public FetchItems with(SectionRange section) {
        return new FetchItems(items, Stream.concat(sections.stream(), Stream.of(section)).toList());
    }
}
