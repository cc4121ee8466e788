package postern.mime.header;

import java.util.Arrays;

/**
 * Splits the value of an address field into tokens (RFC 5322 §3.2), from left to right. Unclosed
 * quotes, comments and brackets are skipped; each octet is read a bounded number of times.
 */
final class AddressScanner {

    private static final byte ESCAPE = 0x1B;
    private static final int LONGEST_CHARSET = 80;
    private static final int LONGEST_LITERAL = 100;

    private final byte[] raw;
    private final int end;
    private final boolean oddQuotes;
    private int at;
    private boolean quotesEnd;
    private boolean commentsEnd;
    private boolean shiftsEnd;

    enum Kind {
        /** Octets without white space; includes encoded words with any content. */
        TEXT,
        QUOTED,
        COMMENT,
        OPEN,
        CLOSE,
        COMMA,
        SEMICOLON,
        COLON,
        END
    }

    /**
     * A token.
     *
     * @param spaced whether white space precedes it
     * @param sign the position of its last @ outside encoded words; -1 if none
     * @param encoded whether it contains an encoded word
     */
    record Piece(Kind kind, int from, int to, boolean spaced, int sign, boolean encoded) {}

    AddressScanner(byte[] raw, int from, int end) {
        this.raw = raw;
        this.at = from;
        this.end = end;
        this.oddQuotes = oddQuotes(raw, from, end);
    }

    private static boolean oddQuotes(byte[] raw, int from, int end) {
        boolean odd = false;
        for (int i = from; i < end; i++) {
            odd ^= raw[i] == '"' && (i == from || raw[i - 1] != '\\');
        }
        return odd;
    }

    int position() {
        return at;
    }

    void seek(int position) {
        at = position;
    }

    Piece next() {
        int before = at;
        while (at < end) {
            skipSpace();
            if (at == end) {
                break;
            }
            boolean spaced = at > before;
            int from = at;
            switch (raw[at]) {
                case '"' -> {
                    int close = endOfQuoted(at + 1);
                    if (close >= 0) {
                        at = close < end && raw[close] == '"' ? close + 1 : close;
                        return new Piece(Kind.QUOTED, from + 1, close, spaced, -1, false);
                    }
                    at++; // never closed: treated as a space
                }
                case '(' -> {
                    int close = endOfComment(at);
                    if (close >= 0) {
                        at = close + 1;
                        return new Piece(Kind.COMMENT, from + 1, close, spaced, -1, false);
                    }
                    return text(spaced);
                }
                case '<' -> {
                    return mark(Kind.OPEN, spaced);
                }
                case '>' -> {
                    return mark(Kind.CLOSE, spaced);
                }
                case ',' -> {
                    return mark(Kind.COMMA, spaced);
                }
                case ';' -> {
                    return mark(Kind.SEMICOLON, spaced);
                }
                case ':' -> {
                    return mark(Kind.COLON, spaced);
                }
                default -> {
                    return text(spaced);
                }
            }
        }
        return new Piece(Kind.END, end, end, true, -1, false);
    }

    private Piece mark(Kind kind, boolean spaced) {
        return new Piece(kind, at, ++at, spaced, -1, false);
    }

    private Piece text(boolean spaced) {
        int from = at;
        int sign = -1;
        boolean encoded = false;
        do {
            byte octet = raw[at];
            int word = octet == '=' ? endOfEncodedWord(at) : -1;
            if (word >= 0) {
                encoded = true;
                at = word;
            } else if (octet == '[' && sign == at - 1 && sign >= 0) {
                at = endOfLiteral(at);
            } else if (octet == ESCAPE) {
                at = endOfShift(at);
            } else {
                sign = octet == '@' ? at : sign;
                at++;
            }
        } while (at < end && !endsText(raw[at]));
        return new Piece(Kind.TEXT, from, at, spaced, sign, encoded);
    }

    private boolean endsText(byte octet) {
        return switch (octet) {
            case '"', '<', '>', ',', ';', ':' -> true;
            case '(' -> !commentsEnd;
            default -> isSpace(octet);
        };
    }

