package postern.message;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import postern.mime.html.SafeHtml;

/// Whether a message may load remote content when it is shown.
enum RemoteContent {
    BLOCK("default-src 'none'; img-src 'self' data:", SafeHtml.RemoteContent.BLOCK),
    ALLOW("default-src 'none'; img-src 'self' data: https: http:", SafeHtml.RemoteContent.ALLOW);

    private static final String STYLE =
            "; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'";

    /** Links open ordinary windows outside of the sandbox; the page can do nothing else. */
    private static final String SANDBOX = "; sandbox allow-popups allow-popups-to-escape-sandbox";

    private final String sources;
    private final SafeHtml.RemoteContent inHtml;

    RemoteContent(String sources, SafeHtml.RemoteContent inHtml) {
        this.sources = sources;
        this.inHtml = inHtml;
    }

    @JsonValue
    String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    SafeHtml.RemoteContent inHtml() {
        return inHtml;
    }

    /** The Content-Security-Policy header. */
    String policy() {
        return policyInPage() + SANDBOX;
    }

    /** The policy for a meta element, without the directives that are not allowed there. */
    String policyInPage() {
        return sources + STYLE;
    }
}
