package postern.message.part;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import postern.imap.message.BodyPart;
import postern.imap.message.FetchedMessage;
import postern.imap.message.RawText;
import postern.imap.message.Section;
import postern.imap.message.SectionRange;
import postern.mime.header.HeaderText;
import postern.mime.header.MediaType;

/**
 * The parts to read for one body (text or HTML), and how many octets of each.
 *
 * @param cut whether parts were left out entirely
 */
public record BodyPlan(List<Piece> pieces, boolean cut) {

    /** Upper bound on the octets read for one body, before decoding. */
    static final long MOST_OCTETS = 1 << 20;

    /** Upper bound on the parts of one body; only broken or hostile messages have more. */
    static final int MOST_PARTS = 32;

    public static final BodyPlan EMPTY = new BodyPlan(List.of(), false);

    private static final Section TEXT = new Section("", Section.Kind.TEXT);

    /** The first {@code octets} octets of a part. */
    public record Piece(BodyPart part, Section section, long octets) {}

    public static BodyPlan of(List<BodyPart> parts) {
        var pieces = new ArrayList<Piece>();
        long left = MOST_OCTETS;
        for (var part : parts) {
            if (left <= 0 || pieces.size() == MOST_PARTS) {
                return new BodyPlan(pieces, true);
            }
            pieces.add(new Piece(part, Section.part(part.partId()), left));
            left -= part.size();
        }
        return new BodyPlan(pieces, false);
    }

    /**
     * For a message whose structure the server cannot parse: the entire content after the header,
     * decoded as the header says, or not decoded if it is a multipart.
     */
    public static BodyPlan ofUndescribed(FetchedMessage message, List<HeaderField.Raw> header) {
        var type = HeaderField.first(header, "content-type").map(MediaType::parse);
        var encoding = HeaderField.first(header, "content-transfer-encoding");
        var html = type.filter(t -> t.type().equals("text") && t.subtype().equals("html"));
        var part =
                new BodyPart(
                        "",
                        new BodyPart.Type(
                                "text", html.isPresent() ? "html" : "plain", rawParameters(type)),
                        null,
                        null,
                        encoding.map(HeaderText::decode)
                                .orElse("")
                                .strip()
                                .toLowerCase(Locale.ROOT),
                        message.size() == null ? 0 : message.size(),
                        BodyPart.Disposition.NONE,
                        null,
                        List.of(),
                        null);
        return new BodyPlan(List.of(new Piece(part, TEXT, MOST_OCTETS)), false);
    }

    private static Map<String, RawText> rawParameters(Optional<MediaType> type) {
        var raw = new LinkedHashMap<String, RawText>();
        type.ifPresent(t -> t.parameters().all().forEach((k, v) -> raw.put(k, RawText.of(v))));
        return raw;
    }

    public List<SectionRange> missing(SectionOctets read) {
        return pieces.stream()
                .flatMap(piece -> read.missing(piece.section(), piece.octets()).stream())
                .toList();
    }

    public boolean truncated(SectionOctets read) {
        return cut || pieces.stream().anyMatch(piece -> truncated(piece, read));
    }

    private static boolean truncated(Piece piece, SectionOctets read) {
        var section = piece.section();
        return !read.whole(section) && read.of(section).length != piece.part().size();
    }
}
