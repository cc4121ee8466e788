package postern.message;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.function.UnaryOperator;
import postern.web.Caller;
import postern.web.id.MessageId;
import postern.web.link.FileLinks;

/// How the HTML of a message links to the message's parts.
enum PartLinks {

    /**
     * Relative to the URL of the HTML, so that they work behind a proxy that adds a path prefix.
     */
    RELATIVE,

    /** Short-lived signed links that need no Authorization header. */
    SIGNED;

    private static final String PATH = "/v1/";

    @JsonValue
    String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Maps a part's id to its URL. */
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
}
