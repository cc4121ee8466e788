package postern.mime.text;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;

/**
 * Renders the nodes of an HTML body as lines; line breaks and prefixes are written when text
 * follows.
 */
public final class PlainTextWriter {

    // Deeper quotations are flattened, so that the prefixes do not outgrow the text.
    private static final int DEEPEST_QUOTE = 12;
    private static final int DEEPEST_LIST = 8;

    private static final Pattern WHITE_SPACE = Pattern.compile("\\s+");

    private final StringBuilder out = new StringBuilder();
    private final Deque<ListLevel> lists = new ArrayDeque<>();
    private final Deque<Integer> links = new ArrayDeque<>();

    private int quotes;
    private int quotesOfLastLine;
    private int preformatted;
    private int breaks;
    private boolean space;
    private String marker = "";

    /** Begins a node; false if its content is not visible and must be skipped. */
    public boolean open(Node node) {
        if (node instanceof TextNode text) {
            text(text.getWholeText());
            return true;
        }
        return node instanceof Element element && !isHidden(element) && open(element);
    }

    public void close(Node node) {
        if (!(node instanceof Element element)) {
            return;
        }
        switch (element.normalName()) {
            case "blockquote" -> quotes--;
            case "ul", "ol", "menu", "dir" -> lists.pop();
            case "li" -> marker = "";
            case "pre" -> preformatted--;
            case "a" -> closeLink(element.attr("href").strip());
            default -> {}
        }
        breakLines(breaksAround(element));
    }

    public String finish() {
        return out.toString();
    }

    private boolean open(Element element) {
        breakLines(breaksAround(element));
        switch (element.normalName()) {
            case "br" -> breaks = Math.min(breaks + 1, 2);
            case "hr" -> text("----");
            case "img" -> text(element.attr("alt"));
            case "blockquote" -> quotes++;
            case "ul", "menu", "dir" -> lists.push(new ListLevel(false));
            case "ol" -> lists.push(new ListLevel(true));
            case "li" -> marker = lists.isEmpty() ? "* " : lists.peek().nextMarker();
            case "pre" -> preformatted++;
            case "td", "th" -> space = true;
            case "a" -> links.push(out.length());
            default -> {}
        }
        return true;
    }

    private static boolean isHidden(Element element) {
        return switch (element.normalName()) {
            case "script",
                    "style",
                    "noscript",
                    "head",
                    "title",
                    "template",
                    "iframe",
                    "object",
                    "embed",
                    "applet",
                    "svg",
                    "math",
                    "audio",
                    "video",
                    "canvas",
                    "select",
                    "textarea" ->
                    true;
            default ->
                    element.hasAttr("hidden")
                            || element.hasAttr("style") && hides(element.attr("style"));
        };
    }

    /** Newsletters hide the text that mail programs should show as a preview. */
    private static boolean hides(String style) {
        var plain = WHITE_SPACE.matcher(style).replaceAll("").toLowerCase(Locale.ROOT) + ";";
        return plain.contains("display:none")
                || plain.contains("visibility:hidden")
                || plain.contains("mso-hide:all")
                || plain.contains("font-size:0;")
                || plain.contains("font-size:0px")
                || plain.contains("max-height:0;")
                || plain.contains("max-height:0px");
    }

    private int breaksAround(Element element) {
        return switch (element.normalName()) {
            case "p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "dl", "table" -> 2;
            case "ul", "ol", "menu", "dir" -> lists.isEmpty() ? 2 : 1;
            case "li",
                    "dt",
                    "dd",
                    "tr",
                    "caption",
                    "hr",
                    "div",
                    "section",
                    "article",
                    "header",
                    "footer",
                    "main",
                    "nav",
                    "aside",
                    "address",
                    "center",
                    "figure",
                    "figcaption",
                    "form",
                    "fieldset",
                    "details",
                    "summary" ->
                    1;
            default -> 0;
        };
    }

    private void breakLines(int count) {
        breaks = Math.max(breaks, count);
        if (count > 0) {
            space = false;
        }
    }

    private void text(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (preformatted > 0 && c == '\n') {
                breaks++;
            } else if (preformatted > 0 && (c == ' ' || c == '\t')) {
                character(c);
            } else if (isSpace(c)) {
                space = true;
            } else if (!isInvisible(c) && !(isJoiner(c) && beforeWord())) {
                character(c);
            }
        }
    }

    private void character(char c) {
        if (breaks > 0 || out.isEmpty()) {
            startLine();
        } else if (space) {
            out.append(' ');
        }
        space = false;
        out.append(c);
    }

    private void startLine() {
        if (!out.isEmpty()) {
            int between = Math.min(quotes, quotesOfLastLine);
            for (int i = 1; i < breaks; i++) {
                out.append('\n').repeat('>', Math.min(between, DEEPEST_QUOTE));
            }
            out.append('\n');
        }
        out.repeat("> ", Math.min(quotes, DEEPEST_QUOTE));
        int indent = Math.min(lists.size(), DEEPEST_LIST) - (marker.isEmpty() ? 0 : 1);
        out.repeat("  ", Math.max(indent, 0)).append(marker);
        marker = "";
        breaks = 0;
        quotesOfLastLine = quotes;
    }

    private void closeLink(String href) {
        int start = links.pop();
        if (!isWorthReading(href)) {
            return;
        }
        // Longer text cannot equal the URL; this avoids a copy.
        boolean mayBeSame = out.length() - start <= href.length() + 64;
        var shown = mayBeSame ? out.substring(start).strip() : "…";
        if (!shown.isEmpty() && !bare(shown).equals(bare(href))) {
            out.append(" <").append(href).append('>');
        }
    }

    private static boolean isWorthReading(String href) {
        return href.regionMatches(true, 0, "http:", 0, 5)
                || href.regionMatches(true, 0, "https:", 0, 6)
                || href.regionMatches(true, 0, "mailto:", 0, 7)
                || href.regionMatches(true, 0, "tel:", 0, 4);
    }

    private static String bare(String url) {
        var bare =
                url.toLowerCase(Locale.ROOT)
                        .replaceFirst("^(https?:(//)?(www\\.)?|www\\.|mailto:|tel:)", "");
        return bare.endsWith("/") ? bare.substring(0, bare.length() - 1) : bare;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' || c == '\u00A0';
    }

    /** A joiner is needed inside a Persian word or an emoji; anywhere else it is a filler. */
    private static boolean isJoiner(char c) {
        return c == '\u200C' || c == '\u200D';
    }

    private boolean beforeWord() {
        return space || breaks > 0 || out.isEmpty();
    }

    // Newsletters pad their previews with these.
    private static boolean isInvisible(char c) {
        return c == '\u00AD'
                || c == '\u034F'
                || c == '\u200B'
                || c == '\u2060'
                || c == '\uFEFF'
                || c < ' ';
    }

    private static final class ListLevel {

        private final boolean ordered;
        private int items;

        ListLevel(boolean ordered) {
            this.ordered = ordered;
        }

        String nextMarker() {
            items++;
            return ordered ? items + ". " : "* ";
        }
    }
}
