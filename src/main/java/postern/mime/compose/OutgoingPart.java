package postern.mime.compose;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.mime.html.HtmlText;

/** A part of a message that is to be written. */
public sealed interface OutgoingPart {

    /** Octets that are there when they are written, and not held in memory before. */
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** What is read: plain text or HTML. */
    record Text(String subtype, String text) implements OutgoingPart {}

    /**
     * A file.
     *
     * @param parameters of its type, such as a charset
     * @param cid under which HTML refers to it
     * @param inline whether it is shown within the text
     * @param base64 whether its content comes in base64 already
     */
    record File(
            String mediaType,
            Map<String, String> parameters,
            @Nullable String name,
            @Nullable String cid,
            boolean inline,
            boolean base64,
            Content content)
            implements OutgoingPart {}

    /**
     * A whole message; it is written as it is (RFC 2046 §5.2.1), so that its lines must end with
     * CRLF.
     *
     * @param eightBit whether it has octets that are not ASCII
     */
    record Letter(String name, boolean eightBit, Content content) implements OutgoingPart {}

    /** Several parts. */
    record Multipart(String subtype, List<OutgoingPart> parts) implements OutgoingPart {}

    /**
     * The body of a message: alternatives of its text, with the pictures that the HTML shows, and
     * the files below.
     *
     * @param text made of the HTML when null
     */
    static OutgoingPart body(
            @Nullable String text, @Nullable String html, List<? extends OutgoingPart> files) {
        if (html == null) {
            return with("mixed", new Text("plain", text == null ? "" : text), files);
        }
        var shown = files.stream().filter(OutgoingPart::shownInHtml).toList();
        var others = files.stream().filter(file -> !shownInHtml(file)).toList();
        var alternatives =
                new Multipart(
                        "alternative",
                        List.of(
                                new Text("plain", text == null ? HtmlText.of(html) : text),
                                with("related", new Text("html", html), shown)));
        return with("mixed", alternatives, others);
    }

    private static OutgoingPart with(
            String subtype, OutgoingPart first, List<? extends OutgoingPart> others) {
        if (others.isEmpty()) {
            return first;
        }
        var parts = new ArrayList<OutgoingPart>();
        parts.add(first);
        parts.addAll(others);
        return new Multipart(subtype, List.copyOf(parts));
    }

    private static boolean shownInHtml(OutgoingPart part) {
        return part instanceof File file && file.inline() && file.cid() != null;
    }

    /** Whether anything in it is not ASCII when it is written. */
    default boolean hasEightBit() {
        return switch (this) {
            case Text _, File _ -> false;
            case Letter letter -> letter.eightBit();
            case Multipart(_, var parts) -> parts.stream().anyMatch(OutgoingPart::hasEightBit);
        };
    }
}
