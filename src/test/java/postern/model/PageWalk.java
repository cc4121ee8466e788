package postern.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** A list that is paged through while messages come and go. */
@NullMarked
final class PageWalk {

    final String path;
    final String query;

    /** Where its next page begins; null before the first one. */
    @Nullable String cursor;

    private final Set<String> stayed;
    private final List<String> seen = new ArrayList<>();

    PageWalk(String path, String query, Collection<String> present) {
        this.path = path;
        this.query = query;
        this.stayed = new TreeSet<>(present);
    }

    /** That message need not be on a page. */
    void left(String mailbox, String messageId) {
        if (mailbox.equals(path)) {
            stayed.remove(messageId);
        }
    }

    void seen(String messageId) {
        seen.add(messageId);
    }

    /** What is wrong with the pages as a whole; null when nothing is. */
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
