package postern.message.part;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.imap.Capabilities;
import postern.imap.message.BodyPart;
import postern.imap.message.FetchedMessage;
import postern.imap.message.RawText;
import postern.imap.message.Section;
import postern.imap.message.SectionRange;
import postern.mime.header.Disposition;
import postern.mime.header.FileName;
import postern.mime.header.MediaType;

/**
 * A part whose type or name in BODYSTRUCTURE is missing, cut or doubtful.
 *
 * @param range the MIME header that has the right type and name
 * @param place the position of the part
 * @param untyped whether its type is in doubt, not only its name
 */
record DoubtfulPart(BodyPart part, SectionRange range, Place place, boolean untyped) {

    /**
     * The position of a part.
     *
     * @param body whether it is the entire body of a message
     * @param first whether it is the entire body, or its first part
     * @param alternative whether it is one of several alternatives
     */
    record Place(boolean body, boolean first, boolean alternative) {

        /** Whether a part in this position may be a file rather than text. */
        boolean apart() {
            return body || !first && !alternative;
        }
    }

    private interface Test {
        boolean doubts(BodyPart part, Place place);
    }

    private static final long MOST_OCTETS = 8 << 10;
    private static final int MOST_PARTS = 32;
    private static final int DEEPEST = 300;
    private static final byte[] NOTHING = {};
    private static final RawText US_ASCII = RawText.of("us-ascii");
    private static final List<String> FIELDS = List.of("Content-Type", "Content-Disposition");

    /** The header of the outermost message. */
    static final SectionRange OF_MESSAGE = header("", "", true);

    /** The parts whose types are doubtful. */
    static List<DoubtfulPart> ofTypes(FetchedMessage message, Capabilities capabilities) {
        boolean hidden = capabilities.hidesTypes();
        return of(
                message,
                hidden,
                (part, place) ->
                        untyped(part)
                                || undisposed(part)
                                || maybePicture(part)
                                || hidden && maybeAny(part, place));
    }

    /** The parts whose types or names are missing, cut or doubtful. */
    static List<DoubtfulPart> ofAll(FetchedMessage message, Capabilities capabilities) {
        boolean hidden = capabilities.hidesTypes();
        boolean joined = capabilities.joinsNames();
        return of(
                message,
                hidden,
                (part, place) ->
                        untyped(part)
                                || undisposed(part)
                                || unnamed(part)
                                || joined && PartNames.named(part)
                                || hidden && maybeAny(part, place));
    }

    private static List<DoubtfulPart> of(FetchedMessage message, boolean hidden, Test test) {
        var structure = message.bodyStructure();
        if (structure == null) {
            return List.of();
        }
        var doubts = new ArrayList<DoubtfulPart>(0);
        add(structure, "", new Place(true, true, false), hidden, test, doubts, 0);
        return doubts;
    }

    /**
     * @param around part id of the message that contains the part; empty for the outermost message
     */
    private static void add(
            BodyPart part,
            String around,
            Place place,
            boolean hidden,
            Test test,
            List<DoubtfulPart> doubts,
            int depth) {
        if (doubts.size() >= MOST_PARTS || depth > DEEPEST) {
            return;
        }
        if (part.children().isEmpty() && !part.multipart() && test.doubts(part, place)) {
            boolean untyped = untyped(part) || hidden && maybeAny(part, place);
            var range = header(part.partId(), around, place.body());
            doubts.add(new DoubtfulPart(part, range, place, untyped));
        }
        boolean alternative = part.subtype().equals("alternative");
        for (int i = 0; i < part.children().size(); i++) {
            var child = part.children().get(i);
            if (part.message()) {
                var body = new Place(true, true, false);
                add(child, part.partId(), body, hidden, test, doubts, depth + 1);
            } else {
                var within = new Place(false, place.first() && i == 0, alternative);
                add(child, around, within, hidden, test, doubts, depth + 1);
            }
        }
    }

    /** If the body of a message is a single part, its MIME fields are in the message header. */
    private static SectionRange header(String partId, String around, boolean body) {
        var section =
                body
                        ? new Section(around, Section.Kind.HEADER_FIELDS, FIELDS)
                        : new Section(partId, Section.Kind.MIME);
        return SectionRange.first(section, MOST_OCTETS);
    }

