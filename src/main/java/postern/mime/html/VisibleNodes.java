package postern.mime.html;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeVisitor;
import org.jspecify.annotations.Nullable;

/** The visible nodes of a body: those that contain text or a picture. */
final class VisibleNodes {

    /**
     * Upper bound on the siblings to examine, since a message may have hundreds of thousands of
     * empty paragraphs in a row. Nodes beyond it count as visible, so that no node is wrongly taken
     * for the only content of its parent.
     */
    private static final int FARTHEST = 100;

    private final Set<Node> nodes = Collections.newSetFromMap(new IdentityHashMap<>());

    VisibleNodes(Element body) {
        body.traverse((NodeVisitor) (node, _) -> add(node));
    }

    /**
     * Adds the node and its ancestors up to one that was added before, so all calls together take
     * linear time.
     */
    private void add(Node node) {
        if (!shows(node)) {
            return;
        }
        for (Node up = node; up != null && nodes.add(up); ) {
            up = up.parent();
        }
    }

    /** Whether the node itself is text or a picture. */
    static boolean shows(Node node) {
        return switch (node) {
            case TextNode text -> !isBlank(text.getWholeText());
            case Element element -> element.normalName().equals("img");
            default -> false;
        };
    }

    private static boolean isBlank(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\u00A0' && !Character.isWhitespace(c)) {
                return false;
            }
        }
        return true;
    }

    boolean contains(Node node) {
        return nodes.contains(node);
    }

    /** The nearest visible sibling before it; null if there is none. */
    @Nullable Node before(Node node) {
        Node sibling = node.previousSibling();
        for (int i = 0; sibling != null && !contains(sibling) && i < FARTHEST; i++) {
            sibling = sibling.previousSibling();
        }
        return sibling;
    }

    /** The nearest visible sibling after it; null if there is none. */
    @Nullable Node after(Node node) {
        Node sibling = node.nextSibling();
        for (int i = 0; sibling != null && !contains(sibling) && i < FARTHEST; i++) {
            sibling = sibling.nextSibling();
        }
        return sibling;
    }

    /** Whether it is the only visible node of its parent. */
    boolean alone(Node node) {
        return alone(node, node);
    }

    /** Whether their parent has no visible nodes outside this range. */
    boolean alone(Node first, Node last) {
        return before(first) == null && after(last) == null;
    }
}
