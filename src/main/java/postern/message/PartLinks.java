package postern.message;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import postern.imap.message.BodyPart;
import postern.message.part.PartNames;
import postern.mime.header.HeaderText;
import postern.mime.html.InlineParts;
import postern.web.Caller;
import postern.web.id.MessageId;
import postern.web.link.FileLinks;

/** How a message's HTML refers to the message's parts. */
enum PartLinks {

    /**
     * Relative to the message's own HTML, so that they hold behind any prefix that a proxy puts in
     * front of the gateway's paths.
     */
    RELATIVE,

    /** By short-lived links that need no header. */
    SIGNED;

    /** A message of more parts is an attack or an accident. */
    private static final int MOST = 1_000;

    private static final String PATH = "/v1/";

    @JsonValue
    String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** From a part's id to its URL. */
    UnaryOperator<String> urls(Caller caller, MessageId message, FileLinks links) {
        return switch (this) {
            case RELATIVE -> part -> "parts/" + part;
            case SIGNED -> {
                var outermost = MessageId.of(message.message());
                yield part -> relative(links.url(caller, outermost, message.partIdInMailbox(part)));
            }
        };
    }

    private static String relative(String url) {
        int path = url.startsWith("/") ? url.indexOf(PATH) : -1;
        return path < 0 ? url : "../../" + url.substring(path + PATH.length());
    }

    /**
     * @param urls without it the HTML's references stay as they are
     */
    static InlineParts of(@Nullable BodyPart structure, @Nullable UnaryOperator<String> urls) {
        var parts = new InlineParts(urls);
        if (structure != null) {
            structure
                    .walkBody()
                    .filter(part -> !part.multipart())
                    .limit(MOST)
                    .forEach(part ->
                            parts.add(
                                    PartNames.cid(part),
                                    part.location() == null
                                            ? null
                                            : HeaderText.decode(part.location().octets()),
                                    part.partId()));
        }
        return parts;
    }
}