    /** Its header among the sections that were read; null when it was not read. */
    byte @Nullable [] header(Map<SectionRange, byte[]> sections) {
        var own = sections.get(range);
        if (own != null || !range.section().equals(OF_MESSAGE.section())) {
            return own;
        }
        return sections.entrySet().stream()
                .filter(read -> read.getKey().section().equals(Section.HEADER))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    private static boolean untyped(BodyPart part) {
        return !MediaType.valid(part.mediaType());
    }

    /** Whether it has a disposition that the server could not parse. */
    private static boolean undisposed(BodyPart part) {
        return part.disposition() != null && part.disposition().isEmpty();
    }

    /**
     * Whether its real type is unknown, on a server that describes all parts of unreadable type as
     * text/plain in US-ASCII. In other positions the part is text in any case.
     */
    private static boolean maybeAny(BodyPart part, Place place) {
        var charset = part.parameters().get("charset");
        return place.apart()
                && part.mediaType().equals("text/plain")
                && part.parameters().size() == 1
                && charset != null
                && charset.equals(US_ASCII);
    }

    /** A list needs the full name, because the file extension tells whether it is a picture. */
    private static boolean maybePicture(BodyPart part) {
        return part.mediaType().equals("application/octet-stream")
                && (part.contentId() != null || part.location() != null)
                && unnamed(part);
    }

    /** Whether its name is cut, or missing although it is a file. */
    private static boolean unnamed(BodyPart part) {
        var name = PartNames.declared(part);
        if (name != null && !name.isBlank()) {
            return FileName.looksCut(name);
        }
        return "attachment".equals(part.disposition())
                || part.parameters().isEmpty()
                        && part.contentId() == null
                        && !part.type().equals("text")
                        && !part.type().equals("message");
    }

    /** The part as its header describes it; if it has no header, the type is guessed. */
    BodyPart mended(byte @Nullable [] header) {
        var fields = HeaderField.split(header == null ? NOTHING : header);
        var type = HeaderField.first(fields, "content-type").orElse(null);
        var named = named(type, HeaderField.first(fields, "content-disposition").orElse(null));
        boolean kept = !untyped || type == null && MediaType.valid(part.mediaType());
        if (kept) {
            return named;
        }
        var words = type(named, type).split("/", 2);
        return named.described(
                new BodyPart.Type(words[0], words[1], named.parameters()),
                named.contentDisposition());
    }

    private BodyPart named(byte @Nullable [] type, byte @Nullable [] disposition) {
        var parameters =
                type == null
                        ? part.parameters()
                        : merged(
                                untyped ? Map.of() : part.parameters(),
                                MediaType.parametersOf(type));
        var named = new BodyPart.Type(part.type(), part.subtype(), parameters);
        if (disposition == null) {
            return part.described(named, part.contentDisposition());
        }
        var inHeader = Disposition.parse(disposition);
        boolean preferHeader =
                (part.disposition() == null || undisposed(part)) && !inHeader.kind().isEmpty();
        return part.described(
                named,
                new BodyPart.Disposition(
                        preferHeader ? inHeader.kind() : part.disposition(),
                        merged(part.dispositionParameters(), inHeader.parameters())));
    }

    /** The header takes precedence: servers may have decoded or joined the values. */
    private static Map<String, RawText> merged(
            Map<String, RawText> fromServer, Map<String, byte[]> inHeader) {
        var all = new LinkedHashMap<String, RawText>();
        inHeader.forEach((name, value) -> all.put(name, new RawText(value)));
        fromServer.forEach((name, value) -> {
            var plain = name.replaceFirst("\\*.*", "");
            if (all.keySet().stream()
                    .noneMatch(it -> it.equals(plain) || it.startsWith(plain + "*"))) {
                all.put(name, value);
            }
        });
        return all;
    }

    private String type(BodyPart named, byte @Nullable [] contentType) {
        var meant = contentType == null ? null : MediaType.meant(contentType);
        if (meant == null && !MediaType.valid(part.mediaType())) {
            meant = MediaType.meant(part.mediaType().getBytes(StandardCharsets.ISO_8859_1));
        }
        // A multipart type is ignored: the child parts are unknown, and this is a single part.
        if (meant != null && !meant.startsWith("multipart/")) {
            return meant;
        }
        var name = PartNames.declared(named);
        var byName = name == null ? null : FileName.typeOf(name);
        if (byName != null) {
            return byName;
        }
        boolean text =
                name == null
                        && !"attachment".equals(named.disposition())
                        && (place.first() || !part.encoding().equals("base64"));
        return text ? "text/plain" : "application/octet-stream";
    }
}
