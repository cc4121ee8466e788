package postern.thread;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A subject without what replies and forwards put around it (RFC 5256 §2.1), also in the words of
 * other languages.
 */
final class BaseSubject {

    private static final Pattern LEADER =
            Pattern.compile(
                    "\\G\\s*+(?:(?:re|fwd?|aw|antw|wg|sv|vs|vb|vl|tr|rv|enc|odp|pd|ynt|ilt|回复|答复|转发)"
                            + "\\s*+(?:\\[[^\\[\\]]{0,80}+\\]\\s*+)?+[:：])",
                    Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);

    private static final Pattern TRAILER =
            Pattern.compile("\\(fwd\\)\\s*+\\z", Pattern.CASE_INSENSITIVE);

    private BaseSubject() {}

    static @Nullable String of(@Nullable String subject) {
        if (subject == null) {
            return null;
        }
        var leaders = LEADER.matcher(subject);
        int start = 0;
        while (leaders.find()) {
            start = leaders.end();
        }
        var base = subject.substring(start).strip();
        var trailer = TRAILER.matcher(base.substring(Math.max(0, base.length() - 40)));
        if (trailer.find()) {
            base = base.substring(0, base.length() - trailer.group().length()).strip();
        }
        return base.isEmpty() ? subject.strip() : base;
    }
}
