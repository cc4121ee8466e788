package postern.message.part;

import static postern.message.part.AttachmentKind.FILE;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import postern.imap.message.BodyPart;
import postern.imap.message.Section;
import postern.mime.Tnef;

/**
 * Parts that are interpreted rather than shown. They are fetched together with the message's
 * description and need no extra round trip once the structure is known.
 *
 * @param report the delivery, disposition or feedback report
 * @param reported the message that the report is about, or its header
 */
public record StructuredParts(
        @Nullable BodyPart calendar,
        @Nullable BodyPart report,
        @Nullable BodyPart reported,
        List<BodyPart> tnef) {

    /** Larger parts are not read as invitations or reports. */
    public static final int MOST_OCTETS = 256 << 10;

    private static final int MOST_TNEF = 2;

    private static final StructuredParts NONE = new StructuredParts(null, null, null, List.of());

    public static StructuredParts of(@Nullable BodyPart structure) {
        if (structure == null || AttachmentKind.of(structure) == FILE && !structure.multipart()) {
            return NONE;
        }
        BodyPart calendar = null;
        var tnef = new ArrayList<BodyPart>();
        for (var part : structure.walkBody().toList()) {
            switch (AttachmentKind.of(part)) {
                case CALENDAR -> calendar = calendar == null ? part : calendar;
                case TNEF -> {
                    if (part.size() <= MOST_OCTETS && tnef.size() < MOST_TNEF) {
                        tnef.add(part);
                    }
                }
                default -> {}
            }
        }
        var report = report(structure);
        if (calendar == null && report == null && tnef.isEmpty()) {
            return NONE;
        }
        return new StructuredParts(
                calendar,
                report == null ? null : named(report, StructuredParts::tells).orElse(null),
                report == null ? null : named(report, StructuredParts::isReported).orElse(null),
                List.copyOf(tnef));
    }

    /**
     * RFC 6522: a multipart of a text for people, a machine-readable report, and the message it is
     * about.
     */
    private static @Nullable BodyPart report(BodyPart structure) {
        return structure
                .walkBody()
                .filter(part -> part.multipart() && part.subtype().equals("report"))
                .findFirst()
                .orElse(null);
    }

    private static Optional<BodyPart> named(
            BodyPart report, java.util.function.Predicate<BodyPart> kind) {
        return report.walkBody().filter(kind).findFirst();
    }

    private static boolean tells(BodyPart part) {
        return AttachmentKind.of(part) == AttachmentKind.REPORT && !isReported(part);
    }

    private static boolean isReported(BodyPart part) {
        return part.mediaType().equals("text/rfc822-headers")
                || AttachmentKind.of(part) == AttachmentKind.MESSAGE;
    }

    public boolean reports(String subtype) {
        return report != null
                && (report.subtype().equals(subtype)
                        || report.subtype().equals("global-" + subtype));
    }

    /** The parts to fetch; the header of a whole message is already in the structure. */
    public List<String> partIds() {
        return Stream.concat(
                        Stream.of(
                                        Optional.ofNullable(calendar),
                                        Optional.ofNullable(report),
                                        Optional.ofNullable(reported).filter(r -> !r.message()))
                                .flatMap(Optional::stream),
                        tnef.stream())
                .map(BodyPart::partId)
                .distinct()
                .toList();
    }

    /** The Message-ID of the message that the report is about, if it is included. */
    public @Nullable String reportedMessageId(SectionOctets read) {
        if (reported == null) {
            return null;
        }
        var ids =
                reported.envelope() != null
                        ? MessageIds.parse(reported.envelope().messageId())
                        : ReportFields.of(text(reported, read)).messageIds("message-id");
        return ids.isEmpty() ? null : ids.getFirst();
    }

    public static String text(BodyPart part, SectionOctets read) {
        return PartText.of(part, read.of(Section.part(part.partId()))).content();
    }

    public List<String> filesIn(BodyPart part, SectionOctets read) {
        return Tnef.fileNames(PartText.decoded(part, read.of(Section.part(part.partId()))));
    }
}
