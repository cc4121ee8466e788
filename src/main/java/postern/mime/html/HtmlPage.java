package postern.mime.html;

import org.jspecify.annotations.Nullable;
import postern.mime.text.LinkedText;

/**
 * A complete HTML document around a safe fragment, for a browser window or a frame. A fragment
 * without colours follows the reader's light or dark scheme; one with colours is shown on white, as
 * its author saw it.
 */
public final class HtmlPage {

    private static final String STYLE =
            """
            html{overflow-wrap:break-word;-webkit-text-size-adjust:100%}
            body{margin:8px;font:14px/1.45 system-ui,sans-serif}
            img{max-width:100%}
            pre{white-space:pre-wrap}
            blockquote{margin:0 0 0 .4em;padding-left:.8em;border-left:2px solid #8886}
            .postern-quote>summary{width:max-content;padding:0 .6em;cursor:pointer;opacity:.6}
            """;

    private HtmlPage() {}

    /**
     * @param policy a Content-Security-Policy, put into the page as well, for uses without its HTTP
     *     header such as an iframe's srcdoc
     */
    public static String of(SafeHtml body, @Nullable String title, String policy) {
        var page = new StringBuilder(body.html().length() + 1_000);
        page.append("<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\">\n");
        page.append("<meta http-equiv=\"Content-Security-Policy\" content=\"");
        escape(page, policy);
        page.append("\">\n<meta name=\"referrer\" content=\"no-referrer\">\n");
        // Without TLS a browser looks up the hosts of links before anybody clicks.
        page.append("<meta http-equiv=\"x-dns-prefetch-control\" content=\"off\">\n");
        page.append("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n");
        page.append("<meta name=\"color-scheme\" content=\"");
        page.append(body.coloured() ? "light only" : "light dark");
        page.append("\">\n<title>");
        escape(page, title == null ? "" : title);
        page.append("</title>\n<style>\n").append(STYLE);
        page.append(
                body.coloured()
                        ? ":root{color-scheme:light only}html{background:#fff;color:#000}\n"
                        : ":root{color-scheme:light dark}\n");
        page.append("</style></head>\n<body>").append(body.html()).append("</body></html>\n");
        return page.toString();
    }

    /** Adds a lazily loaded picture to a fragment. */
    public static void picture(StringBuilder fragment, String url, String name) {
        fragment.append("<p><img src=\"");
        escape(fragment, url);
        fragment.append("\" alt=\"");
        escape(fragment, name);
        fragment.append("\" loading=\"lazy\" /></p>");
    }

    private static void escape(StringBuilder page, String text) {
        LinkedText.escape(page, text, 0, text.length());
    }
}
