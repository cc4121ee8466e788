package postern.message;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.imap.BodyPart;
import postern.imap.Capabilities;
import postern.imap.FetchItem;
import postern.imap.FetchItems;
import postern.imap.FetchRequest;
import postern.imap.FetchedMessage;
import postern.imap.ImapException;
import postern.imap.Section;
import postern.imap.SectionRange;
import postern.imap.SelectedMailbox;
import postern.imap.UidSet;
import postern.mime.QuotedText;

/**
 * Makes the previews of one mailbox's messages that the mail server does not tell (RFC 8970), as
 * Cyrus does of mail that came without JMAP: of the beginning of their text. A message is shown
 * without one rather than not at all.
 */
public final class Previews {

    /** Before decoding: enough in most charsets, and little for a long page. */
    static final long OCTETS = 2 << 10;

    /** Where those say nothing: pages begin with what they should look like. */
    static final long MORE_OCTETS = 32 << 10;

    /** Of so many messages that is no burden. */
    private static final int FARTHER_AT_ONCE = 128;

    // RFC 8970 §3.1: at most 256 characters, and 200 do.
    private static final int LONGEST = 200;

    /** Of a page nearly all have the same; a page of oddities must not stall what is pipelined. */
    private static final int PARTS_AT_ONCE = 32;

    private final FactsCache cache;
    private final FactsCache.Numbering numbering;
    private final Map<Long, Beginning> lacking = new LinkedHashMap<>();
    private final Map<Long, Beginning> asked = new HashMap<>();
    private final Map<Long, MessageFacts> made = new HashMap<>();

    public Previews(FactsCache cache, FactsCache.Numbering numbering) {
        this.cache = cache;
        this.numbering = numbering;
    }

    /** What to read of a message. */
    private record Beginning(MessageFacts facts, SectionRange range) {

        /** Whether there is more to read, and reason to. */
        @Nullable Beginning farther(String preview, byte @Nullable [] octets) {
            return preview.isEmpty()
                            && octets != null
                            && octets.length >= range.octets()
                            && range.octets() < MORE_OCTETS
                    ? new Beginning(facts, SectionRange.first(range.section(), MORE_OCTETS))
                    : null;
        }
    }

    /**
     * What the mail server is asked for where previews are wanted: the structure says what to make
     * one of.
     */
    public static Set<FetchItem> fetched(Set<FetchItem> wanted, Capabilities capabilities) {
        if (!wanted.contains(FetchItem.PREVIEW)
                || capabilities.preview() && wanted.contains(FetchItem.BODY_STRUCTURE)) {
            return wanted;
        }
        var items = EnumSet.copyOf(wanted);
        items.add(FetchItem.BODY_STRUCTURE);
        if (!capabilities.preview()) {
            items.remove(FetchItem.PREVIEW);
        }
        return Set.copyOf(items);
    }

    /** This message is shown; all is known of it but, maybe, its preview. */
    public void want(long uid, MessageFacts facts) {
        if (facts.preview() != null) {
            return;
        }
        var cached = cache.get(numbering, uid);
        var section = section(facts);
        if (cached != null && cached.preview() != null) {
            made.put(uid, facts.with(cached));
        } else if (section == null) {
            keep(uid, facts, "");
        } else {
            lacking.put(uid, new Beginning(facts, SectionRange.first(section, OCTETS)));
        }
    }

    private static @Nullable Section section(MessageFacts facts) {
        var parts = facts.textParts();
        return parts.isEmpty() || !Section.validPartId(parts.getFirst())
                ? null
                : Section.part(parts.getFirst());
    }

    private void keep(long uid, MessageFacts facts, String preview) {
        var whole = facts.withPreview(preview);
        made.put(uid, whole);
        cache.put(numbering, uid, whole);
    }

    /**
     * What it takes to make them: one FETCH for all messages whose text is the same part. When
     * these are answered, there may be more to ask; nothing is asked for twice.
     */
    public List<FetchRequest> requests() {
        var byRange = new LinkedHashMap<SectionRange, List<Long>>();
        int farther = 0;
        for (var left = lacking.entrySet().iterator(); left.hasNext(); ) {
            var next = left.next();
            var beginning = next.getValue();
            if (beginning.range().octets() > OCTETS && ++farther > FARTHER_AT_ONCE) {
                continue;
            }
            byRange.computeIfAbsent(beginning.range(), _ -> new ArrayList<>()).add(next.getKey());
            asked.put(next.getKey(), beginning);
            left.remove();
        }
        var requests = new ArrayList<FetchRequest>();
        byRange.forEach((range, uids) -> {
            var items = FetchItems.of(FetchItem.BODY_STRUCTURE).with(range);
            requests.add(FetchRequest.uids(UidSet.of(uids), items));
        });
        return requests;
    }

