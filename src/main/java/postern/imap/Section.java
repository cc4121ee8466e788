package postern.imap;

import java.util.regex.Pattern;

/**
 * What of a message to fetch: a part's body, its MIME header, or a whole message's header or text
 * (RFC 9051 §6.4.5.1).
 *
 * @param partId such as {@code "1.2"}; empty for the message itself
 */
public record Section(String partId, Kind kind) {

    private static final Pattern PART_ID =
            Pattern.compile("(?:[1-9][0-9]{0,8}(?:\\.[1-9][0-9]{0,8}){0,299})?");

    /** Which octets of the part. */
    public enum Kind {
        /** The part's body, or the whole message where the part id is empty. */
        BODY(""),
        /** The header of a message: of the whole one, or of the one in a message/rfc822 part. */
        HEADER("HEADER"),
        /** The body of a message, without its header. */
        TEXT("TEXT"),
        /** The MIME header of a part. */
        MIME("MIME");

        private final String word;

        Kind(String word) {
            this.word = word;
        }
    }

    public static final Section MESSAGE = new Section("", Kind.BODY);
    public static final Section HEADER = new Section("", Kind.HEADER);

    /** Throws IllegalArgumentException for a part id that is none. */
    public Section {
        if (!validPartId(partId)) {
            throw new IllegalArgumentException("not a part id");
        }
        if (kind == Kind.MIME && partId.isEmpty()) {
            throw new IllegalArgumentException("only a part has a MIME header");
        }
    }

    public static Section part(String partId) {
        return new Section(partId, Kind.BODY);
    }

    /** The same of the message that a part of another one is. */
    public Section within(String messagePart) {
        if (messagePart.isEmpty()) {
            return this;
        }
        return new Section(partId.isEmpty() ? messagePart : messagePart + "." + partId, kind);
    }

    public static boolean validPartId(String partId) {
        return PART_ID.matcher(partId).matches();
    }

    /** What stands between the brackets of BODY[...]. */
    public String wire() {
        return partId.isEmpty() || kind.word.isEmpty()
                ? partId + kind.word
                : partId + "." + kind.word;
    }
}
