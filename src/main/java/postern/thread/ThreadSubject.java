package postern.thread;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import postern.mime.header.SubjectPrefixes;

/**
 * A subject without what replies and forwards put around it, in any language: what a thread is
 * called. It is shown, and compared with no server's.
 */
final class ThreadSubject {

    private static final Pattern TRAILER =
            Pattern.compile("\\(fwd\\)\\s*+\\z", Pattern.CASE_INSENSITIVE);

    private ThreadSubject() {}

    static @Nullable String of(@Nullable String subject) {
        if (subject == null) {
            return null;
        }
        var base = SubjectPrefixes.ANY.removed(subject);
        var trailer = TRAILER.matcher(base.substring(Math.max(0, base.length() - 40)));
        if (trailer.find()) {
            base = base.substring(0, base.length() - trailer.group().length()).strip();
        }
        return base.isEmpty() ? subject.strip() : base;
    }
}
