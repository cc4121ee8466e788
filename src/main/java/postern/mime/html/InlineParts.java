package postern.mime.html;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Resolves references in HTML to parts of the same message, by Content-ID (RFC 2392) or
 * Content-Location (RFC 2557), to URLs.
 */
public final class InlineParts {

    private static final InlineParts AS_REFERRED_TO = new InlineParts(null);

    private static final String CID = "cid:";

    private final @Nullable UnaryOperator<String> urls;
    private final Map<String, String> byContentId = new HashMap<>();
    private final Map<String, String> byLocation = new HashMap<>();
    private final Set<String> referred = new HashSet<>();

    /**
     * @param urls maps a part id to a URL, which must be safe between single quotes; if null,
     *     references are unchanged
     */
    public InlineParts(@Nullable UnaryOperator<String> urls) {
        this.urls = urls;
    }

    /** Leaves references unchanged. */
    public static InlineParts asReferredTo() {
        return AS_REFERRED_TO;
    }

    /**
     * If several parts have the same id, the first one wins, as in other mail programs.
     *
     * @param contentId without angle brackets
     */
    public void add(@Nullable String contentId, @Nullable String location, String partId) {
        if (contentId != null) {
            byContentId.putIfAbsent(key(contentId), partId);
        }
        if (location != null && !location.isBlank()) {
            byLocation.putIfAbsent(location.strip(), partId);
        }
    }

    boolean asReferred() {
        return urls == null;
    }

    boolean located() {
        return !byLocation.isEmpty() && !asReferred();
    }

    /** Whether HTML that was sanitised with these parts refers to this part. */
    public boolean refersTo(String partId) {
        return referred.contains(partId);
    }

    @Nullable String byLocation(String url) {
        return url(byLocation.get(url.strip()));
    }

    static boolean isCid(String url) {
        return url.regionMatches(true, 0, CID, 0, CID.length());
    }

    /** The URL for a {@code cid:} URL; null if the message has no such part. */
    @Nullable String byCid(String url) {
        var target = url(byContentId.get(key(decoded(url.substring(CID.length())))));
        return asReferred() ? url : target;
    }

    private @Nullable String url(@Nullable String partId) {
        if (partId == null) {
            return null;
        }
        referred.add(partId);
        return urls == null ? null : urls.apply(partId);
    }

    private static String decoded(String id) {
        try {
            // Unlike in a form, a plus is literal here.
            return URLDecoder.decode(id.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            return id;
        }
    }

    /** Content-IDs are case-sensitive, but not every mail program respects that. */
    private static String key(String contentId) {
        return contentId.strip().toLowerCase(Locale.ROOT);
    }
}
