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
 * <p>The structure alone decides, so that a list, the open message, a search and a thread say the
 * same without reading the HTML. The price: a picture that the HTML refers to from outside its
 * multipart/related is shown in its place and is a file as well.
 *
 * @param text what to show where only plain text is shown; HTML that has no plain twin is among it
 * @param html what to show where HTML is shown; plain text that has no HTML twin is among it
 * @param pictures what a page shows beside the HTML, unless the HTML refers to it
 * @param files everything that is neither text nor HTML nor another rendering of them
 */
public record BodySelection(
        List<BodyPart> text, List<BodyPart> html, List<Picture> pictures, List<FilePart> files) {

    static final BodySelection NONE = new BodySelection(List.of(), List.of(), List.of(), List.of());

    /** Pictures that are sent without a type of their own are known by their name. */
    private static final Set<String> PICTURE_EXTENSIONS =
            Set.of("avif", "bmp", "gif", "heic", "jpeg", "jpg", "png", "svg", "webp");

    /**
     * A picture and its place.
     *
     * @param after how many parts of the HTML stand before it
     */
    public record Picture(BodyPart part, int after) {}

    /**
     * A part to be offered as a file.
     *
     * @param related whether it stands in a multipart/related (RFC 2387) beside HTML
     * @param accompanying whether it only goes with the text: a signature, a report, or an
     *     invitation among the alternatives. It can be had, but nobody came to send it.
     */
    public record FilePart(BodyPart part, boolean related, boolean accompanying) {

        /**
         * Whether it is shown within the page rather than below it: a picture that the HTML beside
         * it can refer to. Mail programs write {@code Content-Disposition: inline} for any file.
         */
        public boolean inline() {
            return related
                    && !"attachment".equals(part.disposition())
                    && (part.contentId() != null || part.location() != null)
                    && picture(part);
        }

        /** Whether it is a file that the sender attached. */
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

    /** Whether a browser shows it as a picture. */
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
     * The walk of RFC 8621 §4.1.4 through the children of one multipart. It differs in one thing:
     * media between the text parts are files here, for here a body is one text and not a list.
     *
     * @param related whether it is all beside HTML in a multipart/related
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
         * @param root which of them is body whatever its name is
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

        /** The root comes first, wherever it stands, so that what it shows follows it. */
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
                // RFC 6522 §3: the third part of a report is the message that it is about.
                case MESSAGE -> multipart.equals("report") && part.disposition() == null;
                default -> false;
            };
        }

        /**
         * A text in a format that few programs show, such as AMP, among the alternatives to the one
         * that is shown.
         */
        private boolean rendering(BodyPart part) {
            return multipart.equals("alternative")
                    && part.type().equals("text")
                    && !text(part)
                    && !"attachment".equals(part.disposition())
                    && !PartNames.named(part)
                    && AttachmentKind.of(part) == AttachmentKind.FILE;
        }

        /**
         * A part is body unless it says otherwise, is of a kind that cannot be shown, or stands
         * where files do: behind the root of multipart/related, or as named text behind the first.
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

        /** Inside an alternative, a sequence belongs to the kind of text that it begins with. */
        private Walk committedTo(BodyPart part) {
            return plain(part)
                    ? new Walk(multipart, true, related, text, null, pictures, files)
                    : new Walk(multipart, true, related, null, html, pictures, files);
        }

        /** An alternative of one kind only is all there is for the other kind as well. */
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
