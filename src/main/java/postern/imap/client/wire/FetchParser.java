package postern.imap.client.wire;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import postern.imap.message.BodyPart;
import postern.imap.message.Envelope;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchedMessage;
import postern.imap.message.Flag;
import postern.imap.message.RawText;
import postern.imap.message.SectionRange;
import postern.imap.message.UidSet;

/**
 * Collects the FETCH responses of one message; there may be several (RFC 9051 §7.5.2). An item that
 * cannot be parsed does not affect the others; it counts as not sent.
 */
public final class FetchParser {

    private static final List<String> MONTHS =
            List.of(
                    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov",
                    "dec");

    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z0-9_-]{1,255}");

    /**
     * Items that servers also send unsolicited, when a message changes (RFC 9051 §7.5.2, RFC 7162
     * §3.2).
     */
    private static final Set<String> UNSOLICITED = Set.of("UID", "FLAGS", "MODSEQ");

    /** Items that every server has for every message. Servers may leave out the others. */
    private static final Set<FetchItem> MANDATORY =
            EnumSet.of(
                    FetchItem.FLAGS,
                    FetchItem.INTERNAL_DATE,
                    FetchItem.SIZE,
                    FetchItem.ENVELOPE,
                    FetchItem.BODY_STRUCTURE);

    private final long firstSequenceNumber;
    private long sequenceNumber;
    private final Map<SectionRange, byte[]> sections = new HashMap<>(4);
    private long uid;
    private @Nullable Set<Flag> flags;
    private @Nullable Long modSeq;
    private @Nullable Instant internalDate;
    private @Nullable Long size;
    private @Nullable Envelope envelope;
    private @Nullable BodyPart bodyStructure;
    private @Nullable RawText preview;
    private @Nullable String emailId;
    private @Nullable String threadId;
    private @Nullable Long decodedSize;
    private boolean answered;
    // Sets of items as bit masks.
    private int received;
    private int unreadable;
    private boolean damaged;
    private boolean contradicted;

    public FetchParser(long sequenceNumber) {
        this.firstSequenceNumber = sequenceNumber;
        this.sequenceNumber = sequenceNumber;
    }

    public void decrementAfter(long expunged) {
        if (sequenceNumber > expunged) {
            sequenceNumber--;
        }
    }

    /** Those of the items that a server must send for every message, as a bit mask. */
    public static int mandatory(Set<FetchItem> items) {
        int bits = 0;
        for (var item : items) {
            bits |= MANDATORY.contains(item) ? bit(item) : 0;
        }
        return bits;
    }

    private static int bit(FetchItem item) {
        return 1 << item.ordinal();
    }

    /**
     * Parses the parenthesised items of one response; sections are matched with the requested ones.
     */
    public void read(Response response, Collection<SectionRange> requested) {
        boolean whole = items(response, requested);
        response.skipSpaces();
        if (contradicted || whole && !response.atEnd()) {
            // When a server does not escape quotation marks, the sender of a message can inject
            // items and end the list.
            discard();
        }
    }

    /** False when an item's end cannot be found; the items after it count as not sent. */
    private boolean items(Response response, Collection<SectionRange> requested) {
        try {
            response.skipSpaces();
            response.list(() -> item(response, requested));
            return true;
        } catch (MalformedResponse _) {
            return false;
        }
    }

    private void item(Response response, Collection<SectionRange> requested) {
        var name = response.itemName();
        response.skipSpaces();
        int value = response.position();
        try {
            readItem(name, response, requested);
        } catch (MalformedResponse _) {
            unreadable |= bit(name);
            response.seek(value);
            response.skipValue();
        }
    }

    private static int bit(String name) {
        return switch (name) {
            case "ENVELOPE" -> bit(FetchItem.ENVELOPE);
            case "BODYSTRUCTURE" -> bit(FetchItem.BODY_STRUCTURE);
            default -> 0;
        };
    }

    /** Discards all data of this message, since none of it can be trusted. */
    private void discard() {
        contradicted = false;
        uid = 0;
        flags = null;
        modSeq = null;
        internalDate = null;
        size = null;
        envelope = null;
        bodyStructure = null;
        preview = null;
        emailId = null;
        threadId = null;
        sections.clear();
        received = 0;
        unreadable = bit(FetchItem.ENVELOPE);
    }

    private void readItem(String name, Response response, Collection<SectionRange> requested) {
        answered |= !UNSOLICITED.contains(name);
        switch (name) {
            case "UID" -> uid(response.number());
            case "FLAGS" -> {
                flags = flags(response);
                received |= bit(FetchItem.FLAGS);
            }
            case "MODSEQ" -> modSeq = bracketedNumber(response);
            case "INTERNALDATE" -> {
                internalDate = internalDate(response.latin1());
                received |= bit(FetchItem.INTERNAL_DATE);
            }
            case "RFC822.SIZE" -> {
                size = response.number();
                received |= bit(FetchItem.SIZE);
            }
            case "ENVELOPE" -> {
                var read = EnvelopeParser.parse(response);
                if (response.continued()) {
                    throw new MalformedResponse("an envelope with line ends in it");
                }
                envelope = read;
                received |= bit(FetchItem.ENVELOPE);
            }
            case "BODYSTRUCTURE" -> {
                var structure = new BodyStructureParser(response);
                bodyStructure = structure.parse();
                damaged = structure.damaged() || response.continued();
                received |= bit(FetchItem.BODY_STRUCTURE);
            }
            case "PREVIEW" -> preview = response.text();
            case "EMAILID", "X-GM-MSGID" -> emailId = identifier(response);
            case "THREADID", "X-GM-THRID" -> threadId = identifier(response);
            default -> section(name, response, requested);
        }
    }

    /** 0 is not a valid UID (RFC 9051 §9 uniqueid), and a message has only one UID. */
    private void uid(long number) {
        contradicted |= uid != 0 && number != uid;
        uid = number > UidSet.MAX ? 0 : number;
    }

    private void section(String name, Response response, Collection<SectionRange> requested) {
        if (name.startsWith("BINARY.SIZE[")) {
            decodedSize = response.number();
            return;
        }
        if (!name.startsWith("BODY[") && !name.startsWith("BINARY[")) {
            response.skipValue();
            return;
        }
        var octets = response.string();
        if (octets == null) {
            return;
        }
        int open = name.indexOf('[');
        int close = name.lastIndexOf(']');
        var section = name.substring(open + 1, close < open ? name.length() : close);
        long origin = origin(name, close);
        for (var range : requested) {
            if (range.offset() == origin && range.section().answeredBy(section)) {
                sections.put(range, octets);
            }
        }
    }

    private static long origin(String name, int close) {
        int from = name.indexOf('<', Math.max(0, close));
        int to = name.indexOf('>', Math.max(0, from));
        return from < 0 || to < 0 ? 0 : Response.of(name.substring(from + 1, to)).number();
    }

    private static Set<Flag> flags(Response response) {
        var flags = new ArrayList<Flag>(2);
        response.list(() -> flags.add(new Flag(response.flag())));
        // Most messages have at most one flag.
        return flags.size() == 1 ? Set.of(flags.getFirst()) : Set.copyOf(flags);
    }

    private static long bracketedNumber(Response response) {
        response.expect('(');
        long number = response.number();
        response.expect(')');
        return number;
    }

    /** Reads an identifier in parentheses (RFC 8474 §6), Gmail's bare number, or NIL. */
    private static @Nullable String identifier(Response response) {
        boolean bracketed = response.skip('(');
        var text = bracketed && response.peek() == ')' ? null : response.latin1();
        if (bracketed) {
            response.expect(')');
        }
        return text != null && IDENTIFIER.matcher(text).matches() ? text : null;
    }

    /** Parses {@code 17-Jul-1996 02:44:25 -0700}; null for anything else. */
    public static @Nullable Instant internalDate(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            var date = text.strip();
            int dash = date.indexOf('-');
            int day = Integer.parseInt(date.substring(0, dash).strip());
            int month =
                    MONTHS.indexOf(date.substring(dash + 1, dash + 4).toLowerCase(Locale.ROOT)) + 1;
            int year = Integer.parseInt(date.substring(dash + 5, dash + 9));
            int hour = Integer.parseInt(date.substring(dash + 10, dash + 12));
            int minute = Integer.parseInt(date.substring(dash + 13, dash + 15));
            int second = Integer.parseInt(date.substring(dash + 16, dash + 18));
            var zone = date.substring(dash + 19);
            int offset =
                    Integer.parseInt(zone.substring(1, 3)) * 3600
                            + Integer.parseInt(zone.substring(3, 5)) * 60;
            return LocalDateTime.of(year, month, day, hour, minute, Math.min(second, 59))
                    .toInstant(ZoneOffset.ofTotalSeconds(zone.charAt(0) == '-' ? -offset : offset));
        } catch (RuntimeException _) {
            return null; // an invalid date must not lose the message
        }
    }

    /** The current sequence number of the message. */
    public long sequenceNumber() {
        return sequenceNumber;
    }

    /** The sequence number in the first response. */
    public long firstSequenceNumber() {
        return firstSequenceNumber;
    }

    /** 0 when the server did not say. */
    public long uid() {
        return uid;
    }

    /** Whether it has an item that servers do not also send unsolicited. */
    public boolean answered() {
        return answered;
    }

    /** Those of the items that were not sent or cannot be parsed, as a bit mask. */
    public int missing(int items) {
        return items & ~received;
    }

    /** Whether the server sent this item in a form that cannot be parsed. */
    public boolean unreadable(FetchItem item) {
        return (unreadable & bit(item)) != 0 && (received & bit(item)) == 0;
    }

    public boolean lacks(FetchItem item) {
        return (received & bit(item)) == 0;
    }

    /** Whether the octets of that section were received. */
    public boolean received(SectionRange section) {
        return sections.containsKey(section);
    }

    /** Whether a part of the structure could not be parsed. */
    public boolean damaged() {
        return damaged && bodyStructure != null;
    }

    /** Adds the items that only the second answer for the same message has. */
    public void complete(FetchParser second) {
        uid = uid == 0 ? second.uid : uid;
        flags = flags == null ? second.flags : flags;
        modSeq = modSeq == null ? second.modSeq : modSeq;
        internalDate = internalDate == null ? second.internalDate : internalDate;
        size = size == null ? second.size : size;
        envelope = envelope == null ? second.envelope : envelope;
        if (bodyStructure == null) {
            bodyStructure = second.bodyStructure;
            damaged = second.damaged;
        }
        preview = preview == null ? second.preview : preview;
        emailId = emailId == null ? second.emailId : emailId;
        threadId = threadId == null ? second.threadId : threadId;
        second.sections.forEach(sections::putIfAbsent);
        answered |= second.answered;
        received |= second.received;
    }

    public @Nullable Long decodedSize() {
        return decodedSize;
    }

    public FetchedMessage message() {
        return message(false);
    }

    public FetchedMessage message(boolean degraded) {
        return new FetchedMessage(
                sequenceNumber,
                uid,
                flags,
                modSeq,
                internalDate,
                size,
                envelope,
                bodyStructure,
                preview,
                emailId,
                threadId,
                sections,
                degraded);
    }
}
