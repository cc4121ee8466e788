package postern.mime.html;

import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.helper.ValidationException;
import org.jsoup.nodes.Document;
import org.jsoup.parser.Parser;

/** Parses a message's HTML, however malformed. */
final class HtmlTree {

    private static final int DEEPEST = 256;

    private static final Pattern TEMPLATE =
            Pattern.compile("<(/?)template", Pattern.CASE_INSENSITIVE);

    private HtmlTree() {}

    /** Never fails on any input; takes linear time. */
    static Document of(String html) {
        var bounded = HtmlTagNames.bounded(html);
        try {
            return parse(bounded);
        } catch (ValidationException _) {
            // The parser miscounts templates that are nested deeper than its limit.
            return parse(TEMPLATE.matcher(bounded).replaceAll("<$1x-template"));
        }
    }

    private static Document parse(String html) {
        return Jsoup.parse(html, "", Parser.htmlParser().setMaxDepth(DEEPEST));
    }
}
