package postern.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** A list that is read page by page while messages are added and removed. */
@NullMarked
final class PageWalk {

    final String path;
    final String query;

    /** The cursor of the next page; null before the first one. */
    @Nullable String cursor;

    private final Set<String> stayed;
    private final List<String> seen = new ArrayList<>();

    PageWalk(String path, String query, Collection<String> present) {
        this.path = path;
        this.query = query;
        this.stayed = new TreeSet<>(present);
    }

    /** Notes that this message need not be on any page. */
    void left(String mailbox, String messageId) {
        if (mailbox.equals(path)) {
            stayed.remove(messageId);
        }
    }

    void seen(String messageId) {
        seen.add(messageId);
    }

    /** What is wrong with all pages together; null if nothing is. */
    @Nullable String fault() {
        var missing = new TreeSet<>(stayed);
        seen.forEach(missing::remove);
        if (!missing.isEmpty()) {
            return this + " never shows " + missing + " of " + stayed.size();
        }
        var once = new TreeSet<String>();
        for (var messageId : seen) {
            if (!once.add(messageId) && stayed.contains(messageId)) {
                return this + " shows twice " + messageId;
            }
        }
        return null;
    }

    @Override
    public String toString() {
        return "the list of " + path + "?" + query;
    }
}
