package postern.mime;

import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.parser.Parser;

/** The elements of a mail's HTML, whatever it is made of. */
final class HtmlTree {

    private static final int DEEPEST = 256;

    private HtmlTree() {}

    /** Takes time in proportion to it. */
    static Document of(String html) {
        return Jsoup.parse(TagNames.bounded(html), "", Parser.htmlParser().setMaxDepth(DEEPEST));
    }
}
