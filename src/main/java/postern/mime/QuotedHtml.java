package postern.mime;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.parser.Parser;
import org.jspecify.annotations.Nullable;

/**
 * Wraps what a mail's HTML quotes into an element that folds without a script. It is done before
 * the HTML is made safe, since it goes by names that are not kept then.
 */
final class QuotedHtml {

    static final String QUOTE = "postern-quote";
    static final String SIGNATURE = "postern-signature";

    private static final int DEEPEST = 256;
    private static final int MOST = 50;

    private static final Pattern HINT =
            Pattern.compile(
                    "gmail_quote|gmail_signature|moz-signature|type=[\"']?cite|yahoo_quoted|appendonsend"
                            + "|divRplyFwdMsg|protonmail_quote|tutanota_quote|moz-cite-prefix"
                            + "|OLK_SRC_BODY_SECTION|mail-editor-reference|name=[\"']?quote|solid #(?:E1E1E1|B5C4DF)",
                    Pattern.CASE_INSENSITIVE);

    /** Elements that hold what is quoted. */
    private static final String HOLDERS =
            ".gmail_quote, blockquote[type=cite], .yahoo_quoted, .protonmail_quote, .tutanota_quote,"
                    + " #OLK_SRC_BODY_SECTION, #mail-editor-reference-message-container, div[name=quote]";

    /** Elements behind which nothing but the quote follows. */
    private static final String BEGINNINGS =
            "#appendonsend, #divRplyFwdMsg, .moz-cite-prefix, div[style*=border-top]";

    private static final String SIGNATURES = ".gmail_signature, .moz-signature";

    private final Element body;

    private QuotedHtml(Element body) {
        this.body = body;
    }

    /** The same HTML, with its quotes in {@code details}; as it came where it quotes nothing. */
    static String folded(String html) {
        if (!HINT.matcher(html).find()) {
            return html;
        }
        var parser = Parser.htmlParser().setMaxDepth(DEEPEST);
        var document = Jsoup.parse(html, "", parser);
        document.outputSettings(new Document.OutputSettings().prettyPrint(false));
        new QuotedHtml(document.body()).fold();
        return document.html();
    }

    private void fold() {
        int folded = 0;
        for (var element : List.copyOf(body.select(HOLDERS + ", " + BEGINNINGS))) {
            if (folded < MOST && element.closest("details." + QUOTE) == null && begins(element)) {
                fold(element);
                folded++;
            }
        }
        for (var element : List.copyOf(body.select(SIGNATURES))) {
            if (folded++ < MOST && element.closest("details." + QUOTE) == null) {
                element.wrap("<div class=\"" + SIGNATURE + "\"></div>");
            }
        }
    }

    private static boolean begins(Element element) {
        return !element.hasAttr("style")
                || !element.is("div[style*=border-top]")
                || element.is(HOLDERS)
                || element.is("#appendonsend, #divRplyFwdMsg, .moz-cite-prefix")
                || isOutlooksHeader(element);
    }

    private static boolean isOutlooksHeader(Element element) {
        var style = element.attr("style").toUpperCase(Locale.ROOT);
        if (!style.contains("#E1E1E1") && !style.contains("#B5C4DF")) {
            return false;
        }
        var text = element.wholeText().strip();
        return text.length() < 5_000 && QuoteWords.isFrom(text.split("\\n", 2)[0]);
    }

    private void fold(Element element) {
        boolean holds = element.is(HOLDERS);
        Node first = holds ? withAttribution(element) : outermost(element);
        Node last = holds ? element : lastSibling(first);
        if (holds && QuoteWords.announcesForwarded(beginning(element))) {
            return;
        }
        boolean before = says(body, first, true);
        boolean after = says(body, last, false);
        if (!before && !after) {
            return;
        }
        var details = new Element("details").addClass(QUOTE);
        if (after) {
            details.attr("open", "");
        }
        details.appendElement("summary").text("…");
        first.before(details);
        Node node = first;
        while (node != null) {
            Node next = node == last ? null : node.nextSibling();
            details.appendChild(node);
            node = next;
        }
    }

    private static String beginning(Element element) {
        var text = element.text();
        return text.substring(0, Math.min(text.length(), 200));
    }

    /** The line before that says who wrote it. */
    private static Node withAttribution(Element element) {
        Node previous = previous(element);
        if (previous instanceof Element br && br.normalName().equals("br")) {
            previous = previous(br);
        }
        var text =
                switch (previous) {
                    case Element before -> before.text();
                    case TextNode before -> before.text();
                    case null, default -> "";
                };
        return previous != null && QuoteWords.attributes(text) ? previous : element;
    }

    private static @Nullable Node previous(Node node) {
        Node previous = node.previousSibling();
        while (previous instanceof TextNode text && text.isBlank()) {
            previous = previous.previousSibling();
        }
        return previous;
    }

    /** As high as nothing stands in front of it. */
    private Node outermost(Element element) {
        Element top = element;
        while (top.parent() != null && top.parent() != body && previous(top) == null) {
            top = top.parent();
        }
        return top;
    }

    private static Node lastSibling(Node node) {
        Node last = node;
        for (Node next = node; next != null; next = next.nextSibling()) {
            last = next;
        }
        return last;
    }

    /** Whether there is anything to see before this node, or behind it and all that is in it. */
    private static boolean says(Element body, Node border, boolean before) {
        for (Node node = border; node != null && node != body; node = node.parent()) {
            Node sibling = before ? node.previousSibling() : node.nextSibling();
            while (sibling != null) {
                if (shows(sibling)) {
                    return true;
                }
                sibling = before ? sibling.previousSibling() : sibling.nextSibling();
            }
        }
        return false;
    }

    private static boolean shows(Node node) {
        return switch (node) {
            case TextNode text -> !text.text().replace('\u00A0', ' ').isBlank();
            case Element element ->
                    !element.is(SIGNATURES)
                            && !element.is("details." + QUOTE)
                            && (!element.text().replace('\u00A0', ' ').isBlank()
                                    || element.is("img")
                                    || element.selectFirst("img") != null);
            default -> false;
        };
    }
}
