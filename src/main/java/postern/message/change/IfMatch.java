package postern.message.change;

import java.util.List;
import java.util.OptionalLong;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The states in which a message may be changed: the value of If-Match (RFC 9110 §13.1.1). */
public record IfMatch(boolean any, List<MessageETag> tags) {

    public static final IfMatch ANY = new IfMatch(true, List.of());

    /** Weak tags never match: If-Match uses strong comparison. */
    private static final Pattern TAG = Pattern.compile("(W/)?\"[^\"]*\"");

    /** A missing header and {@code *} match any state. */
    public static IfMatch parse(@Nullable String header) {
        if (header == null || header.strip().equals("*")) {
            return ANY;
        }
        var tags =
                TAG.matcher(header)
                        .results()
                        .map(MatchResult::group)
                        .filter(tag -> !tag.startsWith("W/"))
                        .map(MessageETag::new)
                        .toList();
        return new IfMatch(false, tags);
    }

    public boolean allows(MessageETag tag) {
        return any || tags.contains(tag);
    }

    /**
     * Present when the only tag is a mod-sequence: the server can then compare with UNCHANGEDSINCE.
     */
    public OptionalLong modSeq() {
        return tags.size() == 1 ? tags.getFirst().modSeq() : OptionalLong.empty();
    }
}
