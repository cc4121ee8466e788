package postern.compose;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What stands in front of a subject, once, whatever language it was in before. */
enum SubjectPrefix {
    REPLY("Re:", "re|aw|antw|antwort|sv|vs|odp|ref|rif|r|res|ynt|bls|回复|答复|回覆|返信"),
    FORWARD("Fwd:", "fwd?|wg|vb|tr|rv|enc|doorst|pd|ilt|转发|轉寄|転送");

    private final String prefix;
    private final Pattern known;

    SubjectPrefix(String prefix, String known) {
        this.prefix = prefix;
        this.known =
                Pattern.compile(
                        "^(?:\\s*(?:" + known + ")(?:[\\[(]\\d{1,4}[\\])])?\\s?[:\uff1a])+\\s*",
                        Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    }

    String before(@Nullable String subject) {
        var bare = known.matcher(subject == null ? "" : subject).replaceFirst("");
        return (prefix + " " + bare).strip();
    }
}
