package postern.mime.html;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jspecify.annotations.Nullable;
import postern.mime.text.QuoteWords;

/**
 * Finds the quotations in a message's HTML, in one pass over the nodes with a bounded search around
 * each. If the extent of a quotation is unclear, the shorter one is taken: showing quoted text does
 * less harm than hiding an answer.
 */
final class HtmlQuotations {

    private static final int MOST = 50;
    private static final int MOST_HEADERS_TRIED = 500;
    private static final int MOST_HEADER_LINES = 8;
    private static final int MOST_ATTRIBUTION_NODES = 30;
    private static final int LONGEST_FORWARD_WORDS = 200;

    /** A range of sibling nodes that are quoted, both ends included. */
    record Quotation(Node first, Node last) {}

    private final Element body;
    private final VisibleNodes visible;
    private final List<Quotation> found = new ArrayList<>();
    private final List<Element> signatures = new ArrayList<>();

    /**
     * Elements that contain attributions, block quotes and the sender's text between and below
     * them.
     */
    private final Set<Node> conversations = Collections.newSetFromMap(new IdentityHashMap<>());

    private int headersTried;

    private HtmlQuotations(Element body) {
        this.body = body;
        this.visible = new VisibleNodes(body);
    }

    static HtmlQuotations in(Element body) {
        var quotations = new HtmlQuotations(body);
        quotations.find();
        return quotations;
    }

    /** The quotations in document order; they are not nested. */
    List<Quotation> found() {
        return found;
    }

    /** The signatures outside quotations. */
    List<Element> signatures() {
        return signatures;
    }

    private void find() {
        Node node = body;
        while (node != null && found.size() < MOST) {
            var quotation = visible.contains(node) ? quotationAt(node) : null;
            if (quotation != null) {
                add(widened(quotation));
                node = following(found.getLast().last());
            } else {
                if (node instanceof Element element && isSignature(element)) {
                    signatures.add(element);
                }
                node = node.childNodeSize() > 0 ? node.childNode(0) : following(node);
            }
        }
    }

    private @Nullable Node following(Node node) {
        Node at = node;
        while (at != null && at != body && at.nextSibling() == null) {
            at = at.parent();
        }
        return at == null || at == body ? null : at.nextSibling();
    }

    /**
     * Extends the quotation to its parents as long as they show nothing else, so that adjacent
     * quotations can be merged.
     */
    private Quotation widened(Quotation quotation) {
        var wide = quotation;
        var parent = wide.first().parent();
        while (parent != null
                && parent != body
                && !conversations.contains(parent)
                && visible.alone(wide.first(), wide.last())) {
            wide = new Quotation(parent, parent);
            parent = parent.parent();
        }
        return wide;
    }

    /** Adds a quotation; merges it with the previous one if nothing is visible between them. */
    private void add(Quotation quotation) {
        var last = found.isEmpty() ? null : found.getLast();
        if (last != null
                && (quotation.first() == last.last()
                        || visible.before(quotation.first()) == last.last())) {
            found.set(found.size() - 1, new Quotation(last.first(), quotation.last()));
        } else {
            found.add(quotation);
        }
    }

    private @Nullable Quotation quotationAt(Node node) {
        return switch (node) {
            case TextNode text -> begins(text) ? headerAt(text) : null;
            case Element element when element == body -> null;
            case Element element when element.normalName().equals("blockquote") ->
                    blockQuote(element);
            case Element element when isHolder(element) -> holder(element);
            case Element element when isHeaderBox(element) -> headerBox(element);
            default -> null;
        };
    }

    // ---- block quotes and other elements that contain quotations

    private @Nullable Quotation blockQuote(Element quote) {
        if (forwards(quote)) {
            return null;
        }
        var introduced = introduced(quote);
        if (introduced != null) {
            return introduced;
        }
        boolean quoted =
                quote.attr("type").equalsIgnoreCase("cite")
                        || isHolder(quote)
                        || isConversation(quote.parent())
                        || quote.parent() != null && isConversation(quote.parent().parent());
        return quoted ? new Quotation(quote, quote) : null;
    }

    private boolean isConversation(@Nullable Node node) {
        return node != null && conversations.contains(node);
    }

    private @Nullable Quotation holder(Element holder) {
        if (forwards(holder)) {
            return null;
        }
        // Gmail and others also put text written below or between the block quotes into this
        // element.
        if (isConversationHolder(holder) && holdsBlockQuote(holder)) {
            conversations.add(holder);
            return null;
        }
        var introduced = introduced(holder);
        return introduced == null ? new Quotation(holder, holder) : introduced;
    }

    private static boolean isHolder(Element element) {
        return isConversationHolder(element)
                || element.hasClass("yahoo_quoted")
                || element.id().equals("OLK_SRC_BODY_SECTION")
                || element.id().equals("mail-editor-reference-message-container")
                || element.hasClass("ms-outlook-mobile-reference-message")
                || element.normalName().equals("div") && element.attr("name").equals("quote");
    }

    private static boolean isConversationHolder(Element element) {
        return element.hasClass("gmail_quote")
                || element.hasClass("protonmail_quote")
                || element.hasClass("tutanota_quote")
                || element.hasClass("zmail_extra");
    }

