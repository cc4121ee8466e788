package postern.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** The expected content of an account. */
@NullMarked
final class MailModel {

    /** One message in one mailbox. Its Message-ID is unique there. */
    static final class Letter {
        final String messageId;
        final String subject;
        final String word;
        final boolean hasFile;
        final @Nullable String answers;

        /** The octets; null for a message that the gateway composed. */
        final byte @Nullable [] octets;

        final Set<String> keywords = new TreeSet<>();

        /** The gateway's id; null while unknown. */
        @Nullable String id;

        Letter(
                String messageId,
                String subject,
                String word,
                boolean hasFile,
                @Nullable String answers,
                byte @Nullable [] octets) {
            this.messageId = messageId;
            this.subject = subject;
            this.word = word;
            this.hasFile = hasFile;
            this.answers = answers;
            this.octets = octets;
        }

        Letter copy() {
            var copy = new Letter(messageId, subject, word, hasFile, answers, octets);
            copy.keywords.addAll(keywords);
            return copy;
        }
    }

    /** By path, then by Message-ID. */
    final Map<String, Map<String, Letter>> mailboxes = new TreeMap<>();

    /** Ids of messages that were moved or removed. */
    final List<String> formerIds = new ArrayList<>();

    /** Lists that are being paged through. */
    final List<PageWalk> walks = new ArrayList<>();

    /** All messages that ever existed, even removed ones. */
    private final Map<String, Letter> ever = new HashMap<>();

    Map<String, Letter> at(String path) {
        var letters = mailboxes.get(path);
        if (letters == null) {
            throw new IllegalStateException("the model has no mailbox " + path);
        }
        return letters;
    }

    void add(String path, Letter letter) {
        ever.put(letter.messageId, letter);
        if (at(path).put(letter.messageId, letter) != null) {
            throw new IllegalStateException(letter.messageId + " is in " + path + " already");
        }
    }

    Letter remove(String path, String messageId) {
        var letter = at(path).remove(messageId);
        if (letter == null) {
            throw new IllegalStateException(messageId + " is not in " + path);
        }
        if (letter.id != null) {
            formerIds.add(letter.id);
        }
        walks.forEach(walk -> walk.left(path, messageId));
        return letter;
    }

    void move(String from, String messageId, String to, @Nullable String newId) {
        var moved = remove(from, messageId).copy();
        moved.id = newId;
        add(to, moved);
    }

    void copy(String from, String messageId, String to, @Nullable String newId) {
        var letter = at(from).get(messageId);
        if (letter == null) {
            throw new IllegalStateException(messageId + " is not in " + from);
        }
        var copy = letter.copy();
        copy.id = newId;
        add(to, copy);
    }

    void deleteMailbox(String path) {
        List.copyOf(at(path).keySet()).forEach(messageId -> remove(path, messageId));
        mailboxes.remove(path);
        walks.removeIf(walk -> walk.path.equals(path));
    }

    /** Renames a mailbox and its descendants; the new ids of the messages are unknown. */
    void rename(String path, String newPath, String delimiter) {
        for (var old : withChildren(path, delimiter)) {
            var letters = at(old);
            letters.values().forEach(letter -> letter.id = null);
            mailboxes.remove(old);
            mailboxes.put(newPath + old.substring(path.length()), letters);
            walks.removeIf(walk -> walk.path.equals(old));
        }
    }

    /** A mailbox and its descendants, the deepest last. */
    List<String> withChildren(String path, String delimiter) {
        return mailboxes.keySet().stream()
                .filter(it -> it.equals(path) || it.startsWith(path + delimiter))
                .toList();
    }

    int size() {
        return mailboxes.values().stream().mapToInt(Map::size).sum();
    }

    /**
     * Whether these can be the threads of a mailbox on a server with its own thread ids: that also
     * connects messages by those in other mailboxes and by expunged ones.
     */
    boolean mayBeThreads(Set<Set<String>> found, Collection<Letter> letters) {
        var most = threads(ever.values());
        return threads(letters).stream().allMatch(it -> within(it, found))
                && found.stream().allMatch(it -> within(it, most));
    }

    /**
     * Whether these can be the threads of a mailbox on a server with THREAD=REFERENCES, which also
     * connects messages by their subject (RFC 5256 §3, step 5).
     */
    static boolean mayBeThreadsBySubject(Set<Set<String>> found, Collection<Letter> letters) {
        var threads = threads(letters);
        var subjects = new HashMap<String, String>();
        letters.forEach(it -> subjects.put(it.messageId, it.subject.replaceFirst("^Re: ", "")));
        return threads.stream().allMatch(it -> within(it, found))
                && found.stream()
                        .allMatch(it ->
                                within(it, threads)
                                        || it.stream().map(subjects::get).distinct().count() == 1);
    }

    private static boolean within(Set<String> thread, Set<Set<String>> threads) {
        return threads.stream().anyMatch(it -> it.containsAll(thread));
    }

    /**
     * The threads of one mailbox, as sets of Message-IDs that refer to each other or to the same
     * message.
     */
    static Set<Set<String>> threads(Collection<Letter> letters) {
        var threads = new HashMap<String, Set<String>>();
        for (var letter : letters) {
            var joined = threads.computeIfAbsent(letter.messageId, _ -> new TreeSet<>());
            joined.add(letter.messageId);
            if (letter.answers != null) {
                var other = threads.computeIfAbsent(letter.answers, _ -> new TreeSet<>());
                other.add(letter.answers);
                joined.addAll(other);
                joined.forEach(it -> threads.put(it, joined));
            }
        }
        var present = new TreeSet<>(letters.stream().map(it -> it.messageId).toList());
        var all = new HashSet<Set<String>>();
        for (var thread : threads.values()) {
            var here = new TreeSet<>(thread);
            here.retainAll(present);
            if (!here.isEmpty()) {
                all.add(here);
            }
        }
        return all;
    }
}
