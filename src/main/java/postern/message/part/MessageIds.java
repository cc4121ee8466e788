package postern.message.part;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import postern.imap.message.RawText;

/** Reads Message-ID, In-Reply-To and References (RFC 5322 §3.6.4) as RFC 8621 §4.1.2.5 does. */
public final class MessageIds {

    private static final Pattern BRACKETED = Pattern.compile("<([^<>]{1,998})>");

    /** References grow with the thread; only the newest ids are kept. */
    private static final int MOST = 1_000;

    private MessageIds() {}

    /**
     * The ids without their angle brackets; a header without angle brackets is split at white
     * space.
     */
    public static List<String> parse(@Nullable String header) {
        if (header == null || header.isBlank()) {
            return List.of();
        }
        var ids = new ArrayList<String>();
        var matcher = BRACKETED.matcher(header);
        while (matcher.find() && ids.size() < MOST) {
            ids.add(matcher.group(1).strip());
        }
        return ids.isEmpty() ? bare(header) : List.copyOf(ids);
    }

    public static List<String> parse(@Nullable RawText header) {
        return parse(header == null ? null : header.toString());
    }

    private static List<String> bare(String header) {
        return List.of(header.strip().split("\\s+", MOST));
    }
}
