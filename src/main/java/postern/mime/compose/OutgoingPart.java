package postern.mime.compose;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.mime.html.HtmlText;

/** A body part to be written. */
public sealed interface OutgoingPart {

    /** Octets that are produced when they are written and not held in memory before. */
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** Text to be read: plain or HTML. */
    record Text(String subtype, String text) implements OutgoingPart {}

    /**
     * A file.
     *
     * @param parameters of its media type, such as charset
     * @param cid the Content-ID by which HTML refers to it
     * @param inline whether its disposition is inline
     * @param base64 whether its content is base64 already
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
     * An embedded message; written without a transfer encoding (RFC 2046 §5.2.1), so its lines must
     * end with CRLF.
     *
     * @param eightBit whether it contains octets that are not ASCII
     */
    record Letter(String name, boolean eightBit, Content content) implements OutgoingPart {}

    /** Several parts. */
    record Multipart(String subtype, List<OutgoingPart> parts) implements OutgoingPart {}

    /**
     * The body of a message: its text as alternatives, the inline pictures of the HTML, and the
     * attachments.
     *
     * @param text derived from the HTML if null
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

    /** Whether it contains octets that are not ASCII when it is written. */
    default boolean hasEightBit() {
        return switch (this) {
            case Text _, File _ -> false;
            case Letter letter -> letter.eightBit();
            case Multipart(_, var parts) -> parts.stream().anyMatch(OutgoingPart::hasEightBit);
        };
    }
}
