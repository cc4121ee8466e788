package postern.mime.text;

/**
 * The marks at the beginning of a quoted line, such as {@code "> > "}.
 *
 * @param depth the quote depth; 0 if the line is not quoted
 * @param end the offset after the marks
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
                break; // at most one space between two marks
            }
            at++;
        }
        boolean space = depth > 0 && afterMark < end && text.charAt(afterMark) == ' ';
        return new QuotePrefix(depth, space ? afterMark + 1 : afterMark);
    }
}
