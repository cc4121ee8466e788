package postern.mime.html;

import org.jsoup.nodes.Node;
import org.jsoup.select.NodeFilter;
import postern.mime.text.PlainTextWriter;

/** Converts an HTML body to the plain text that a reader sees. */
public final class HtmlText {

    private HtmlText() {}

    /** Never fails on any input; lines end with LF, paragraphs are a blank line apart. */
    public static String of(String html) {
        var text = new PlainTextWriter();
        HtmlTree.of(html).body().filter(new Visitor(text));
        return text.finish();
    }

    private record Visitor(PlainTextWriter text) implements NodeFilter {

        @Override
        public FilterResult head(Node node, int depth) {
            return text.open(node) ? FilterResult.CONTINUE : FilterResult.SKIP_ENTIRELY;
        }

        @Override
        public FilterResult tail(Node node, int depth) {
            text.close(node);
            return FilterResult.CONTINUE;
        }
    }
}
