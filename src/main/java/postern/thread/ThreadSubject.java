package postern.thread;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import postern.mime.header.SubjectPrefixes;

/**
 * The subject of a thread: without reply and forward markers of any language. It is only displayed
 * and never compared with a server's base subject.
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
