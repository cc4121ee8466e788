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
 * The capabilities that a server announced after login (RFC 9051 §6.1.1), without those it refused;
 * names in upper case.
 *
 * @param names all that it announced
 * @param refused capabilities that it announced, or that another one includes, and that it refused
 *     when they were used
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

    /** These capabilities with more of them marked as refused. */
    public Capabilities without(Collection<String> more) {
        if (refused.containsAll(more)) {
            return this;
        }
        return new Capabilities(
                names,
                Stream.concat(refused.stream(), more.stream())
                        .collect(Collectors.toUnmodifiableSet()));
    }

    /** What the other one marks as refused and this one does not. */
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

    /** Whether the server has this capability, on its own or as a part of IMAP4rev2. */
    private boolean offers(String name) {
        return (names.contains(name) || rev2()) && !refused.contains(name);
    }

    /**
     * Whether the server's BODYSTRUCTURE says text/plain where it could not parse a part's type.
     * Cyrus does this; it is recognised by a capability that only Cyrus has.
     */
    public boolean hidesTypes() {
        return has("ANNOTATE-EXPERIMENT-1");
    }

    /**
     * Whether the server's BODYSTRUCTURE drops the blanks from unquoted names. Courier does this;
     * it is recognised by a capability that only Courier has.
     */
    public boolean joinsNames() {
        return has("ACL2=UNION");
    }

    /**
     * Whether the server goes on showing a mailbox that was deleted, and answers with a message of
     * its own making for one that was removed. Courier does both; see {@link #joinsNames}.
     */
    public boolean showsWhatIsGone() {
        return joinsNames();
    }

    /** MOVE (RFC 6851), also as a part of IMAP4rev2. */
    public boolean move() {
        return offers("MOVE");
    }

    /** UIDPLUS (RFC 4315), also as a part of IMAP4rev2. */
    public boolean uidPlus() {
        return offers("UIDPLUS");
    }

    /** REPLACE (RFC 8508). */
    public boolean replace() {
        return has("REPLACE");
    }

    /** CONDSTORE, also implied by QRESYNC (RFC 7162 §3.2.3). */
    public boolean condStore() {
        return has("CONDSTORE") || has("QRESYNC") && !refused.contains("CONDSTORE");
    }

    /** News of the selected mailbox without asking (RFC 2177). */
    public boolean idle() {
        return offers("IDLE");
    }

    /**
     * News of mailboxes that are not selected (RFC 5465), also of flags, which takes mod-sequences.
     */
    public boolean notifies() {
        return has("NOTIFY") && idle() && condStore();
    }

    /** Quick resynchronisation (RFC 7162 §3.2). */
    public boolean qresync() {
        return has("QRESYNC") && condStore();
    }

    /** STORE with UNCHANGEDSINCE (RFC 7162 §3.1.3). */
    public boolean unchangedSince() {
        return condStore() && !refused.contains("UNCHANGEDSINCE");
    }

    public boolean listStatus() {
        return offers("LIST-STATUS");
    }

    public boolean specialUse() {
        return offers("SPECIAL-USE");
    }

    /** CREATE with a special use (RFC 6154 §3). */
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

    /** Mailbox names are UTF-8, never modified UTF-7 (RFC 6855 §3). */
    public boolean utf8Only() {
        return has("UTF8=ONLY");
    }

    /** The server announces the rights of RFC 4314, not only those of RFC 2086. */
    public boolean newRights() {
        return names.stream().anyMatch(name -> name.startsWith("RIGHTS="));
    }

    public boolean acl() {
        return has("ACL");
    }

    public boolean listMyRights() {
        return has("LIST-MYRIGHTS") && acl();
    }

    /** STATUS of a mailbox's size in octets (RFC 8438), also as a part of IMAP4rev2. */
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

    /** Sorting by display names (RFC 5957). */
    public boolean sortDisplay() {
        return has("SORT=DISPLAY");
    }

    /** Whether the server can sort by this key. */
    public boolean sorts(SortKey key) {
        return key.display() ? sortDisplay() : sort() || sortDisplay();
    }

    /** SORT with result options, ESORT (RFC 5267). */
    public boolean eSort() {
        return has("ESORT");
    }

    /** Gmail's own search, labels and identifiers. */
    public boolean gmail() {
        return has("X-GM-EXT-1");
    }

    /** Whether HEADER finds any text of any field; Gmail looks for words, and not in all fields. */
    public boolean searchesAllHeaders() {
        return !gmail();
    }

    public boolean preview() {
        return has("PREVIEW");
    }

    /** THREAD by References alone, ignoring subjects (draft-ietf-morg-inthread). */
    public boolean threadRefs() {
        return has("THREAD=REFS");
    }

    /** Identifiers of mailboxes, messages and threads that are unique in the account (RFC 8474). */
    public boolean objectId() {
        return has("OBJECTID");
    }

    /** Whether STATUS and SELECT tell MAILBOXID (RFC 8474 §4). */
    public boolean mailboxIds() {
        return names.contains("OBJECTID") && !refused.contains("STATUS=MAILBOXID");
    }

    /** Thread identifiers that are unique in the account, from OBJECTID or Gmail. */
    public boolean threadIds() {
        return objectId() || gmail();
    }

    /** Whether SEARCH takes the thread identifiers of {@link #objectId()}. */
    public boolean searchesThreadIds() {
        return objectId() && !refused.contains("SEARCH=THREADID");
    }

    public boolean binary() {
        return offers("BINARY");
    }

    /** Non-synchronizing literals of any size (RFC 7888). */
    public boolean literalPlus() {
        return has("LITERAL+");
    }

    /** Non-synchronizing literals of up to 4096 octets (RFC 7888). */
    public boolean literalMinus() {
        return offers("LITERAL-");
    }

    /** The largest message in octets that any mailbox accepts (RFC 7889). */
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
