package postern.mime.html;

import java.util.ArrayList;
import java.util.List;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jspecify.annotations.Nullable;

/**
 * A visible line of an HTML body, for recognising quoted headers.
 *
 * @param last the last text node of the line
 */
record HtmlLine(String text, Node last) {

    private static final int MOST_NODES = 400;
    private static final int LONGEST_LINE = 500;

    /** The lines inside this node. */
    static List<HtmlLine> in(Node node, int most) {
        return new Reader(node, most).read(node);
    }

    /** The lines from this node to the end of the enclosing element. */
    static List<HtmlLine> from(Node node, Element within, int most) {
        return new Reader(within, most).read(node);
    }

    private static final class Reader {

        private final Node within;
        private final int most;
        private final List<HtmlLine> lines = new ArrayList<>();
        private final StringBuilder line = new StringBuilder();
        private Node last;

        Reader(Node within, int most) {
            this.within = within;
            this.most = most;
            this.last = within;
        }

        List<HtmlLine> read(Node start) {
            Node node = start;
            for (int i = 0; node != null && i < MOST_NODES && lines.size() < most; i++) {
                open(node);
                node = node.childNodeSize() > 0 ? node.childNode(0) : following(node);
            }
            end();
            return lines;
        }

        private @Nullable Node following(Node node) {
            Node at = node;
            while (at != within && at.nextSibling() == null) {
                at = at.parent();
                if (at == null) {
                    return null;
                }
                breakAt(at);
            }
            return at == within ? null : at.nextSibling();
        }

        private void open(Node node) {
            if (node instanceof TextNode text) {
                append(text);
            } else {
                breakAt(node);
            }
        }

        private void breakAt(Node node) {
            if (node instanceof Element element
                    && (element.isBlock() || element.normalName().equals("br"))) {
                end();
            }
        }

        private void append(TextNode node) {
            var text = node.getWholeText();
            for (int i = 0; i < text.length() && line.length() <= LONGEST_LINE; i++) {
                char c = text.charAt(i);
                boolean space = c == '\u00A0' || Character.isWhitespace(c);
                if (!space) {
                    line.append(c);
                    last = node;
                } else if (!line.isEmpty() && line.charAt(line.length() - 1) != ' ') {
                    line.append(' ');
                }
            }
        }

        private void end() {
            var text = line.toString().strip();
            if (!text.isEmpty() && lines.size() < most) {
                lines.add(new HtmlLine(text, last));
            }
            line.setLength(0);
        }
    }
}
