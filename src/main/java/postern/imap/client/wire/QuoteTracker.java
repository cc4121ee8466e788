package postern.imap.client.wire;

/**
 * Tracks whether a line of a FETCH response ends within a quoted string. Quoted strings must not
 * contain line ends (RFC 9051 §9), but some servers copy line ends from a message: the sender of a
 * message could then inject responses. A line that begins within a quoted string is therefore never
 * treated as a response.
 *
 * <p>Other servers do not escape quotation marks. A mark can then occur where no string may begin
 * or end, and strings cannot be told apart from the text between them; such a line is taken to end
 * at its line end.
 */
final class QuoteTracker {

    private boolean open;
    private boolean escaped;
    private boolean misplaced;
    private byte before;

    /** Resets the state at the beginning of a response. */
    void start() {
        open = false;
        escaped = false;
        misplaced = false;
        before = ' ';
    }

    /** Continues after a literal. */
    void resume() {
        before = ' ';
    }

    void scan(byte[] octets, int from, int to) {
        for (int i = from; i < to && !misplaced; ) {
            i = open ? inside(octets, i, to) : outside(octets, i, to);
        }
    }

    /** Scans up to the position after the closing quotation mark. */
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

    /** Scans up to the position after the opening quotation mark. */
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

    /** Whether a quotation mark was found where none may be. */
    boolean misplaced() {
        return misplaced;
    }

    /** Whether the line ends within a quoted string. */
    boolean open() {
        return open && !misplaced;
    }
}
