package postern.mime.html;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeVisitor;
import org.jspecify.annotations.Nullable;

/** The nodes of a body that have something to see in them. */
final class VisibleNodes {

    /**
     * A mail can hold hundreds of thousands of empty paragraphs in a row. What is farther away
     * counts as visible, so that nothing is taken for the only content of its parent by mistake.
     */
    private static final int FARTHEST = 100;

    private final Set<Node> nodes = Collections.newSetFromMap(new IdentityHashMap<>());

    VisibleNodes(Element body) {
        body.traverse((NodeVisitor) (node, _) -> add(node));
    }

    /** Each node is added once, and so the way up is short: all of it costs one pass. */
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

    /** The nearest visible sibling in front of it; null where there is none. */
    @Nullable Node before(Node node) {
        Node sibling = node.previousSibling();
        for (int i = 0; sibling != null && !contains(sibling) && i < FARTHEST; i++) {
            sibling = sibling.previousSibling();
        }
        return sibling;
    }

    /** The nearest visible sibling behind it; null where there is none. */
    @Nullable Node after(Node node) {
        Node sibling = node.nextSibling();
        for (int i = 0; sibling != null && !contains(sibling) && i < FARTHEST; i++) {
            sibling = sibling.nextSibling();
        }
        return sibling;
    }

    /** Whether its parent shows nothing else. */
    boolean alone(Node node) {
        return alone(node, node);
    }

    /** Whether their parent shows nothing else but what is from the one to the other. */
    boolean alone(Node first, Node last) {
        return before(first) == null && after(last) == null;
    }
}
