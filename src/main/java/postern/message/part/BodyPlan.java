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
 * How much of which parts makes up one body of a message.
 *
 * @param cut whether parts were left out altogether
 */
public record BodyPlan(List<Piece> pieces, boolean cut) {

    /**
     * So many octets, before decoding, are read of one body; what goes beyond is no reading matter.
     */
    static final long MOST_OCTETS = 1 << 20;

    /** A body of more parts is an attack or an accident. */
    static final int MOST_PARTS = 32;

    public static final BodyPlan EMPTY = new BodyPlan(List.of(), false);

    private static final Section TEXT = new Section("", Section.Kind.TEXT);

    /** The first octets of a part, as many as are wanted. */
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
     * All that follows the header, of a message whose structure the server cannot tell: decoded as
     * its header says, or as it came where it is a multipart.
     */
    public static BodyPlan ofUndescribed(FetchedMessage message, List<HeaderField.Raw> header) {
        var type = HeaderField.first(header, "content-type").map(MediaType::parse);
        var encoding = HeaderField.first(header, "content-transfer-encoding");
        var html = type.filter(t -> t.type().equals("text") && t.subtype().equals("html"));
        var part =
                new BodyPart(
                        "",
                        "text",
                        html.isPresent() ? "html" : "plain",
                        rawParameters(type),
                        null,
                        null,
                        encoding.map(HeaderText::decode)
                                .orElse("")
                                .strip()
                                .toLowerCase(Locale.ROOT),
                        message.size() == null ? 0 : message.size(),
                        null,
                        Map.of(),
                        null,
                        List.of());
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
