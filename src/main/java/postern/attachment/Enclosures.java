package postern.attachment;

import java.util.ArrayList;
import java.util.List;
import postern.imap.BodyPart;

/**
 * The parts of a message that are files, by the rule of RFC 8621 §4.1.4: all that is not the body's
 * text.
 *
 * @param attached those that are shown below the text
 * @param inline those that are shown within it, such as pictures
 */
record Enclosures(List<BodyPart> attached, List<BodyPart> inline) {

    static Enclosures of(BodyPart message) {
        var files = new Enclosures(new ArrayList<>(), new ArrayList<>());
        files.take(message, "mixed", true);
        return files;
    }

    List<BodyPart> chosen(boolean withInline) {
        if (!withInline) {
            return attached;
        }
        var all = new ArrayList<>(attached);
        all.addAll(inline);
        return all;
    }

    private void take(BodyPart part, String multipart, boolean first) {
        if (part.multipart()) {
            for (int i = 0; i < part.children().size(); i++) {
                take(part.children().get(i), part.subtype(), i == 0);
            }
            return;
        }
        boolean related = multipart.equals("related");
        if (!body(part, related, first)) {
            (inline(part, related) ? inline : attached).add(part);
        }
    }

    private static boolean body(BodyPart part, boolean related, boolean first) {
        boolean text =
                part.mediaType().equals("text/plain") || part.mediaType().equals("text/html");
        return text
                && !"attachment".equals(part.disposition())
                && (first || !related && !named(part));
    }

    private static boolean inline(BodyPart part, boolean related) {
        return "inline".equals(part.disposition())
                || related && part.disposition() == null && part.contentId() != null;
    }

    /** RFC 2231 spells a long or non-ASCII name {@code name*} or {@code name*0*}. */
    private static boolean named(BodyPart part) {
        return part.parameters().keySet().stream()
                        .anyMatch(name -> name.equals("name") || name.startsWith("name*"))
                || part.dispositionParameters().keySet().stream()
                        .anyMatch(name -> name.equals("filename") || name.startsWith("filename*"));
    }
}