    /** Takes the answer to one of the requests. */
    public void hear(Collection<FetchedMessage> answer) {
        for (var message : answer) {
            var beginning = asked.remove(message.uid());
            if (beginning != null) {
                var octets = message.sections().get(beginning.range());
                var preview = of(message, beginning.range().section(), octets);
                var farther = beginning.farther(preview, octets);
                if (farther == null) {
                    keep(message.uid(), beginning.facts(), preview);
                } else {
                    lacking.put(message.uid(), farther);
                }
            }
        }
    }

    private static String of(FetchedMessage message, Section section, byte @Nullable [] octets) {
        var structure = message.bodyStructure();
        return structure == null || octets == null
                ? ""
                : structure
                        .walk()
                        .filter(part -> part.partId().equals(section.partId()))
                        .findFirst()
                        .map(part -> of(part, octets))
                        .orElse("");
    }

    /** In one flush, and one more for pages that begin late; each on its own where refused. */
    public void fetch(SelectedMailbox mailbox) {
        try {
            for (var requests = requests(); !requests.isEmpty(); requests = requests()) {
                for (int from = 0; from < requests.size(); from += PARTS_AT_ONCE) {
                    int to = Math.min(requests.size(), from + PARTS_AT_ONCE);
                    fetch(mailbox, requests.subList(from, to));
                }
            }
        } catch (ImapException _) {
            lacking.clear(); // another time, perhaps
        }
    }

    private void fetch(SelectedMailbox mailbox, List<FetchRequest> requests) {
        try {
            var asked =
                    requests.stream()
                            .map(request -> PartHeaders.asked(request, mailbox.capabilities()))
                            .toList();
            for (var answer : mailbox.fetch(asked)) {
                hear(PartHeaders.typed(mailbox, answer));
            }
        } catch (ImapException.NotPossible e) {
            if (requests.size() == 1) {
                refused(requests.getFirst());
            } else {
                requests.forEach(request -> fetch(mailbox, List.of(request)));
            }
        }
    }

    /** So it will be the next time, too. */
    private void refused(FetchRequest request) {
        if (request.messages() instanceof FetchRequest.ByUid(var uids)) {
            uids.stream()
                    .forEach(uid -> {
                        var beginning = asked.remove(uid);
                        if (beginning != null) {
                            keep(uid, beginning.facts(), "");
                        }
                    });
        }
    }

    /** The facts, with their previews, of those messages of which they were not known. */
    public Map<Long, MessageFacts> made() {
        return made;
    }

    /** What the first octets of a text part say, in one line. */
    static String of(BodyPart part, byte[] octets) {
        var text = PartText.of(part, octets).asText();
        var own = line(withoutQuotes(text));
        return own.isEmpty() ? line(text) : own;
    }

    /** The same of a text that may be long: of as little of it as says something. */
    static String ofBeginning(BodyPart part, byte[] octets) {
        var preview = of(part, beginning(octets, OCTETS));
        return preview.isEmpty() && octets.length > OCTETS
                ? of(part, beginning(octets, MORE_OCTETS))
                : preview;
    }

    private static byte[] beginning(byte[] octets, long most) {
        return Arrays.copyOf(octets, (int) Math.min(octets.length, most));
    }

    private static String withoutQuotes(String text) {
        var own = new StringBuilder(text.length());
        int end = 0;
        for (var quote : QuotedText.of(text).quotes()) {
            if (quote.depth() == 1) {
                own.append(text, end, quote.start()).append(' ');
                end = quote.end();
            }
        }
        return own.append(text, end, text.length()).toString();
    }

    private static String line(String text) {
        var line = new StringBuilder();
        int characters = 0;
        boolean gap = false;
        for (int i = 0; i < text.length() && characters < LONGEST; ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (blank(c)) {
                gap = characters > 0;
                continue;
            }
            if (gap) {
                line.append(' ');
                characters++;
                gap = false;
            }
            if (characters < LONGEST) {
                line.appendCodePoint(c);
                characters++;
            }
        }
        return line.toString().stripTrailing();
    }

    private static boolean blank(int c) {
        return Character.isWhitespace(c)
                || Character.isSpaceChar(c)
                || Character.isISOControl(c)
                || c == 0xFEFF;
    }
}
