package postern.compose;

import org.jspecify.annotations.Nullable;
import postern.mime.header.SubjectPrefixes;

/** The prefix of a subject; it replaces existing prefixes in any language. */
enum SubjectPrefix {
    REPLY("Re:", SubjectPrefixes.REPLY),
    FORWARD("Fwd:", SubjectPrefixes.FORWARD);

    private final String prefix;
    private final SubjectPrefixes known;

    SubjectPrefix(String prefix, SubjectPrefixes known) {
        this.prefix = prefix;
        this.known = known;
    }

    String before(@Nullable String subject) {
        return (prefix + " " + known.removed(subject == null ? "" : subject)).strip();
    }
}