    private static boolean holdsBlockQuote(Element holder) {
        return anyBlockQuote(holder.firstElementChild())
                || holder.childrenSize() == 1 && anyBlockQuote(holder.child(0).firstElementChild());
    }

    private static boolean anyBlockQuote(@Nullable Element first) {
        Element child = first;
        for (int i = 0; child != null && i < MOST_ATTRIBUTION_NODES; i++) {
            if (child.normalName().equals("blockquote")) {
                return true;
            }
            child = child.nextElementSibling();
        }
        return false;
    }

    private boolean forwards(Element element) {
        var lines = HtmlLine.in(element, 1);
        return !lines.isEmpty() && forwards(lines.getFirst().text());
    }

    private static boolean forwards(String line) {
        return QuoteWords.announcesForwarded(
                line.substring(0, Math.min(line.length(), LONGEST_FORWARD_WORDS)));
    }

    // ---- attribution lines

    /** The quotation with the attribution line before it; null if there is no such line. */
    private @Nullable Quotation introduced(Element quote) {
        Node top = quote;
        Node before = visible.before(top);
        for (int i = 0; before == null && i < 5; i++) {
            var parent = top.parent();
            if (parent == null || parent == body || visible.after(top) != null) {
                return null;
            }
            top = parent;
            before = visible.before(top);
        }
        var first = before == null || isQuoted(before) ? null : attribution(before);
        return first == null ? null : new Quotation(first, top);
    }

    private boolean isQuoted(Node node) {
        Node last = found.isEmpty() ? null : found.getLast().last();
        while (last != null && last != node) {
            last = last.parent();
        }
        return last != null;
    }

    /** The first node of the attribution that ends with this node; null if there is none. */
    private @Nullable Node attribution(Node last) {
        if (last instanceof Element element && isNamedAttribution(element)) {
            return last;
        }
        if (isBlock(last)) {
            var lines = HtmlLine.in(last, 3);
            return switch (lines.size()) {
                case 1 -> attribution(lines.getFirst().text(), last);
                case 2 -> attributes(lines.get(0).text(), lines.get(1).text()) ? last : null;
                default -> null;
            };
        }
        var first = startOfLine(last);
        return first == null ? null : attribution(textOf(first, last), first);
    }

    /** Includes the line before if this one has no date. */
    private @Nullable Node attribution(String text, Node first) {
        var before = visible.before(first);
        if (before != null && !isQuoted(before) && attributes(lastLine(before), text)) {
            return startOf(before);
        }
        return QuoteWords.attributes(text) ? first : null;
    }

    private static boolean attributes(String above, String line) {
        return QuoteWords.continues(above, line) && QuoteWords.attributes(above + " " + line);
    }

    private static boolean isNamedAttribution(Element element) {
        return element.hasClass("moz-cite-prefix")
                || element.hasClass("gmail_attr")
                || element.id().equals("reply-intro");
    }

    private static boolean isBlock(Node node) {
        return node instanceof Element element && element.isBlock();
    }

    private static boolean isBreak(@Nullable Node node) {
        return node instanceof Element element
                && (element.isBlock() || element.normalName().equals("br"));
    }

    /** The first node of the line that ends with this node; null if the line has too many nodes. */
    private static @Nullable Node startOfLine(Node last) {
        Node first = last;
        for (int i = 0; i < MOST_ATTRIBUTION_NODES; i++) {
            var before = first.previousSibling();
            if (before == null || isBreak(before)) {
                return first;
            }
            first = before;
        }
        return null;
    }

    /** The text of these nodes; empty if they span more than one line. */
    private static String textOf(Node first, Node last) {
        var text = new StringBuilder();
        for (Node node = first; node != null; node = node == last ? null : node.nextSibling()) {
            var lines = HtmlLine.in(node, 2);
            if (lines.size() > 1) {
                return "";
            }
            lines.forEach(line -> text.append(line.text()).append(' '));
        }
        return text.toString().strip();
    }

    // ---- the header of the quoted message, as Outlook writes it

    private boolean begins(TextNode text) {
        var whole = text.getWholeText();
        int start = 0;
        while (start < whole.length() && start < 100 && whole.charAt(start) <= ' ') {
            start++;
        }
        return QuoteWords.beginsFrom(whole.substring(start, Math.min(start + 30, whole.length())))
                && headersTried++ < MOST_HEADERS_TRIED;
    }

    private @Nullable Quotation headerAt(TextNode from) {
        var lines = HtmlLine.from(from, body, MOST_HEADER_LINES);
        if (!QuoteWords.isHeader(lines.stream().map(HtmlLine::text).toList())) {
            return null;
        }
        int fields = 0;
        while (fields < lines.size() && QuoteWords.isField(lines.get(fields).text())) {
            fields++;
        }
        return history(from, lines.get(fields - 1).last());
    }

