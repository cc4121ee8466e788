package postern.imap.client.wire;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.imap.message.BodyPart;
import postern.imap.message.Envelope;
import postern.imap.message.RawText;

/** Parses a BODYSTRUCTURE (RFC 9051 §7.5.2) and assigns part numbers (§6.4.5.1). */
final class BodyStructureParser {

    // Dovecot stops at 100 levels. A deeper tree is an attack on the parser's stack.
    private static final int DEEPEST = 300;

    /** Dovecot stops at 10,000 parts. */
    private static final int MOST_PARTS = 20_000;

    /** A part that cannot be read is read again by each part around it. */
    private static final long MOST_SKIPPED = 1_000_000;

    /** The memory for a part without its texts, in octets. */
    private static final int PART = 200;

    private final Response response;
    private boolean damaged;
    private int parts;
    private long skipped;

    BodyStructureParser(Response response) {
        this.response = response;
    }

    BodyPart parse() {
        return body("", true, 0);
    }

    /** Whether a part, or the envelope of an embedded message, could not be parsed. */
    boolean damaged() {
        return damaged;
    }

    /**
     * @param partId of this node; for the body of a message (the whole one or an embedded one) that
     *     of the message
     * @param messageBody whether this is the body of a message: a single part is then numbered 1
     */
    private BodyPart body(String partId, boolean messageBody, int depth) {
        if (depth > DEEPEST) {
            throw new MalformedResponse("a structure of more than %d levels".formatted(DEEPEST));
        }
        if (++parts > MOST_PARTS) {
            throw new MalformedResponse("a structure of more than %d parts".formatted(MOST_PARTS));
        }
        response.charge(PART + partId.length());
        response.expect('(');
        response.skipSpaces();
        return response.peek() == '('
                ? multipart(partId, depth)
                : single(messageBody ? child(partId, 1) : partId, depth);
    }

    private BodyPart multipart(String partId, int depth) {
        var children = new ArrayList<BodyPart>();
        while (response.peek() == '(') {
            children.add(part(child(partId, children.size() + 1), depth + 1));
            response.skipSpaces();
        }
        var subtype = response.token();
        var parameters = parameters();
        var disposition = disposition();
        skipRest();
        return new BodyPart(
                partId,
                new BodyPart.Type("multipart", subtype, parameters),
                null,
                null,
                "7bit",
                0,
                disposition,
                null,
                List.copyOf(children),
                null);
    }

    /**
     * A part that cannot be parsed is kept as a placeholder, so that the others keep their numbers.
     */
    private BodyPart part(String partId, int depth) {
        int start = response.position();
        try {
            return body(partId, false, depth);
        } catch (MalformedResponse e) {
            if (depth > DEEPEST || parts > MOST_PARTS || skipped > MOST_SKIPPED) {
                throw e;
            }
            damaged = true;
            response.seek(start);
            response.skipValue();
            skipped += response.position() - start;
            return unknown(partId);
        }
    }

    private Envelope envelope() {
        int start = response.position();
        try {
            return EnvelopeParser.parse(response);
        } catch (MalformedResponse _) {
            damaged = true;
            response.seek(start);
            response.skipValue();
            return Envelope.EMPTY;
        }
    }

    private static BodyPart unknown(String partId) {
        return new BodyPart(
                partId,
                new BodyPart.Type("application", "octet-stream", Map.of()),
                null,
                null,
                "",
                0,
                BodyPart.Disposition.NONE,
                null,
                List.of(),
                null);
    }

    private BodyPart single(String partId, int depth) {
        var type = response.token();
        response.skipSpaces();
        var subtype = response.token();
        var parameters = parameters();
        response.skipSpaces();
        var contentId = optionalText();
        var description = optionalText();
        var encoding = hasMore() ? response.token() : "";
        response.skipSpaces();
        long size = hasMore() ? response.lenientNumber() : 0;
        response.skipSpaces();

        Envelope envelope = null;
        List<BodyPart> children = List.of();
        if (type.equals("message") && response.peek() == '(') {
            envelope = envelope();
            response.skipSpaces();
            children = List.of(body(partId, true, depth + 1));
            response.skipSpaces();
            skipLines();
        } else if (type.equals("text") || type.equals("message")) {
            skipLines();
        }
        if (hasMore()) {
            response.skipValue(); // Content-MD5
        }
        var disposition = disposition();
        skipLanguage();
        var location = location();
        skipRest();
        return new BodyPart(
                partId,
                new BodyPart.Type(type, subtype, parameters),
                contentId,
                description,
                encoding,
                size,
                disposition,
                envelope,
                children,
                location);
    }

    private static String child(String partId, int number) {
        return partId.isEmpty() ? Integer.toString(number) : partId + "." + number;
    }

    private @Nullable RawText optionalText() {
        var text = hasMore() ? response.text() : null;
        response.skipSpaces();
        return text;
    }

    private boolean hasMore() {
        response.skipSpaces();
        return response.peek() != ')' && response.peek() != -1;
    }

    private void skipLines() {
        int next = response.peek();
        if (response.atDigit()) {
            response.number();
        } else if (next == 'N' || next == 'n') {
            response.string();
        }
        response.skipSpaces();
    }

    private Map<String, RawText> parameters() {
        if (!hasMore()) {
            return Map.of();
        }
        if (response.peek() != '(') {
            response.string();
            return Map.of();
        }
        var parameters = new LinkedHashMap<String, RawText>();
        response.list(() -> {
            var name = response.token();
            response.skipSpaces();
            var value = response.peek() == ')' ? null : response.text();
            if (value != null) {
                parameters.putIfAbsent(name.toLowerCase(Locale.ROOT), value);
            }
        });
        return Map.copyOf(parameters);
    }

    private BodyPart.Disposition disposition() {
        if (!hasMore()) {
            return BodyPart.Disposition.NONE;
        }
        if (response.peek() != '(') {
            // A bare word instead of a list is invalid but occurs; NIL is the usual case.
            var word = response.token();
            return word.isEmpty()
                    ? BodyPart.Disposition.NONE
                    : new BodyPart.Disposition(word, Map.of());
        }
        response.expect('(');
        response.skipSpaces();
        if (response.skip(')')) {
            return BodyPart.Disposition.NONE;
        }
        var type = response.token();
        var parameters = parameters();
        response.skipSpaces();
        response.expect(')');
        // Dovecot sends an empty disposition where it cannot parse the field's first word.
        return type.isEmpty() && parameters.isEmpty()
                ? BodyPart.Disposition.NONE
                : new BodyPart.Disposition(type, parameters);
    }

    private void skipLanguage() {
        if (hasMore()) {
            response.skipValue();
        }
    }

    private @Nullable RawText location() {
        boolean text = hasMore() && (response.peek() == '"' || response.peek() == '{');
        return text ? response.text() : null;
    }

    private void skipRest() {
        while (hasMore()) {
            response.skipValue();
        }
        response.expect(')');
    }
}
