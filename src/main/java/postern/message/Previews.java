package postern.message;

import java.util.ArrayList;
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
 * Makes the previews of one mailbox's messages where the mail server makes none (RFC 8970): of the
 * beginning of their text. A message is shown without one rather than not at all.
 */
public final class Previews {

    /** Before decoding: enough in most charsets, and little for a long page. */
    static final long OCTETS = 2 << 10;

    // RFC 8970 §3.1: at most 256 characters, and 200 do.
    private static final int LONGEST = 200;

    /** Of a page nearly all have the same; a page of oddities must not stall what is pipelined. */
    private static final int PARTS_AT_ONCE = 32;

    private static final Set<FetchItem> PREVIEW = Set.of(FetchItem.PREVIEW);

    private final FactsCache cache;
    private final FactsCache.Numbering numbering;
    private final Map<Long, MessageFacts> lacking = new LinkedHashMap<>();
    private final Map<Long, MessageFacts> made = new HashMap<>();

    public Previews(FactsCache cache, FactsCache.Numbering numbering) {
        this.cache = cache;
        this.numbering = numbering;
    }

    /** Whether previews are wanted that are to be made here. */
    public static boolean missing(Set<FetchItem> wanted, Capabilities capabilities) {
        return wanted.contains(FetchItem.PREVIEW) && !capabilities.preview();
    }

    /** What the mail server is asked for then: the structure says what to make a preview of. */
    public static Set<FetchItem> fetched(Set<FetchItem> wanted) {
        var items = EnumSet.copyOf(wanted);
        items.remove(FetchItem.PREVIEW);
        items.add(FetchItem.BODY_STRUCTURE);
        return Set.copyOf(items);
    }

    /** This message is shown; all is known of it but, maybe, its preview. */
    public void want(long uid, MessageFacts facts) {
        if (facts.knows(PREVIEW)) {
            return;
        }
        var cached = cache.get(numbering, uid);
        if (cached != null && cached.knows(PREVIEW)) {
            made.put(uid, facts.with(cached));
        } else if (section(facts) == null) {
            keep(uid, facts, "");
        } else {
            lacking.put(uid, facts);
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

    /** What it takes to make them: one FETCH for all messages whose text is the same part. */
    public List<FetchRequest> requests() {
        var bySection = new LinkedHashMap<Section, List<Long>>();
        lacking.forEach((uid, facts) -> {
            var section = section(facts);
            if (section != null) {
                bySection.computeIfAbsent(section, _ -> new ArrayList<>()).add(uid);
            }
        });
        var requests = new ArrayList<FetchRequest>();
        bySection.forEach((section, uids) -> {
            var items =
                    FetchItems.of(FetchItem.BODY_STRUCTURE)
                            .with(SectionRange.first(section, OCTETS));
            requests.add(FetchRequest.uids(UidSet.of(uids), items));
        });
        return requests;
    }

    /** Takes the answer to one of the requests. */
    public void hear(Collection<FetchedMessage> answer) {
        for (var message : answer) {
            var facts = lacking.remove(message.uid());
            if (facts != null) {
                keep(message.uid(), facts, of(message, facts));
            }
        }
    }

    private static String of(FetchedMessage message, MessageFacts facts) {
        var section = section(facts);
        var structure = message.bodyStructure();
        if (section == null || structure == null) {
            return "";
        }
        var octets = message.sections().get(SectionRange.first(section, OCTETS));
        return octets == null
                ? ""
                : structure
                        .walk()
                        .filter(part -> part.partId().equals(section.partId()))
                        .findFirst()
                        .map(part -> of(part, octets))
                        .orElse("");
    }

    /** In one flush; each on its own where the mail server refuses some of it. */
    public void fetch(SelectedMailbox mailbox) {
        var requests = requests();
        try {
            for (int from = 0; from < requests.size(); from += PARTS_AT_ONCE) {
                fetch(
                        mailbox,
                        requests.subList(from, Math.min(requests.size(), from + PARTS_AT_ONCE)));
            }
        } catch (ImapException _) {
            lacking.clear(); // another time, perhaps
        }
    }

    private void fetch(SelectedMailbox mailbox, List<FetchRequest> requests) {
        try {
            mailbox.fetch(requests).forEach(this::hear);
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
                        var facts = lacking.remove(uid);
                        if (facts != null) {
                            keep(uid, facts, "");
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