    /** The quotation from the quoted header to the end of the enclosing element. */
    private @Nullable Quotation history(Node from, Node endOfHeader) {
        var holder = commonParent(from, endOfHeader);
        Node first = from;
        while (parent(first) != holder) {
            if (visible.before(first) != null) {
                return null; // the line begins before this node
            }
            first = parent(first);
        }
        Node end = endOfHeader;
        boolean more = false;
        while (parent(end) != holder) {
            more |= visible.after(end) != null;
            end = parent(end);
        }
        if (startsWithinLine(first)) {
            return null;
        }
        if (!more && holder != body && visible.alone(first, end)) {
            Node box = holder;
            while (box.parent() != body && box.parent() != null && visible.alone(box)) {
                box = box.parent();
            }
            first = box;
            end = box;
        }
        return history(first, end, more);
    }

    private @Nullable Quotation history(Node first, Node endOfHeader, boolean more) {
        var before = visible.before(first);
        var line = before == null || isQuoted(before) ? "" : lastLine(before);
        if (forwards(line)) {
            return null;
        }
        var start = before != null && QuoteWords.announcesOriginal(line) ? startOf(before) : first;
        var next = more ? null : visible.after(endOfHeader);
        var last =
                next instanceof Element quote && quote.normalName().equals("blockquote")
                        ? next
                        : lastOf(first, endOfHeader);
        return new Quotation(withRule(start), last);
    }

    /** The parent, up to the body. */
    private static Node parent(Node node) {
        return Objects.requireNonNull(node.parent());
    }

    private static Node commonParent(Node first, Node second) {
        var parents = Collections.<Node>newSetFromMap(new IdentityHashMap<>());
        for (Node up = first.parent(); up != null; up = up.parent()) {
            parents.add(up);
        }
        Node common = parent(second);
        while (!parents.contains(common)) {
            common = parent(common);
        }
        return common;
    }

    private boolean startsWithinLine(Node node) {
        Node before = node.previousSibling();
        for (int i = 0; before != null && i < MOST_ATTRIBUTION_NODES; i++) {
            if (isBreak(before)) {
                return false;
            }
            if (visible.contains(before)) {
                return !isBlock(node);
            }
            before = before.previousSibling();
        }
        return false;
    }

    private static String lastLine(Node node) {
        var start = isBlock(node) ? node : startOfLine(node);
        return start == null ? "" : textOf(start, node);
    }

    private static Node startOf(Node node) {
        var start = isBlock(node) ? node : startOfLine(node);
        return start == null ? node : start;
    }

    /** Includes the rule above the header and the marker element of Outlook on the web. */
    private Node withRule(Node first) {
        Node start = first;
        Node before = first.previousSibling();
        for (int i = 0; before != null && i < 10 && !visible.contains(before); i++) {
            if (before instanceof Element element
                    && (element.normalName().equals("hr") || element.id().equals("appendonsend"))) {
                start = element;
            }
            before = before.previousSibling();
        }
        return start;
    }

    /**
     * The last sibling, or the one before text or a signature of the sender below the quotation.
     */
    private static Node lastOf(Node first, Node endOfHeader) {
        boolean web = isWeb(first);
        Node last = endOfHeader;
        for (Node next = last.nextSibling(); next != null; next = next.nextSibling()) {
            if (next instanceof Element element
                    && (isSignature(element)
                            || element.id().equals("Signature")
                            || web && element.hasClass("elementToProof"))) {
                break;
            }
            last = next;
        }
        return last;
    }

    /**
     * Outlook on the web marks the sender's text with a class, and prefixes the classes and ids of
     * quoted HTML ({@code x_elementToProof}).
     */
    private static boolean isWeb(Node header) {
        return header instanceof Element element && element.id().equals("divRplyFwdMsg");
    }

    private static boolean isHeaderBox(Element element) {
        if (element.id().equals("divRplyFwdMsg")) {
            return true;
        }
        var style = element.attributesSize() == 0 ? "" : element.attr("style");
        return !style.isEmpty() && QuoteWords.OUTLOOKS_RULE.matcher(style).find();
    }

    /** Recognises the header box of Outlook by its style, in any language. */
    private @Nullable Quotation headerBox(Element box) {
        if (headersTried++ >= MOST_HEADERS_TRIED) {
            return null;
        }
        var lines = HtmlLine.in(box, MOST_HEADER_LINES + 3);
        int fields = 0;
        while (fields < lines.size() && QuoteWords.isField(lines.get(fields).text())) {
            fields++;
        }
        if (!isHeaderBox(box, lines.subList(0, fields))) {
            return null;
        }
        if (fields < lines.size()) {
            return new Quotation(withRule(box), box); // it contains the quoted message
        }
        Node top = box;
        while (top.parent() != body && top.parent() != null && visible.alone(top)) {
            top = top.parent();
        }
        return history(top, top, false);
    }

    private static boolean isHeaderBox(Element box, List<HtmlLine> fields) {
        return isWeb(box) && !fields.isEmpty()
                || fields.size() > 2
                || fields.size() == 2
                        && QuoteWords.isFrom(fields.get(0).text())
                        && QuoteWords.isSent(fields.get(1).text());
    }

    static boolean isSignature(Element element) {
        return element.hasClass("gmail_signature") || element.hasClass("moz-signature");
    }
}
