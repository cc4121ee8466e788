package postern.imap.message;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A node of a message's MIME tree, as in BODYSTRUCTURE (RFC 9051 §7.5.2).
 *
 * @param partId the part number, such as {@code "1.2"}; empty for a multipart that is the whole
 *     message
 * @param encoding the Content-Transfer-Encoding in lower case
 * @param size in octets before decoding; 0 for a multipart
 * @param envelope of the message inside a message/rfc822 part
 * @param children the parts of a multipart; for message/rfc822 the body of the message inside
 * @param location its Content-Location (RFC 2557 §4.2)
 */
public record BodyPart(
        String partId,
        Type contentType,
        @Nullable RawText contentId,
        @Nullable RawText description,
        String encoding,
        long size,
        Disposition contentDisposition,
        @Nullable Envelope envelope,
        List<BodyPart> children,
        @Nullable RawText location) {

    /**
     * The Content-Type.
     *
     * @param type lower case, such as {@code "text"}
     * @param subtype lower case, such as {@code "plain"}
     * @param parameters undecoded; names in lower case, in the order sent
     */
    public record Type(String type, String subtype, Map<String, RawText> parameters) {}

    /**
     * The Content-Disposition.
     *
     * @param type in lower case, such as {@code "attachment"}; empty where the server could not
     *     parse it
     * @param parameters undecoded; names in lower case
     */
    public record Disposition(@Nullable String type, Map<String, RawText> parameters) {

        public static final Disposition NONE = new Disposition(null, Map.of());
    }

    public String type() {
        return contentType.type();
    }

    public String subtype() {
        return contentType.subtype();
    }

    public Map<String, RawText> parameters() {
        return contentType.parameters();
    }

    public @Nullable String disposition() {
        return contentDisposition.type();
    }

    public Map<String, RawText> dispositionParameters() {
        return contentDisposition.parameters();
    }

    public String mediaType() {
        return type() + "/" + subtype();
    }

    public boolean multipart() {
        return type().equals("multipart");
    }

    /** Whether this is a message inside the message (message/rfc822 or message/global). */
    public boolean message() {
        return envelope != null;
    }

    /** This node and its descendants, in pre-order. */
    public Stream<BodyPart> walk() {
        return listed(true).stream();
    }

    /** This node and its descendants, in pre-order, without the parts of embedded messages. */
    public Stream<BodyPart> walkBody() {
        return listed(false).stream();
    }

    private List<BodyPart> listed(boolean insideMessages) {
        if (children.isEmpty()) {
            return List.of(this);
        }
        var parts = new ArrayList<BodyPart>();
        list(insideMessages, parts);
        return parts;
    }

    private void list(boolean insideMessages, List<BodyPart> parts) {
        parts.add(this);
        if (insideMessages || !message()) {
            children.forEach(child -> child.list(insideMessages, parts));
        }
    }

    /** A copy with another type and another disposition. */
    public BodyPart described(Type type, Disposition disposition) {
        return new BodyPart(
                partId,
                type,
                contentId,
                description,
                encoding,
                size,
                disposition,
                envelope,
                children,
                location);
    }

    /** A copy with other children. */
    public BodyPart withChildren(List<BodyPart> children) {
        return copy(partId, envelope, children);
    }

    /** A copy as a message part with that envelope and body. */
    public BodyPart opened(Envelope envelope, BodyPart body) {
        return copy(partId, envelope, List.of(body));
    }

    /**
     * The subtree of an embedded message, with the part numbers it has as a message of its own.
     *
     * @param messagePart the part id of the embedded message
     */
    public BodyPart alone(String messagePart) {
        var ownId =
                partId.length() > messagePart.length()
                        ? partId.substring(messagePart.length() + 1)
                        : "";
        return copy(
                ownId, envelope, children.stream().map(child -> child.alone(messagePart)).toList());
    }

    private BodyPart copy(String id, @Nullable Envelope envelope, List<BodyPart> children) {
        return new BodyPart(
                id,
                contentType,
                contentId,
                description,
                encoding,
                size,
                contentDisposition,
                envelope,
                children,
                location);
    }
}
