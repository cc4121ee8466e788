package postern.message;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.imap.BodyPart;

/**
 * Which parts of a message are its text, which its HTML, and which are files (RFC 8621 §4.1.4).
 *
 * @param text what to show where only plain text is shown; HTML that has no plain twin is among it
 * @param html what to show where HTML is shown; plain text that has no HTML twin is among it
 * @param files everything that is neither
 */
public record BodySelection(List<BodyPart> text, List<BodyPart> html, List<FilePart> files) {

    static final BodySelection NONE = new BodySelection(List.of(), List.of(), List.of());

    /**
     * A part to be offered as a file.
     *
     * @param related whether it stands in a multipart/related (RFC 2387), beside the HTML
     */
    public record FilePart(BodyPart part, boolean related) {

        /** Whether it is shown within the body rather than below it. */
        public boolean inline() {
            return "inline".equals(part.disposition())
                    || related && part.disposition() == null && part.contentId() != null;
        }
    }

    public static BodySelection of(@Nullable BodyPart structure) {
        if (structure == null) {
            return NONE;
        }
        var text = new ArrayList<BodyPart>();
        var html = new ArrayList<BodyPart>();
        var files = new ArrayList<FilePart>();
        new Walk("mixed", false, text, html, files).take(List.of(structure));
        return new BodySelection(List.copyOf(text), List.copyOf(html), List.copyOf(files));
    }

    /** RFC 8621 §4.1.4: true when there is a file that is not shown within the body. */
    boolean hasAttachment() {
        return files.stream().anyMatch(file -> !file.inline());
    }

    /**
     * The walk of RFC 8621 §4.1.4 through the children of one multipart. It differs in one thing:
     * media between the text parts are files here, for here a body is one text and not a list.
     *
     * @param text null inside an alternative that turned out to be HTML
     * @param html null inside an alternative that turned out to be plain text
     */
    private record Walk(
            String multipart,
            boolean inAlternative,
            @Nullable List<BodyPart> text,
            @Nullable List<BodyPart> html,
            List<FilePart> files) {

        void take(List<BodyPart> parts) {
            int textBefore = text == null ? -1 : text.size();
            int htmlBefore = html == null ? -1 : html.size();
            var walk = this;
            for (int i = 0; i < parts.size(); i++) {
                walk = walk.take(parts.get(i), i == 0);
            }
            if (multipart.equals("alternative") && text != null && html != null) {
                shareWithTheOther(text, textBefore, html, htmlBefore);
            }
        }

        private Walk take(BodyPart part, boolean first) {
            if (part.multipart()) {
                descend(part);
                return this;
            }
            if (!body(part, first)) {
                files.add(new FilePart(part, multipart.equals("related")));
                return this;
            }
            return multipart.equals("alternative") ? alternative(part) : sequence(part);
        }

        private void descend(BodyPart part) {
            var alternative = inAlternative || part.subtype().equals("alternative");
            new Walk(part.subtype(), alternative, text, html, files).take(part.children());
        }

        /**
         * A part is body unless it says otherwise, is of a kind that cannot be shown, or stands
         * where files do: behind the root of multipart/related, or as named text behind the first.
         */
        private boolean body(BodyPart part, boolean first) {
            if ("attachment".equals(part.disposition()) || !text(part)) {
                return false;
            }
            return first || !multipart.equals("related") && !named(part);
        }

        private static boolean text(BodyPart part) {
            return plain(part) || part.mediaType().equals("text/html");
        }

        private static boolean plain(BodyPart part) {
            return part.mediaType().equals("text/plain");
        }

        private static boolean named(BodyPart part) {
            return has(part.parameters().keySet(), "name")
                    || has(part.dispositionParameters().keySet(), "filename");
        }

        /** RFC 2231 spells a long or non-ASCII name {@code name*} or {@code name*0*}. */
        private static boolean has(Iterable<String> parameters, String name) {
            for (var parameter : parameters) {
                if (parameter.equals(name) || parameter.startsWith(name + "*")) {
                    return true;
                }
            }
            return false;
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
                    ? new Walk(multipart, true, text, null, files)
                    : new Walk(multipart, true, null, html, files);
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
