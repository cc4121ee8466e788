package postern.imap;

import java.util.Collection;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import postern.imap.message.SortKey;

/**
 * What a server offers, as announced after login (RFC 9051 §6.1.1); names in upper case.
 *
 * @param names all that it announced
 * @param refused what it announced, or has as a part of another, and refused when it was used
 */
public record Capabilities(Set<String> names, Set<String> refused) {

    private static final String APPEND_LIMIT = "APPENDLIMIT=";

    public Capabilities {
        names =
                names.stream()
                        .map(n -> n.toUpperCase(Locale.ROOT))
                        .collect(Collectors.toUnmodifiableSet());
        refused = Set.copyOf(refused);
    }

    public Capabilities(Set<String> names) {
        this(names, Set.of());
    }

    /** The same without what the server refused although it announced it. */
    public Capabilities without(Collection<String> more) {
        if (refused.containsAll(more)) {
            return this;
        }
        return new Capabilities(
                names,
                Stream.concat(refused.stream(), more.stream())
                        .collect(Collectors.toUnmodifiableSet()));
    }

    /** What the other one is without, and this one is not. */
    public Set<String> refusedBesides(Capabilities other) {
        return other.refused.stream()
                .filter(name -> !refused.contains(name))
                .collect(Collectors.toUnmodifiableSet());
    }

    public Capabilities without(String name) {
        return without(Set.of(name));
    }

    public static Capabilities of(Collection<String> names) {
        return new Capabilities(Set.copyOf(names));
    }

    public boolean has(String name) {
        return names.contains(name) && !refused.contains(name);
    }

    /** Whether it has that, also as a part of IMAP4rev2. */
    private boolean offers(String name) {
        return (names.contains(name) || rev2()) && !refused.contains(name);
    }

    /**
     * Whether its structures say text/plain where it could not read a part's type, as Cyrus does,
     * which is known by an extension of its own.
     */
    public boolean hidesTypes() {
        return has("ANNOTATE-EXPERIMENT-1");
    }

    /**
     * Whether its structures leave the blanks out of names without quotation marks, as Courier
     * does, which is known by an extension of its own.
     */
    public boolean joinsNames() {
        return has("ACL2=UNION");
    }

    /** MOVE, also as a part of IMAP4rev2. */
    public boolean move() {
        return offers("MOVE");
    }

    /** UIDPLUS, also as a part of IMAP4rev2. */
    public boolean uidPlus() {
        return offers("UIDPLUS");
    }

    /** REPLACE (RFC 8508). */
    public boolean replace() {
        return has("REPLACE");
    }

    /** CONDSTORE, also by way of QRESYNC which includes it (RFC 7162 §3.2.3). */
    public boolean condStore() {
        return has("CONDSTORE") || has("QRESYNC") && !refused.contains("CONDSTORE");
    }

    /** Flags can be stored on condition that nobody has changed a message since. */
    public boolean unchangedSince() {
        return condStore() && !refused.contains("UNCHANGEDSINCE");
    }

    public boolean listStatus() {
        return offers("LIST-STATUS");
    }

    public boolean specialUse() {
        return offers("SPECIAL-USE");
    }

    /** Roles given when a mailbox is made (RFC 6154 §3). */
    public boolean createSpecialUse() {
        return has("CREATE-SPECIAL-USE");
    }

    public boolean namespace() {
        return offers("NAMESPACE");
    }

    /** QUOTA, of RFC 2087 or RFC 9208. */
    public boolean quota() {
        return !refused.contains("QUOTA")
                && names.stream().anyMatch(n -> n.equals("QUOTA") || n.startsWith("QUOTA="));
    }

    /** Mailbox names in UTF-8 and in nothing else (RFC 6855 §3). */
    public boolean utf8Only() {
        return has("UTF8=ONLY");
    }

    /** The letters of RFC 4314, which a server announces, and not only those of RFC 2086. */
    public boolean newRights() {
        return names.stream().anyMatch(name -> name.startsWith("RIGHTS="));
    }

    public boolean acl() {
        return has("ACL");
    }

    public boolean listMyRights() {
        return has("LIST-MYRIGHTS") && acl();
    }

    /** How many octets a mailbox holds (RFC 8438), also as a part of IMAP4rev2. */
    public boolean statusSize() {
        return offers("STATUS=SIZE");
    }

    public boolean listExtended() {
        return offers("LIST-EXTENDED");
    }

    public boolean eSearch() {
        return offers("ESEARCH");
    }

    /** SORT (RFC 5256). */
    public boolean sort() {
        return has("SORT");
    }

    /** Sorting by the names that people see (RFC 5957). */
    public boolean sortDisplay() {
        return has("SORT=DISPLAY");
    }

    /** Whether the server can sort by this. */
    public boolean sorts(SortKey key) {
        return key.display() ? sortDisplay() : sort() || sortDisplay();
    }

    /** SORT that answers just what is asked for (RFC 5267). */
    public boolean eSort() {
        return has("ESORT");
    }

    /** Gmail's own search, labels and numbers. */
    public boolean gmail() {
        return has("X-GM-EXT-1");
    }

    public boolean preview() {
        return has("PREVIEW");
    }

    /** THREAD by References alone, without regard to subjects (draft-ietf-morg-inthread). */
    public boolean threadRefs() {
        return has("THREAD=REFS");
    }

    /** Identifiers of messages and threads that hold in the whole account (RFC 8474). */
    public boolean objectId() {
        return has("OBJECTID");
    }

    /** Threads by names that hold in the whole account, where the server gives them to messages. */
    public boolean threadIds() {
        return objectId() || gmail();
    }

    /** Whether the server searches for {@link #objectId() threads by their identifiers}. */
    public boolean searchesThreadIds() {
        return objectId() && !refused.contains("SEARCH=THREADID");
    }

    public boolean binary() {
        return offers("BINARY");
    }

    /** Literals that need no go-ahead, whatever their size. */
    public boolean literalPlus() {
        return has("LITERAL+");
    }

    /** Literals that need no go-ahead up to 4096 octets (RFC 7888). */
    public boolean literalMinus() {
        return offers("LITERAL-");
    }

    /** The largest message in octets that any mailbox takes (RFC 7889). */
    public OptionalLong appendLimit() {
        return names.stream()
                .filter(name -> name.matches(APPEND_LIMIT + "\\d{1,18}"))
                .mapToLong(name -> Long.parseLong(name.substring(APPEND_LIMIT.length())))
                .findFirst();
    }

    private boolean rev2() {
        return names.contains("IMAP4REV2") && !names.contains("IMAP4REV1");
    }

    /** In alphabetical order. */
    @Override
    public String toString() {
        return String.join(" ", new TreeSet<>(names));
    }
}
