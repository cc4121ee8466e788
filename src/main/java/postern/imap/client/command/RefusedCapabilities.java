package postern.imap.client.command;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import postern.account.ImapServer;
import postern.imap.Capabilities;
import postern.imap.message.SortKey;

/**
 * Remembers which capabilities a server announced and then refused. For a while they are not used
 * on that server; the client falls back to what it does on servers without them.
 */
public final class RefusedCapabilities {

    public static final String BINARY = "BINARY";
    public static final String CONDSTORE = "CONDSTORE";
    public static final String ESEARCH = "ESEARCH";
    static final String ESORT = "ESORT";
    public static final String IDLE = "IDLE";
    public static final String LIST_EXTENDED = "LIST-EXTENDED";
    static final String LIST_MYRIGHTS = "LIST-MYRIGHTS";
    static final String LIST_STATUS = "LIST-STATUS";
    public static final String LITERAL_MINUS = "LITERAL-";
    public static final String LITERAL_PLUS = "LITERAL+";
    public static final String MOVE = "MOVE";
    public static final String NOTIFY = "NOTIFY";
    static final String OBJECTID = "OBJECTID";
    static final String PREVIEW = "PREVIEW";

    /** The search key THREADID, a part of OBJECTID; its FETCH items may work. */
    static final String SEARCH_THREADID = "SEARCH=THREADID";

    public static final String QRESYNC = "QRESYNC";
    static final String SORT = "SORT";
    static final String SORT_DISPLAY = "SORT=DISPLAY";

    /** The item MAILBOXID of STATUS, a part of OBJECTID; its FETCH items may work. */
    public static final String STATUS_MAILBOXID = "STATUS=MAILBOXID";

    static final String STATUS_SIZE = "STATUS=SIZE";
    public static final String THREAD_REFS = "THREAD=REFS";

    /** The modifier UNCHANGEDSINCE of STORE, a part of CONDSTORE; its FETCH item may work. */
    public static final String UNCHANGEDSINCE = "UNCHANGEDSINCE";

    /** The capabilities for which there is a fallback. */
    private static final Set<String> NAMES =
            Set.of(
                    BINARY,
                    CONDSTORE,
                    ESEARCH,
                    ESORT,
                    IDLE,
                    LIST_EXTENDED,
                    LIST_MYRIGHTS,
                    LIST_STATUS,
                    LITERAL_MINUS,
                    LITERAL_PLUS,
                    MOVE,
                    NOTIFY,
                    OBJECTID,
                    PREVIEW,
                    QRESYNC,
                    SEARCH_THREADID,
                    SORT,
                    SORT_DISPLAY,
                    STATUS_MAILBOXID,
                    STATUS_SIZE,
                    THREAD_REFS,
                    UNCHANGEDSINCE);

    private static final Duration REMEMBERED = Duration.ofMinutes(10);
    private static final int MOST = 10_000;

    private final Cache<Refused, Boolean> refused;
    private final Function<ImapServer, Set<String>> disabled;

    /** A capability that a server refused. */
    private record Refused(String host, int port, String name) {}

    /**
     * @param disabled the capabilities of a server that are never used
     */
    public RefusedCapabilities(Function<ImapServer, Set<String>> disabled) {
        this(disabled, Ticker.systemTicker());
    }

    public RefusedCapabilities(Function<ImapServer, Set<String>> disabled, Ticker clock) {
        this.disabled = disabled;
        refused =
                Caffeine.newBuilder()
                        .ticker(clock)
                        .expireAfterWrite(REMEMBERED)
                        .maximumSize(MOST)
                        .build();
    }

    /** The capabilities to drop on a server that refuses to sort by this key. */
    public static Set<String> sorting(SortKey key) {
        return key.display() ? Set.of(SORT_DISPLAY) : Set.of(SORT, SORT_DISPLAY);
    }

    public void add(ImapServer server, String name) {
        refused.put(refused(server, name), true);
    }

    /** A server's capabilities without disabled ones and those that it refused recently. */
    public Capabilities without(ImapServer server, Capabilities announced) {
        Set<String> names =
                Stream.concat(
                                disabled.apply(server).stream(),
                                NAMES.stream()
                                        .filter(name ->
                                                refused.getIfPresent(refused(server, name))
                                                        != null))
                        .collect(Collectors.toUnmodifiableSet());
        return names.isEmpty() ? announced : announced.without(names);
    }

    private static Refused refused(ImapServer server, String name) {
        return new Refused(server.host().toLowerCase(Locale.ROOT), server.port(), name);
    }
}
