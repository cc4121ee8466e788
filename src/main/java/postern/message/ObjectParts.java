package postern.message;

import static postern.message.AttachmentKind.FILE;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import postern.imap.BodyPart;
import postern.imap.Section;
import postern.mime.Tnef;

/**
 * The parts of a message that are read for what they mean rather than shown: they come with the
 * message's description, and cost no round trip of their own once the structure is known.
 *
 * @param report what became of another message
 * @param reported that other message, or its header
 */
record ObjectParts(
        @Nullable BodyPart calendar,
        @Nullable BodyPart report,
        @Nullable BodyPart reported,
        List<BodyPart> tnef) {

    /** What has more octets is no invitation and no report. */
    static final int MOST_OCTETS = 256 << 10;

    private static final int MOST_TNEF = 2;

    private static final ObjectParts NONE = new ObjectParts(null, null, null, List.of());

    static ObjectParts of(@Nullable BodyPart structure) {
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
        return new ObjectParts(
                calendar,
                report == null ? null : named(report, ObjectParts::tells).orElse(null),
                report == null ? null : named(report, ObjectParts::isReported).orElse(null),
                List.copyOf(tnef));
    }

    /** RFC 6522: a multipart of words for people, words for programs, and what they are about. */
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

    boolean reports(String subtype) {
        return report != null
                && (report.subtype().equals(subtype)
                        || report.subtype().equals("global-" + subtype));
    }

    /** What must be fetched; the header of a whole message is in the structure already. */
    List<String> partIds() {
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

    /** The Message-ID of what is reported on, as far as it came along. */
    @Nullable String reportedMessageId(SectionOctets read) {
        if (reported == null) {
            return null;
        }
        var ids =
                reported.envelope() != null
                        ? MessageIds.parse(reported.envelope().messageId())
                        : ReportFields.of(text(reported, read)).messageIds("message-id");
        return ids.isEmpty() ? null : ids.getFirst();
    }

    static String text(BodyPart part, SectionOctets read) {
        return PartText.of(part, read.of(Section.part(part.partId()))).content();
    }

    List<String> filesIn(BodyPart part, SectionOctets read) {
        return Tnef.fileNames(PartText.decoded(part, read.of(Section.part(part.partId()))));
    }
}
