package postern.mime.html;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.owasp.html.CssSchema;
import org.owasp.html.HtmlPolicyBuilder;
import org.owasp.html.HtmlSanitizer;
import org.owasp.html.HtmlStreamRenderer;
import org.owasp.html.PolicyFactory;

/**
 * A message's HTML without scripts, automatic navigation and, unless allowed, remote content.
 *
 * @param blockedRemoteContent the number of references to other servers that were removed
 * @param coloured whether it sets colours, which may not suit a dark page
 */
public record SafeHtml(String html, int blockedRemoteContent, boolean coloured) {

    /** Whether content outside the message may be loaded when it is shown. */
    public enum RemoteContent {
        BLOCK,
        ALLOW
    }

    private static final Pattern INLINE_IMAGE =
            Pattern.compile("data:image/(png|gif|jpe?g|webp);base64,[a-zA-Z0-9+/=%\\s]*+");

    private static final int LONGEST_SCHEME = 16;

    private static final String[] BLOCKS = {
        "address",
        "article",
        "aside",
        "blockquote",
        "center",
        "dd",
        "details",
        "dir",
        "div",
        "dl",
        "dt",
        "figcaption",
        "figure",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "ul"
    };

    private static final String[] INLINES = {
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "br", "cite", "code", "del", "dfn", "em",
        "font", "i", "img", "ins", "kbd", "mark", "q", "rp", "rt", "ruby", "s", "samp", "small",
        "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr"
    };

    private static final String[] TABLES = {
        "caption", "col", "colgroup", "table", "tbody", "td", "tfoot", "th", "thead", "tr"
    };

    // Excludes properties that leave the message's box (position, z-index), change the pointer
    // (cursor) or control speech.
    private static final CssSchema STYLES =
            CssSchema.withProperties(
                    Set.of(
                            "background",
                            "background-attachment",
                            "background-color",
                            "background-image",
                            "background-position",
                            "background-repeat",
                            "border",
                            "border-bottom",
                            "border-bottom-color",
                            "border-bottom-style",
                            "border-bottom-width",
                            "border-collapse",
                            "border-color",
                            "border-left",
                            "border-left-color",
                            "border-left-style",
                            "border-left-width",
                            "border-radius",
                            "border-right",
                            "border-right-color",
                            "border-right-style",
                            "border-right-width",
                            "border-spacing",
                            "border-style",
                            "border-top",
                            "border-top-color",
                            "border-top-style",
                            "border-top-width",
                            "border-width",
                            "box-shadow",
                            "caption-side",
                            "clear",
                            "color",
                            "direction",
                            "display",
                            "empty-cells",
                            "float",
                            "font",
                            "font-family",
                            "font-size",
                            "font-stretch",
                            "font-style",
                            "font-variant",
                            "font-weight",
                            "height",
                            "letter-spacing",
                            "line-height",
                            "list-style",
                            "list-style-image",
                            "list-style-position",
                            "list-style-type",
                            "margin",
                            "margin-bottom",
                            "margin-left",
                            "margin-right",
                            "margin-top",
                            "max-height",
                            "max-width",
                            "min-height",
                            "min-width",
                            "opacity",
                            "overflow",
                            "overflow-wrap",
                            "overflow-x",
                            "overflow-y",
                            "padding",
                            "padding-bottom",
                            "padding-left",
                            "padding-right",
                            "padding-top",
                            "table-layout",
                            "text-align",
                            "text-decoration",
                            "text-indent",
                            "text-overflow",
                            "text-transform",
                            "vertical-align",
                            "visibility",
                            "white-space",
                            "width",
                            "word-break",
                            "word-spacing",
                            "word-wrap"));

