package postern.message.part;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import postern.imap.message.BodyPart;
import postern.mime.header.HeaderText;

/**
 * The root of a multipart/related and its other parts (RFC 2387).
 *
 * @param html whether the root is HTML or contains HTML
 */
record RelatedParts(BodyPart root, List<BodyPart> others, boolean html) {

    /** Empty when the multipart has no parts. */
    static Optional<RelatedParts> of(BodyPart related) {
        if (related.children().isEmpty()) {
            return Optional.empty();
        }
        var root = root(related);
        var others =
                related.children().stream()
                        .filter(part -> !part.partId().equals(root.partId()))
                        .toList();
        return Optional.of(new RelatedParts(root, others, showsHtml(root)));
    }

    /**
     * The part that {@code start} names, else the first part of the media type in {@code type},
     * else the first part. If that part has no text, like the layout of an MMS or a style sheet,
     * the first part that has text.
     */
    private static BodyPart root(BodyPart related) {
        var parameters = PartNames.parameters(related);
        var named = named(related, parameters.get("start"));
        if (named != null && showsText(named)) {
            return named;
        }
        var typed = typed(related, parameters.get("type"));
        if (typed != null && showsText(typed)) {
            return typed;
        }
        // Plain text before HTML, and neither parameter is given: the HTML was meant to be shown.
        return first(related, part -> showsHtml(part) && !PartNames.named(part))
                .or(() -> first(related, RelatedParts::showsText))
                .orElse(related.children().getFirst());
    }

    private static @Nullable BodyPart named(BodyPart related, @Nullable String start) {
        if (start == null || start.isBlank()) {
            return null;
        }
        var id = bare(start);
        return first(
                        related,
                        part ->
                                part.contentId() != null
                                        && bare(HeaderText.decode(part.contentId().octets()))
                                                .equals(id))
                .orElse(null);
    }

    /** Many programs write {@code start} without angle brackets. */
    private static String bare(String id) {
        var bare = id.strip().toLowerCase(Locale.ROOT);
        int from = bare.startsWith("<") ? 1 : 0;
        int to = bare.endsWith(">") ? bare.length() - 1 : bare.length();
        return bare.substring(from, Math.max(from, to));
    }

    private static @Nullable BodyPart typed(BodyPart related, @Nullable String type) {
        if (type == null) {
            return null;
        }
        var mediaType = type.strip().toLowerCase(Locale.ROOT);
        return first(related, part -> part.mediaType().equals(mediaType)).orElse(null);
    }

    private static Optional<BodyPart> first(BodyPart related, Predicate<BodyPart> wanted) {
        return related.children().stream().filter(wanted).findFirst();
    }

    private static boolean showsHtml(BodyPart part) {
        return shows(part, "text/html"::equals);
    }

    private static boolean showsText(BodyPart part) {
        return shows(part, type -> type.equals("text/html") || type.equals("text/plain"));
    }

    private static boolean shows(BodyPart part, Predicate<String> type) {
        return part.walkBody()
                .anyMatch(node ->
                        !"attachment".equals(node.disposition()) && type.test(node.mediaType()));
    }
}
