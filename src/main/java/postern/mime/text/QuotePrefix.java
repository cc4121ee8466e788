package postern.mime.text;

/**
 * The marks at the beginning of a quoted line, such as {@code "> > "}.
 *
 * @param depth how often the line is quoted; 0 for none
 * @param end where the line's own text begins
 */
public record QuotePrefix(int depth, int end) {

    public static QuotePrefix of(String text, int start, int end) {
        int depth = 0;
        int at = start;
        int afterMark = start;
        while (at < end) {
            char c = text.charAt(at);
            if (c == '>') {
                depth++;
                afterMark = at + 1;
            } else if (c != ' ' || at > afterMark || depth == 0) {
                break; // one space may stand between two marks
            }
            at++;
        }
        boolean space = depth > 0 && afterMark < end && text.charAt(afterMark) == ' ';
        return new QuotePrefix(depth, space ? afterMark + 1 : afterMark);
    }
}
