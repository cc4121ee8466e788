package postern.mime.html;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jsoup.nodes.DataNode;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.select.NodeVisitor;

/**
 * Wraps quotations in HTML in a {@code details} element, which folds without a script. Runs before
 * sanitising, since that removes the classes and ids by which quotations are recognised.
 */
public final class QuotedHtml {

    static final String QUOTE = "postern-quote";
    static final String SIGNATURE = "postern-signature";

    private static final int MOST_SIGNATURES = 50;

    private static final Pattern HINT =
            Pattern.compile(
                    "<blockquote|<hr|gmail_|moz-|yahoo_quoted|appendonsend|divRplyFwdMsg"
                            + "|protonmail_quote|tutanota_quote|zmail_extra|OLK_SRC_BODY_SECTION"
                            + "|-reference-message|name=[\"']?quote|border-top\\s*+:\\s*+solid",
                    Pattern.CASE_INSENSITIVE);

    private final Element body;

    private QuotedHtml(Element body) {
        this.body = body;
    }

    /** The HTML with its quotations in {@code details}; unchanged if there are none. */
    public static String folded(String html) {
        if (!HINT.matcher(html).find()) {
            return html;
        }
        var document = HtmlTree.of(html);
        document.outputSettings(new Document.OutputSettings().prettyPrint(false));
        return new QuotedHtml(document.body()).fold() ? document.html() : html;
    }

    private boolean fold() {
        var quotations = HtmlQuotations.in(body);
        var folds = quotations.found().stream().map(Fold::around).toList();
        boolean any = new SaidOutside(body, folds).open();
        for (var signature : quotations.signatures().stream().limit(MOST_SIGNATURES).toList()) {
            signature.before(new DataNode("<div class=\"" + SIGNATURE + "\">"));
            signature.after(new DataNode("</div>"));
            any = true;
        }
        return any;
    }

    /**
     * The start and end tag around a quotation, inserted as text: moving thousands of siblings into
     * a new parent one by one takes quadratic time.
     */
    private record Fold(DataNode begin, DataNode end) {

        static Fold around(HtmlQuotations.Quotation quotation) {
            var fold = new Fold(new DataNode(""), new DataNode(""));
            quotation.first().before(fold.begin);
            quotation.last().after(fold.end);
            return fold;
        }

        void open(boolean answered) {
            begin.setWholeData(
                    "<details class=\""
                            + QUOTE
                            + (answered ? "\" open=\"\">" : "\">")
                            + "<summary>…</summary>");
            end.setWholeData("</details>");
        }
    }

    /** Finds the sender's own text before, between and after the quotations, without signatures. */
    private static final class SaidOutside implements NodeVisitor {

        private final Element body;
        private final List<Fold> folds;

        /** Whether there is text before each quotation and after the last one. */
        private final List<Boolean> said = new ArrayList<>();

        private boolean current;
        private boolean quoted;
        private int signatures;

        SaidOutside(Element body, List<Fold> folds) {
            this.body = body;
            this.folds = folds;
        }

        /** Writes the folds; false if nothing is folded, since there is no other text. */
        boolean open() {
            body.traverse(this);
            said.add(current);
            int last = said.lastIndexOf(true);
            for (int i = 0; i < folds.size() && last >= 0; i++) {
                folds.get(i).open(last > i);
            }
            return !folds.isEmpty() && last >= 0;
        }

        @Override
        public void head(Node node, int depth) {
            if (said.size() < folds.size() && node == folds.get(said.size()).begin) {
                quoted = true;
                said.add(current);
                current = false;
            } else if (!said.isEmpty() && node == folds.get(said.size() - 1).end) {
                quoted = false;
            } else if (node instanceof Element element && HtmlQuotations.isSignature(element)) {
                signatures++;
            } else if (!quoted && signatures == 0) {
                current |= VisibleNodes.shows(node);
            }
        }

        @Override
        public void tail(Node node, int depth) {
            if (node instanceof Element element && HtmlQuotations.isSignature(element)) {
                signatures--;
            }
        }
    }
}