    private void skipSpace() {
        while (at < end && isSpace(raw[at])) {
            at++;
        }
    }

    /** Control characters count as space, except ESC, which begins a charset shift. */
    private static boolean isSpace(byte octet) {
        return octet >= 0 && octet <= ' ' && octet != ESCAPE || octet == 0x7F;
    }

    /**
     * The end of the quoted string that begins here, or -1. A string does not extend into brackets,
     * in case a quotation mark is surplus.
     */
    private int endOfQuoted(int from) {
        if (quotesEnd) {
            return -1;
        }
        for (int i = from; i < end; i++) {
            switch (raw[i]) {
                case '\\' -> i++;
                case ESCAPE -> i = endOfShift(i) - 1;
                case '"' -> {
                    return i;
                }
                case '<' -> {
                    if (oddQuotes) {
                        return i;
                    }
                }
                default -> {}
            }
        }
        quotesEnd = true;
        return -1;
    }

    /** The position of the matching closing parenthesis, or -1. */
    private int endOfComment(int from) {
        if (commentsEnd) {
            return -1;
        }
        int depth = 0;
        for (int i = from; i < end; i++) {
            switch (raw[i]) {
                case '\\' -> i++;
                case '(' -> depth++;
                case ')' -> {
                    if (--depth == 0) {
                        return i;
                    }
                }
                default -> {}
            }
        }
        commentsEnd = true;
        return -1;
    }

    /**
     * The position after the encoded word that begins here, or -1. Many contain what RFC 2047 §5
     * (3) forbids in a phrase: commas, brackets, spaces.
     */
    private int endOfEncodedWord(int from) {
        if (from + 1 >= end || raw[from + 1] != '?') {
            return -1;
        }
        int mark = from + 2;
        int limit = Math.min(end, mark + LONGEST_CHARSET);
        while (mark < limit && raw[mark] > ' ' && raw[mark] != '?') {
            mark++;
        }
        if (mark + 2 >= end || raw[mark] != '?' || raw[mark + 2] != '?') {
            return -1;
        }
        if ("BbQq".indexOf(raw[mark + 1]) < 0) {
            return -1;
        }
        for (int i = mark + 3; i + 1 < end; i++) {
            if (raw[i] == '?' && raw[i + 1] == '=') {
                return i + 2;
            }
            // Not the base64 padding before "?=".
            if (raw[i] == '=' && raw[i + 1] == '?' && (i + 2 == end || raw[i + 2] != '=')) {
                return -1;
            }
        }
        return -1;
    }

    /**
     * The position after a domain literal (RFC 5322 §3.4.1); the next octet if it is not closed.
     */
    private int endOfLiteral(int from) {
        int limit = Math.min(end, from + LONGEST_LITERAL);
        for (int i = from + 1; i < limit; i++) {
            if (raw[i] == ']') {
                return i + 1;
            }
        }
        return from + 1;
    }

    /** Between ESC $ and ESC ( each pair of ISO-2022 octets is one character. */
    private int endOfShift(int from) {
        if (shiftsEnd || from + 1 >= end || raw[from + 1] != '$') {
            return from + 1;
        }
        for (int i = from + 2; i < end; i++) {
            if (raw[i] == '\n' || raw[i] == ESCAPE && i + 1 < end && raw[i + 1] == '(') {
                return Math.min(end, raw[i] == '\n' ? i : i + 3);
            }
        }
        shiftsEnd = true;
        return from + 1;
    }

    /** The octets of a piece; those of a quoted string without its escapes. */
    byte[] octets(Piece piece) {
        var octets = Arrays.copyOfRange(raw, piece.from(), Math.max(piece.from(), piece.to()));
        return piece.kind() == Kind.TEXT ? octets : unescaped(octets);
    }

    private static byte[] unescaped(byte[] octets) {
        int to = 0;
        for (int i = 0; i < octets.length; i++) {
            if (octets[i] == '\\' && i + 1 < octets.length) {
                i++;
            }
            octets[to++] = octets[i];
        }
        return to == octets.length ? octets : Arrays.copyOf(octets, to);
    }
}
