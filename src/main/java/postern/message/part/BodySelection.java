package postern.message.part;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.imap.message.BodyPart;

/**
 * Which parts of a message are its text, which its HTML, and which are files (RFC 8621 §4.1.4).
 *
 * <p>Only the structure is used, so that lists, messages, search and threads agree without reading
 * the HTML. The drawback: a picture outside of the multipart/related that the HTML refers to is
 * both shown in the HTML and listed as a file.
 *
 * @param text the parts to show as plain text; includes HTML that has no plain alternative
 * @param html the parts to show as HTML; includes plain text that has no HTML alternative
 * @param pictures pictures to show in the page, unless the HTML refers to them
 * @param files all parts that are neither text nor HTML nor another rendering of them
 */
public record BodySelection(
        List<BodyPart> text, List<BodyPart> html, List<Picture> pictures, List<FilePart> files) {

    static final BodySelection NONE = new BodySelection(List.of(), List.of(), List.of(), List.of());

    /** Pictures sent without an image media type are recognised by their file extension. */
    private static final Set<String> PICTURE_EXTENSIONS =
            Set.of("avif", "bmp", "gif", "heic", "jpeg", "jpg", "png", "svg", "webp");

    /**
     * A picture and its position.
     *
     * @param after the number of HTML parts before it
     */
    public record Picture(BodyPart part, int after) {}

    /**
     * A part that is offered as a file.
     *
     * @param related whether it is in a multipart/related (RFC 2387) that contains HTML
     * @param accompanying whether it only belongs to the text: a signature, a report, or an
     *     invitation among the alternatives. It can be downloaded, but it is not what the sender
     *     attached.
     */
    public record FilePart(BodyPart part, boolean related, boolean accompanying) {

        /**
         * Whether it is shown within the page rather than below it: a picture that the HTML in the
         * same multipart/related can refer to. The disposition does not decide: mail programs write
         * {@code Content-Disposition: inline} for any file.
         */
        public boolean inline() {
            return related
                    && !"attachment".equals(part.disposition())
                    && (part.contentId() != null || part.location() != null)
                    && picture(part);
        }

        /** Whether the sender attached it as a file. */
        public boolean attached() {
            return !accompanying && !inline();
        }
    }

    public static BodySelection of(@Nullable BodyPart structure) {
        if (structure == null) {
            return NONE;
        }
        var text = new ArrayList<BodyPart>();
        var html = new ArrayList<BodyPart>();
        var pictures = new ArrayList<Picture>();
        var files = new ArrayList<FilePart>();
        new Walk("mixed", false, false, text, html, pictures, files).take(List.of(structure), 0);
        return new BodySelection(
                List.copyOf(text), List.copyOf(html), List.copyOf(pictures), List.copyOf(files));
    }

    /** RFC 8621 §4.1.4: true when there is a file that is not shown within the body. */
    public boolean hasAttachment() {
        return files.stream().anyMatch(FilePart::attached);
    }

    /** Whether browsers can show it as a picture. */
    static boolean picture(BodyPart part) {
        if (part.type().equals("image")) {
            return true;
        }
        var name =
                part.mediaType().equals("application/octet-stream")
                        ? PartNames.declared(part)
                        : null;
        return name != null
                && PICTURE_EXTENSIONS.contains(
                        name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
    }

    /**
     * The algorithm of RFC 8621 §4.1.4 for the children of one multipart, with one difference:
     * media between the text parts are files, because a body here is one text and not a list of
     * parts.
     *
     * @param related whether it is in a multipart/related that contains HTML
     * @param text null inside an alternative that turned out to be HTML
     * @param html null inside an alternative that turned out to be plain text
     */
    private record Walk(
            String multipart,
            boolean inAlternative,
            boolean related,
            @Nullable List<BodyPart> text,
            @Nullable List<BodyPart> html,
            List<Picture> pictures,
            List<FilePart> files) {

        /**
         * @param root index of the child that is body even if it has a file name
         */
        void take(List<BodyPart> parts, int root) {
            int textBefore = text == null ? -1 : text.size();
            int htmlBefore = html == null ? -1 : html.size();
            var walk = this;
            for (int i = 0; i < parts.size(); i++) {
                walk = walk.take(parts.get(i), i == root);
            }
            if (!multipart.equals("alternative")) {
                return;
            }
            boolean shown = size(text) > textBefore || size(html) > htmlBefore;
            if (text != null && html != null) {
                shareWithTheOther(text, textBefore, html, htmlBefore);
            }
            if (!shown) {
                parts.stream().filter(this::rendering).forEach(this::file);
            }
        }

        private static int size(@Nullable List<BodyPart> parts) {
            return parts == null ? -1 : parts.size();
        }

        private Walk take(BodyPart part, boolean root) {
            if (part.multipart()) {
                descend(part);
                return this;
            }
            if (rendering(part)) {
                return this;
            }
            if (!body(part, root)) {
                file(part);
                return this;
            }
            return multipart.equals("alternative") ? alternative(part) : sequence(part);
        }

        private void descend(BodyPart part) {
            if (part.subtype().equals("related")) {
                RelatedParts.of(part).ifPresent(this::descend);
                return;
            }
            var alternative = inAlternative || part.subtype().equals("alternative");
            new Walk(part.subtype(), alternative, related, text, html, pictures, files)
                    .take(part.children(), 0);
        }

        /**
         * The root comes first, wherever it is in the multipart, so that its pictures follow it.
         */
        private void descend(RelatedParts parts) {
            new Walk("related", inAlternative, related, text, html, pictures, files)
                    .take(List.of(parts.root()), 0);
            new Walk("related", inAlternative, related || parts.html(), text, html, pictures, files)
                    .take(parts.others(), -1);
        }

        private void file(BodyPart part) {
            files.add(new FilePart(part, related, accompanying(part)));
            if (html != null && !"attachment".equals(part.disposition()) && picture(part)) {
                pictures.add(new Picture(part, html.size()));
            }
        }

        private boolean accompanying(BodyPart part) {
            return switch (AttachmentKind.of(part)) {
                case SIGNATURE, REPORT -> true;
                case CALENDAR ->
                        multipart.equals("alternative") && !"attachment".equals(part.disposition());
                // RFC 6522 §3: the third part of a report is the message that the report is about.
                case MESSAGE -> multipart.equals("report") && part.disposition() == null;
                default -> false;
            };
        }

        /** Another rendering of the text, in a format that few programs show, such as AMP. */
        private boolean rendering(BodyPart part) {
            return multipart.equals("alternative")
                    && part.type().equals("text")
                    && !text(part)
                    && !"attachment".equals(part.disposition())
                    && !PartNames.named(part)
                    && AttachmentKind.of(part) == AttachmentKind.FILE;
        }

        /**
         * A part is body unless it is marked as attachment, is of a type that cannot be shown, or
         * is in the position of a file: after the root of a multipart/related, or a named text
         * after the first part.
         */
        private boolean body(BodyPart part, boolean root) {
            if ("attachment".equals(part.disposition()) || !text(part)) {
                return false;
            }
            return root || !multipart.equals("related") && !PartNames.named(part);
        }

        private static boolean text(BodyPart part) {
            return plain(part) || part.mediaType().equals("text/html");
        }

        private static boolean plain(BodyPart part) {
            return part.mediaType().equals("text/plain");
        }

        private Walk alternative(BodyPart part) {
            var list = plain(part) ? text : html;
            if (list != null) {
                list.add(part);
            }
            return this;
        }

        private Walk sequence(BodyPart part) {
            var undecided = inAlternative && text != null && html != null;
            var walk = undecided ? committedTo(part) : this;
            if (walk.text != null) {
                walk.text.add(part);
            }
            if (walk.html != null) {
                walk.html.add(part);
            }
            return walk;
        }

        /** Inside an alternative, a multipart takes the kind (plain or HTML) of its first text. */
        private Walk committedTo(BodyPart part) {
            return plain(part)
                    ? new Walk(multipart, true, related, text, null, pictures, files)
                    : new Walk(multipart, true, related, null, html, pictures, files);
        }

        /** If an alternative has only one kind, it is shown for the other kind too. */
        private static void shareWithTheOther(
                List<BodyPart> text, int textBefore, List<BodyPart> html, int htmlBefore) {
            var plainOnly = html.size() == htmlBefore;
            var htmlOnly = text.size() == textBefore;
            if (htmlOnly && !plainOnly) {
                text.addAll(html.subList(htmlBefore, html.size()));
            }
            if (plainOnly && !htmlOnly) {
                html.addAll(text.subList(textBefore, text.size()));
            }
        }
    }
}
