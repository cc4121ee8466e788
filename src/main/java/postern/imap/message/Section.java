package postern.imap.message;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The section of a message to fetch: a part's body, its MIME header, or a whole message's header,
 * some of its fields, or its text (RFC 9051 §6.4.5.1).
 *
 * @param partId such as {@code "1.2"}; empty for the message itself
 * @param fields the names of the requested header fields, in upper case; empty for every other kind
 */
public record Section(String partId, Kind kind, List<String> fields) {

    private static final Pattern PART_ID =
            Pattern.compile("(?:[1-9][0-9]{0,8}(?:\\.[1-9][0-9]{0,8}){0,299})?");

    private static final Pattern FIELD_NAME = Pattern.compile("[A-Za-z0-9_-]{1,100}");

    private static final Pattern BETWEEN_FIELDS = Pattern.compile("[ ()\"]+");

    /** The kind of section. */
    public enum Kind {
        /** The part's body, or the whole message where the part id is empty. */
        BODY(""),
        /** The header of the whole message, or of the message in a message/rfc822 part. */
        HEADER("HEADER"),
        /** Some fields of a HEADER, and the empty line at its end. */
        HEADER_FIELDS("HEADER.FIELDS"),
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

    /** Throws IllegalArgumentException for an invalid part id or field name. */
    public Section {
        if (!validPartId(partId)) {
            throw new IllegalArgumentException("not a part id");
        }
        if (kind == Kind.MIME && partId.isEmpty()) {
            throw new IllegalArgumentException("only a part has a MIME header");
        }
        if (fields.isEmpty() == (kind == Kind.HEADER_FIELDS)
                || !fields.stream().allMatch(Section::validFieldName)) {
            throw new IllegalArgumentException("not the names of header fields");
        }
        fields = fields.stream().map(name -> name.toUpperCase(Locale.ROOT)).toList();
    }

    public Section(String partId, Kind kind) {
        this(partId, kind, List.of());
    }

    public static Section part(String partId) {
        return new Section(partId, Kind.BODY);
    }

    /** These fields of the message's own header. */
    public static Section headerFields(String... names) {
        return new Section("", Kind.HEADER_FIELDS, List.of(names));
    }

    /** This section of the message that is embedded as that part. */
    public Section within(String messagePart) {
        if (messagePart.isEmpty()) {
            return this;
        }
        var inner = partId.isEmpty() ? messagePart : messagePart + "." + partId;
        return new Section(inner, kind, fields);
    }

    public static boolean validPartId(String partId) {
        return PART_ID.matcher(partId).matches();
    }

    /** Whether it can be the name of a header field; RFC 5322 allows more, which no mail has. */
    public static boolean validFieldName(String name) {
        return FIELD_NAME.matcher(name).matches();
    }

    /** The section-spec between the brackets of BODY[...]. */
    public String wire() {
        return fields.isEmpty()
                ? words()
                : words() + fields.stream().collect(Collectors.joining(" ", " (", ")"));
    }

    private String words() {
        return partId.isEmpty() || kind.word.isEmpty()
                ? partId + kind.word
                : partId + "." + kind.word;
    }

    /**
     * Whether this section-spec of an answer, in upper case, denotes this section. Servers return
     * the names of header fields in another order or with other quoting.
     */
    public boolean answeredBy(String section) {
        if (fields.isEmpty() || section.equals(wire())) {
            return section.equals(wire());
        }
        int list = section.indexOf('(');
        return list > 0
                && section.substring(0, list).strip().equals(words())
                && names(section.substring(list)).equals(Set.copyOf(fields));
    }

    private static Set<String> names(String list) {
        return Arrays.stream(BETWEEN_FIELDS.split(list))
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }
}