    // style and noscript must never be allowed here: CVE-2025-66021.
    private static final PolicyFactory POLICY =
            new HtmlPolicyBuilder()
                    .allowElements(BLOCKS)
                    .allowElements(INLINES)
                    .allowElements(TABLES)
                    .allowElements((_, _) -> "div", "body")
                    .allowElements(SafeHtml::inNewWindow, "a")
                    .allowWithoutAttributes("a", "font", "img", "span")
                    .allowUrlProtocols("http", "https", "mailto", "tel", "cid", "data")
                    .requireRelsOnLinks("noopener", "noreferrer", "nofollow")
                    .allowStyling(STYLES)
                    .allowUrlsInStyles((_, _, url) -> image(url))
                    .allowAttributes("title", "dir", "lang", "align", "valign", "bgcolor")
                    .globally()
                    .allowAttributes("href")
                    .matching((_, _, url) -> link(url))
                    .onElements("a")
                    .allowAttributes("src")
                    .matching((_, _, url) -> image(url))
                    .onElements("img")
                    .allowAttributes("background")
                    .matching((_, _, url) -> image(url))
                    .onElements("body", "table", "tbody", "td", "th", "thead", "tr")
                    .allowAttributes("alt", "border", "height", "hspace", "vspace", "width")
                    .onElements("img")
                    .allowAttributes(
                            "border", "cellpadding", "cellspacing", "frame", "rules", "summary")
                    .onElements("table")
                    .allowAttributes("height", "width")
                    .onElements("table", "td", "th", "tr", "col", "colgroup", "hr", "pre")
                    .allowAttributes("abbr", "colspan", "headers", "nowrap", "rowspan", "scope")
                    .onElements("td", "th")
                    .allowAttributes("span")
                    .onElements("col", "colgroup")
                    .allowAttributes("color", "face", "size")
                    .onElements("font", "hr")
                    .allowAttributes("noshade")
                    .onElements("hr")
                    .allowAttributes("clear")
                    .onElements("br")
                    .allowAttributes("compact", "reversed", "start", "type")
                    .onElements("ol", "ul")
                    .allowAttributes("type", "value")
                    .onElements("li")
                    // Added by QuotedHtml; a message that contains it itself is shown folded.
                    .allowAttributes("class")
                    .matching(Pattern.compile(QuotedHtml.QUOTE + "|" + QuotedHtml.SIGNATURE))
                    .onElements("details", "div")
                    .allowAttributes("open")
                    .onElements("details")
                    .allowAttributes("datetime")
                    .onElements("del", "ins", "time")
                    .toFactory();

    /**
     * Never fails on any input; the result is a fragment for an empty document. {@code cid:}
     * references are unchanged.
     */
    public static SafeHtml of(String html, RemoteContent remote) {
        return of(html, remote, InlineParts.asReferredTo());
    }

    /**
     * Like {@link #of}, with references to parts resolved and quotations in {@code <details
     * class="postern-quote">}.
     */
    public static SafeHtml quotesFolded(String html, RemoteContent remote, InlineParts parts) {
        return of(QuotedHtml.folded(html), remote, parts);
    }

    /** Sanitises and resolves references to parts of the message. */
    public static SafeHtml of(String html, RemoteContent remote, InlineParts parts) {
        var out = new StringBuilder(html.length());
        var renderer = HtmlStreamRenderer.create(out, _ -> {});
        var references = new InlineReferences(parts);
        var filter = new ReferenceFilter(renderer, remote, references);
        HtmlSanitizer.sanitize(html, POLICY.apply(filter), references::named);
        return new SafeHtml(out.toString(), filter.blocked(), filter.coloured());
    }

    private static String inNewWindow(String element, List<String> attributes) {
        if (attributes.contains("href")) {
            attributes.add("target");
            attributes.add("_blank");
        }
        return element;
    }

    private static @Nullable String link(String url) {
        return switch (scheme(url)) {
            case "http", "https", "mailto", "tel" -> url;
            default -> null;
        };
    }

    private static @Nullable String image(String url) {
        var stripped = url.strip();
        if (stripped.startsWith("//")) {
            return image("https:" + stripped);
        }
        boolean allowed =
                switch (scheme(stripped)) {
                    case "http", "https", "cid" -> true;
                    case "data" -> INLINE_IMAGE.matcher(lowerCaseType(stripped)).matches();
                    default -> false;
                };
        // In a style the URL is between single quotes.
        return allowed ? stripped.replace("'", "%27").replace("\\", "%5C") : null;
    }

    private static String lowerCaseType(String url) {
        int comma = url.indexOf(',');
        return comma < 0
                ? url
                : url.substring(0, comma).toLowerCase(Locale.ROOT) + url.substring(comma);
    }

    private static String scheme(String url) {
        int colon = url.indexOf(':');
        return colon < 0 || colon > LONGEST_SCHEME
                ? ""
                : url.substring(0, colon).strip().toLowerCase(Locale.ROOT);
    }
}
