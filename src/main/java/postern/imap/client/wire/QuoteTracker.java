package postern.imap.client.wire;

/**
 * Tells whether a line of a FETCH response ends within a quoted string. No quoted string may hold a
 * line end (RFC 9051 §9), but some servers copy one out of a message: the sender of a message could
 * then write responses of the server's. A line that begins within a quoted string is therefore
 * never a response of its own.
 *
 * <p>Other servers do not escape quotation marks. Then a mark stands where no string begins or
 * ends, and strings cannot be told from what is between them: such a line ends at its end.
 */
final class QuoteTracker {

    private boolean open;
    private boolean escaped;
    private boolean misplaced;
    private byte before;

    /** At the beginning of a response. */
    void start() {
        open = false;
        escaped = false;
        misplaced = false;
        before = ' ';
    }

    /** Behind a literal. */
    void resume() {
        before = ' ';
    }

    void scan(byte[] octets, int from, int to) {
        for (int i = from; i < to && !misplaced; ) {
            i = open ? inside(octets, i, to) : outside(octets, i, to);
        }
    }

    /** Up to behind the mark that ends the string. */
    private int inside(byte[] octets, int from, int to) {
        for (int i = from; i < to; i++) {
            if (escaped) {
                escaped = false;
            } else if (octets[i] == '"') {
                open = false;
                before = '"';
                return i + 1;
            } else {
                escaped = octets[i] == '\\';
            }
        }
        return to;
    }

    /** Up to behind the mark that begins a string. */
    private int outside(byte[] octets, int from, int to) {
        if (before == '"' && !mayFollowString(octets[from])) {
            misplaced = true;
            return to;
        }
        for (int i = from; i < to; i++) {
            if (octets[i] == '"') {
                byte last = i == from ? before : octets[i - 1];
                misplaced = last != ' ' && last != '(';
                open = true;
                return i + 1;
            }
        }
        before = octets[to - 1];
        return to;
    }

    private static boolean mayFollowString(byte octet) {
        return octet == ' ' || octet == '(' || octet == ')' || octet == '\r' || octet == '\n';
    }

    /** Whether a quotation mark stands where none can. */
    boolean misplaced() {
        return misplaced;
    }

    /** Whether the string that is open goes on in the next line. */
    boolean open() {
        return open && !misplaced;
    }
}
