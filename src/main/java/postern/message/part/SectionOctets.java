package postern.message.part;

import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import postern.imap.message.FetchedMessage;
import postern.imap.message.Section;
import postern.imap.message.SectionRange;

/** The octets read so far of a message's sections, each from its first octet on. */
public final class SectionOctets {

    private static final byte[] NOTHING = {};

    private final Map<Section, Beginning> sections = new HashMap<>();

    /**
     * The first octets of a section.
     *
     * @param whole whether the section ends there
     */
    private record Beginning(byte[] octets, boolean whole) {
        Beginning and(byte[] more, boolean whole) {
            var all = new ByteArrayOutputStream(octets.length + more.length);
            all.writeBytes(octets);
            all.writeBytes(more);
            return new Beginning(all.toByteArray(), whole);
        }
    }

    private static final Beginning UNREAD = new Beginning(NOTHING, false);

    public void add(FetchedMessage message) {
        message.sections().forEach(this::add);
    }

    private void add(SectionRange range, byte[] octets) {
        var before = sections.getOrDefault(range.section(), UNREAD);
        if (before.octets().length == range.offset()) {
            sections.put(range.section(), before.and(octets, octets.length < range.octets()));
        }
    }

    /** The range that is still missing to have the first {@code wanted} octets. */
    public Optional<SectionRange> missing(Section section, long wanted) {
        var read = sections.getOrDefault(section, UNREAD);
        long open = wanted - read.octets().length;
        return read.whole() || open <= 0
                ? Optional.empty()
                : Optional.of(new SectionRange(section, read.octets().length, open));
    }

    /** How many octets have been read of all sections. */
    public long total() {
        return sections.values().stream().mapToLong(it -> it.octets().length).sum();
    }

    public byte[] of(Section section) {
        return sections.getOrDefault(section, UNREAD).octets();
    }

    public boolean whole(Section section) {
        return sections.getOrDefault(section, UNREAD).whole();
    }
}
