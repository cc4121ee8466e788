package postern.message.metadata;

import java.util.regex.Pattern;

/**
 * A subject without what replies and forwards put around it (RFC 5256 §2.1). Only the words that
 * the RFC knows, not those of {@link postern.mime.header.SubjectPrefixes}: what this sorts is
 * merged with, and paged by, what mail servers have sorted, and they leave "AW:" where it is.
 */
public final class BaseSubject {

    private static final Pattern SPACES = Pattern.compile("\\s+");
    private static final Pattern TRAILER =
            Pattern.compile("(?:\\s|\\(fwd\\))+$", Pattern.CASE_INSENSITIVE);
    private static final Pattern LEADER =
            Pattern.compile(
                    "^(?:(?:\\[[^\\[\\]]*] ?)*(?:re|fwd?) ?(?:\\[[^\\[\\]]*] ?)?:| )",
                    Pattern.CASE_INSENSITIVE);
    private static final Pattern BLOB = Pattern.compile("^\\[[^\\[\\]]*] ?(?=.)");

    /** Nobody forwards more often; a subject made to cost time is not peeled any further. */
    private static final int MOST_STEPS = 50;

    /** What counts of a subject; also bounds the work. */
    private static final int LONGEST = 1_000;

    private BaseSubject() {}

    public static String of(String subject) {
        var base =
                SPACES.matcher(subject.substring(0, Math.min(LONGEST, subject.length())))
                        .replaceAll(" ");
        for (int step = 0; step < MOST_STEPS; step++) {
            var peeled = peeled(base);
            if (peeled.equals(base)) {
                break;
            }
            base = peeled;
        }
        return base;
    }

    private static String peeled(String subject) {
        var base = TRAILER.matcher(subject).replaceFirst("");
        base = LEADER.matcher(base).replaceFirst("");
        if (!LEADER.matcher(base).find()) {
            base = BLOB.matcher(base).replaceFirst("");
        }
        boolean wrapped = base.regionMatches(true, 0, "[fwd:", 0, 5) && base.endsWith("]");
        return wrapped ? base.substring(5, base.length() - 1) : base;
    }
}
