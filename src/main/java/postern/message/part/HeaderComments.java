package postern.message.part;

/** Comments in structured header fields (RFC 5322 §3.2.2), which carry no meaning for programs. */
public final class HeaderComments {

    private HeaderComments() {}

    /**
     * Replaces each comment by a space; an unterminated comment extends to the end of the value.
     */
    public static String removed(String value) {
        if (value.indexOf('(') < 0) {
            return value;
        }
        var kept = new StringBuilder(value.length());
        int depth = 0;
        boolean quoted = false;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean escaped = c == '\\' && (quoted || depth > 0) && i + 1 < value.length();
            if (!quoted && !escaped && c == '(') {
                depth++;
                kept.append(' ');
            } else if (depth == 0) {
                quoted ^= c == '"';
                kept.append(c);
            } else if (c == ')') {
                depth--;
            }
            if (escaped) {
                i++;
                if (depth == 0) {
                    kept.append(value.charAt(i));
                }
            }
        }
        return kept.toString();
    }
}
