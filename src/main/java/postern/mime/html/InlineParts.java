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
 * Where the parts of a message can be had that its HTML refers to: by Content-ID (RFC 2392) or by
 * Content-Location (RFC 2557).
 */
public final class InlineParts {

    private static final InlineParts AS_REFERRED_TO = new InlineParts(null);

    private static final String CID = "cid:";

    private final @Nullable UnaryOperator<String> urls;
    private final Map<String, String> byContentId = new HashMap<>();
    private final Map<String, String> byLocation = new HashMap<>();
    private final Set<String> referred = new HashSet<>();

    /**
     * @param urls makes a part's URL of its id; it must be harmless between single quotes. Without
     *     it every reference stays as it is.
     */
    public InlineParts(@Nullable UnaryOperator<String> urls) {
        this.urls = urls;
    }

    /** Leaves every reference as it is. */
    public static InlineParts asReferredTo() {
        return AS_REFERRED_TO;
    }

    /**
     * The first part with an id is the one that is meant, as it is for other mail programs.
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

    /** Whether any HTML that was made safe with these parts refers to that one. */
    public boolean refersTo(String partId) {
        return referred.contains(partId);
    }

    @Nullable String byLocation(String url) {
        return url(byLocation.get(url.strip()));
    }

    static boolean isCid(String url) {
        return url.regionMatches(true, 0, CID, 0, CID.length());
    }

    /** What a {@code cid:} URL becomes; null when the message has no such part. */
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
            // Not a form: a plus stands for itself.
            return URLDecoder.decode(id.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            return id;
        }
    }

    /** Ids are told apart by case, but not every mail program knows that. */
    private static String key(String contentId) {
        return contentId.strip().toLowerCase(Locale.ROOT);
    }
}
