package postern.message;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import postern.mime.html.SafeHtml;

/** Whether a message may load what is not in it when it is shown. */
enum RemoteContent {
    BLOCK("default-src 'none'; img-src 'self' data:", SafeHtml.RemoteContent.BLOCK),
    ALLOW("default-src 'none'; img-src 'self' data: https: http:", SafeHtml.RemoteContent.ALLOW);

    private static final String STYLE =
            "; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'";

    /** Links open new windows, which are ordinary ones; that is all the page can do. */
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

    /** The Content-Security-Policy for a header. */
    String policy() {
        return policyInPage() + SANDBOX;
    }

    /** The same without what a page cannot say of itself. */
    String policyInPage() {
        return sources + STYLE;
    }
}
