package postern.imap.angus;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import postern.imap.BodyPart;
import postern.imap.Envelope;
import postern.imap.FetchedMessage;
import postern.imap.Flag;
import postern.imap.RawText;
import postern.imap.SectionRange;

/**
 * Gathers what FETCH responses say of one message; there may be several (RFC 9051 §7.5.2). An item
 * that cannot be read marks the message as broken and spares the rest.
 */
final class FetchParser {

    private static final List<String> MONTHS =
            List.of(
                    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov",
                    "dec");

    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z0-9_-]{1,255}");

    /** What a server tells of a message when it changes (RFC 9051 §7.5.2, RFC 7162 §3.2). */
    private static final Set<String> UNASKED = Set.of("UID", "FLAGS", "MODSEQ");

    private final long firstPlace;
    private long place;
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
    private boolean broken;

    FetchParser(long place) {
        this.firstPlace = place;
        this.place = place;
    }

    void moveUpFrom(long expunged) {
        if (place > expunged) {
            place--;
        }
    }

    /**
     * Reads the parenthesised items of one response; sections are told apart by those that were
     * asked for.
     */
    void read(Response response, Collection<SectionRange> wanted) {
        try {
            response.skipSpaces();
            response.expect('(');
            response.skipSpaces();
            while (!response.skip(')')) {
                item(response, wanted);
                response.skipSpaces();
            }
        } catch (Unparsable _) {
            broken = true;
            uid = uid == 0 ? uidSomewhere(response) : uid;
        }
    }

    private void item(Response response, Collection<SectionRange> wanted) {
        var name = response.itemName();
        response.skipSpaces();
        int value = response.position();
        try {
            known(name, response, wanted);
        } catch (Unparsable _) {
            broken = true;
            response.seek(value);
            response.skipValue();
        }
    }

    private void known(String name, Response response, Collection<SectionRange> wanted) {
        answered |= !UNASKED.contains(name);
        switch (name) {
            case "UID" -> uid = response.number();
            case "FLAGS" -> flags = flags(response);
            case "MODSEQ" -> modSeq = bracketedNumber(response);
            case "INTERNALDATE" -> internalDate = internalDate(response.latin1());
            case "RFC822.SIZE" -> size = response.lenientNumber();
            case "ENVELOPE" -> envelope = EnvelopeParser.parse(response);
            case "BODYSTRUCTURE" -> bodyStructure = BodyStructureParser.parse(response);
            case "PREVIEW" -> preview = response.text();
            case "EMAILID", "X-GM-MSGID" -> emailId = identifier(response);
            case "THREADID", "X-GM-THRID" -> threadId = identifier(response);
            default -> section(name, response, wanted);
        }
    }

    private void section(String name, Response response, Collection<SectionRange> wanted) {
        if (name.startsWith("BINARY.SIZE[")) {
            decodedSize = response.lenientNumber();
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
        for (var range : wanted) {
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
        response.expect('(');
        response.skipSpaces();
        while (!response.skip(')')) {
            var name = response.latin1();
            if (name != null) {
                flags.add(new Flag(name));
            }
            response.skipSpaces();
        }
        // Most messages have one or none.
        return flags.size() == 1 ? Set.of(flags.getFirst()) : Set.copyOf(flags);
    }

    private static long bracketedNumber(Response response) {
        response.expect('(');
        long number = response.number();
        response.expect(')');
        return number;
    }

    /** An identifier in parentheses (RFC 8474 §6), Gmail's bare number, or NIL. */
    private static @Nullable String identifier(Response response) {
        boolean bracketed = response.skip('(');
        var text = bracketed && response.peek() == ')' ? null : response.latin1();
        if (bracketed) {
            response.expect(')');
        }
        return text != null && IDENTIFIER.matcher(text).matches() ? text : null;
    }

    /** Reads {@code 17-Jul-1996 02:44:25 -0700}; null for anything else. */
    static @Nullable Instant internalDate(@Nullable String text) {
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
            return null; // a date that is none is no date; the message stays
        }
    }

    /** Where the grammar is lost the UID can still be found, since nothing else looks like it. */
    private static long uidSomewhere(Response response) {
        var text = new String(response.octets(), StandardCharsets.ISO_8859_1);
        for (var lead : List.of("(UID ", " UID ")) {
            int at = text.indexOf(lead);
            if (at >= 0
                    && at + lead.length() < text.length()
                    && Character.isDigit(text.charAt(at + lead.length()))) {
                return Response.of(text.substring(at + lead.length())).number();
            }
        }
        return 0;
    }

    /** Where the message stands now. */
    long place() {
        return place;
    }

    /** Where it stood when it was first told of. */
    long firstPlace() {
        return firstPlace;
    }

    /** 0 when the server did not say. */
    long uid() {
        return uid;
    }

    /** Whether it has anything that servers do not also tell without being asked. */
    boolean answered() {
        return answered;
    }

    boolean broken() {
        return broken;
    }

    @Nullable Long decodedSize() {
        return decodedSize;
    }

    FetchedMessage message() {
        return new FetchedMessage(
                place,
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
                false);
    }
}
