package postern.message.metadata;

import java.util.regex.Pattern;

/**
 * A subject without reply and forward markers (RFC 5256 §2.1). Unlike {@link
 * postern.mime.header.SubjectPrefixes} it removes only the English markers of the RFC: the result
 * must sort in the order of the mail servers, which do not remove "AW:".
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

    /** Upper bound on the markers removed, so that a hostile subject costs little time. */
    private static final int MOST_STEPS = 50;

    /** Only these characters of a subject are used; bounds the work. */
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
