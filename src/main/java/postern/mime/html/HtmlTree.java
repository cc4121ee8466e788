package postern.mime.html;

import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.helper.ValidationException;
import org.jsoup.nodes.Document;
import org.jsoup.parser.Parser;

/** The elements of a mail's HTML, whatever it is made of. */
final class HtmlTree {

    private static final int DEEPEST = 256;

    private static final Pattern TEMPLATE =
            Pattern.compile("<(/?)template", Pattern.CASE_INSENSITIVE);

    private HtmlTree() {}

    /** Never fails on any input, and takes time in proportion to it. */
    static Document of(String html) {
        var bounded = HtmlTagNames.bounded(html);
        try {
            return parse(bounded);
        } catch (ValidationException _) {
            // The parser miscounts templates within others that are nested deeper than it goes.
            return parse(TEMPLATE.matcher(bounded).replaceAll("<$1x-template"));
        }
    }

    private static Document parse(String html) {
        return Jsoup.parse(html, "", Parser.htmlParser().setMaxDepth(DEEPEST));
    }
}
