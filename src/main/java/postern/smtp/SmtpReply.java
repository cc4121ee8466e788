package postern.smtp;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a submission server answered.
 *
 * @param code the three digits of RFC 5321 §4.2
 * @param enhanced the status code of RFC 3463, such as {@code 5.1.1}, where the server tells one
 * @param text the server's own words, without control characters and bounded; not to be logged
 */
public record SmtpReply(int code, @Nullable String enhanced, String text) {

    private static final Pattern ENHANCED =
            Pattern.compile("([245]\\.\\d{1,3}\\.\\d{1,3})(?: +|$)");
    private static final int LONGEST_TEXT = 500;

    public static SmtpReply of(int code, String words) {
        var matcher = ENHANCED.matcher(words);
        boolean told = matcher.lookingAt();
        var rest = told ? words.substring(matcher.end()) : words;
        var text = new StringBuilder();
        rest.codePoints()
                .limit(LONGEST_TEXT)
                .map(c -> Character.isISOControl(c) ? ' ' : c)
                .forEach(text::appendCodePoint);
        return new SmtpReply(code, told ? matcher.group(1) : null, text.toString().strip());
    }

    public boolean positive() {
        return code / 100 == 2;
    }

    public boolean transientFailure() {
        return code / 100 == 4;
    }

    /**
     * Whether the enhanced status code is of this subject, such as {@code "7."} or {@code "3.4"}.
     */
    public boolean about(String subject) {
        return enhanced != null && enhanced.startsWith(subject, 2);
    }

    /** The two codes, without the server's words. */
    public String status() {
        return enhanced == null ? Integer.toString(code) : code + " " + enhanced;
    }

    /** Without the server's words, which may name users. */
    @Override
    public String toString() {
        return "SmtpReply[%s]".formatted(status());
    }
}
