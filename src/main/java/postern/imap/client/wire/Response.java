package postern.imap.client.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import postern.imap.ResponseCode;
import postern.imap.message.RawText;

/**
 * One response of the server, with a read position. It is a view of the connection's buffer, so
 * that values must be copied to be kept, as all methods here do. Servers are not strict, so neither
 * is this parser: a string may be quoted, a literal or an atom.
 */
public final class Response {

    /** The prefixes of all items that may follow a list of flags. */
    private static final List<String> FETCH_ITEMS =
            List.of(
                    "UID ",
                    "MODSEQ ",
                    "INTERNALDATE ",
                    "RFC822",
                    "ENVELOPE ",
                    "BODY",
                    "BINARY",
                    "PREVIEW ",
                    "EMAILID ",
                    "THREADID ",
                    "X-GM-",
                    "SAVEDATE ");

    /** Names of FETCH and STATUS items that are not made anew each time. */
    private static final List<String> USUAL_NAMES =
            List.of("UID", "FLAGS", "MODSEQ", "INTERNALDATE", "RFC822.SIZE", "MESSAGES", "UNSEEN");

    /** Enough for the longest mailbox name and the server's text about it. */
    private static final int LONGEST_WORDS = 8_000;

    private final byte[] data;
    private final int start;
    private final int end;
    private final boolean continued;
    private final AnswerBudget budget;
    private int position;

    /**
     * @param continued whether it contains line ends in quoted strings
     * @param budget is charged for the values that are read
     */
    Response(byte[] data, int start, int end, boolean continued, AnswerBudget budget) {
        this.data = data;
        this.start = start;
        this.end = end;
        this.continued = continued;
        this.budget = budget;
        this.position = start;
    }

    public static Response of(String text) {
        var octets = text.getBytes(StandardCharsets.UTF_8);
        return new Response(octets, 0, octets.length, false, AnswerBudget.NONE);
    }

    /**
     * Charges the exchange for something that is made of this response besides its values, such as
     * an element of a structure.
     *
     * @param heap the memory that it takes
     */
    public void charge(long heap) {
        budget.charge(heap);
    }

    /** Whether it contains line ends in quoted strings, which IMAP does not allow. */
    boolean continued() {
        return continued;
    }

    /** Skips the next word when it is this one, and the space after it; false otherwise. */
    public boolean skipWord(String word) {
        if (!startsWith(word)) {
            return false;
        }
        int after = position + word.length();
        if (after < end && data[after] != ' ') {
            return false;
        }
        position = Math.min(end, after + 1);
        return true;
    }

    boolean startsWith(String word) {
        if (end - position < word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (upper(data[position + i]) != upper((byte) word.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    public boolean atEnd() {
        return position >= end;
    }

    public int position() {
        return position;
    }

    public void seek(int position) {
        this.position = position;
    }

    /** The next octet, or -1 at the end. */
    public int peek() {
        return position < end ? data[position] & 0xff : -1;
    }

    /** Skips this octet if it is the next one. */
    public boolean skip(char octet) {
        if (position < end && data[position] == octet) {
            position++;
            return true;
        }
        return false;
    }

    public void skipSpaces() {
        while (position < end && data[position] == ' ') {
            position++;
        }
    }

    public void expect(char octet) {
        if (!skip(octet)) {
            throw new MalformedResponse("'%s' expected at %d".formatted(octet, position - start));
        }
    }

    /** Reads the octets up to a space, a parenthesis or the end; may be empty. */
    public String word() {
        int from = position;
        while (position < end && !endsAtom(data[position])) {
            position++;
        }
        budget.value(position - from);
        return ascii(from, position);
    }

    /**
     * Reads a flag of a list. Some servers allow parentheses in keywords, which are not valid in an
     * atom: a parenthesis ends the list only where another item or the end of the response follows.
     */
    public String flag() {
        if (peek() == '"' || peek() == '{') {
            return Objects.requireNonNull(latin1());
        }
        int from = position;
        while (position < end && data[position] != ' ') {
            if (data[position] == ')' && endsList(position + 1)) {
                break;
            }
            position++;
        }
        if (position == end) {
            throw new MalformedResponse("the list of flags does not end");
        }
        budget.value(AnswerBudget.VALUE + position - from);
        return ascii(from, position);
    }

    private boolean endsList(int next) {
        if (next == end || data[next] == ')') {
            return next + 1 >= end;
        }
        if (data[next] != ' ') {
            return false;
        }
        int here = position;
        position = next + 1;
        boolean item = FETCH_ITEMS.stream().anyMatch(this::startsWith);
        position = here;
        return item;
    }

    /**
     * Reads the name of a FETCH item, whose brackets may contain spaces, such as {@code
     * BODY[HEADER.FIELDS (DATE)]<0>}.
     */
    public String itemName() {
        for (var usual : USUAL_NAMES) {
            int after = position + usual.length();
            if (after < end && data[after] == ' ' && startsWith(usual)) {
                position = after;
                return usual;
            }
        }
        int from = position;
        int depth = 0;
        while (position < end) {
            byte octet = data[position];
            if (octet == '[') {
                depth++;
            } else if (octet == ']') {
                depth--;
            } else if (depth == 0 && (endsAtom(octet) || octet == '{')) {
                // GreenMail sends no space between a partial section and its literal.
                break;
            }
            position++;
        }
        budget.value(position - from);
        return ascii(from, position).toUpperCase(Locale.ROOT);
    }

    /** Whether a digit is next. */
    public boolean atDigit() {
        return position < end && data[position] >= '0' && data[position] <= '9';
    }

    /**
     * Skips the beginning of message data (RFC 9051 §7.5), such as {@code 7 FETCH}, and returns the
     * sequence number; -1 when something else is next.
     */
    public long messageData(String name) {
        int from = position;
        if (atDigit()) {
            long sequenceNumber = digits();
            skipSpaces();
            if (skipWord(name)) {
                return sequenceNumber;
            }
        }
        position = from;
        return -1;
    }

    /** Reads a parenthesised list; the reader is called at the beginning of each element. */
    public void list(Runnable reader) {
        expect('(');
        skipSpaces();
        while (!skip(')')) {
            reader.run();
            skipSpaces();
        }
    }

    public long number() {
        budget.value(0);
        return digits();
    }

    /** Reads {@code 1:4,7,12:9}; each range is as the server sent it, from first to last. */
    public void ranges(RangeReader reader) {
        do {
            long first = number();
            long last = skip(':') ? number() : first;
            reader.read(first, last);
        } while (skip(','));
    }

    /** Takes the ranges of a set of numbers. */
    @FunctionalInterface
    public interface RangeReader {
        void read(long first, long last);
    }

    private long digits() {
        int from = position;
        long value = 0;
        while (atDigit()) {
            value = value * 10 + (data[position] - '0');
            position++;
        }
        if (position == from || position - from > 18) {
            throw new MalformedResponse("a number expected at %d".formatted(from - start));
        }
        return value;
    }

    /** Reads a number where some servers send NIL, a negative or too large number, or nothing. */
    long lenientNumber() {
        int from = position;
        if (atDigit()) {
            try {
                return number();
            } catch (MalformedResponse _) {
                position = from;
            }
        }
        if (peek() == '"') {
            string();
        } else {
            word();
        }
        return 0;
    }

    /** Reads a string in any form; null for NIL. */
    public byte @Nullable [] string() {
        budget.charge(AnswerBudget.VALUE / 2); // for what has a place for it, even if it is NIL
        int next = peek();
        if (next == '"') {
            return quoted();
        }
        if (next == '{' || next == '~') {
            return literal();
        }
        int from = position;
        while (position < end && !endsAtom(data[position])) {
            position++;
        }
        if (position == from) {
            throw new MalformedResponse("a string expected at %d".formatted(from - start));
        }
        boolean nil =
                position - from == 3
                        && upper(data[from]) == 'N'
                        && upper(data[from + 1]) == 'I'
                        && upper(data[from + 2]) == 'L';
        return nil ? null : copy(from, position);
    }

    private byte[] copy(int from, int to) {
        budget.value(to - from);
        return Arrays.copyOfRange(data, from, to);
    }

    @Nullable RawText text() {
        var octets = string();
        return octets == null ? null : new RawText(octets);
    }

    /** Reads a string that must be ASCII, in lower case; empty for NIL. */
    String token() {
        var octets = string();
        return octets == null
                ? ""
                : new String(octets, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
    }

    /** Reads a string in UTF-8; null for NIL. */
    public @Nullable String utf8() {
        var octets = string();
        return octets == null ? null : new String(octets, StandardCharsets.UTF_8);
    }

    /** Reads the hierarchy delimiter of a mailbox name; null for NIL. */
    public @Nullable Character delimiter() {
        var delimiter = latin1();
        return delimiter == null || delimiter.isEmpty() ? null : delimiter.charAt(0);
    }

    /** Reads a string with one character per octet; null for NIL. */
    public @Nullable String latin1() {
        var octets = string();
        return octets == null ? null : new String(octets, StandardCharsets.ISO_8859_1);
    }

    /**
     * Like {@link #latin1}, for a name that may be unquoted although it contains blanks.
     *
     * @param end the index in the rest of the response at which the unquoted name ends; negative
     *     when the name is all of the rest
     */
    public @Nullable String bareName(ToIntFunction<String> end) {
        int next = peek();
        if (next == '"' || next == '{' || next == '~') {
            return latin1();
        }
        var rest = ascii(position, this.end);
        budget.value(rest.length());
        int close = end.applyAsInt(rest);
        var name = (close < 0 ? rest : rest.substring(0, close)).strip();
        if (name.isEmpty()) {
            throw new MalformedResponse("a name expected at %d".formatted(position - start));
        }
        position = close < 0 ? this.end : position + close;
        return name.equalsIgnoreCase("NIL") ? null : name;
    }

    /** Skips a value of any form: a string, a number, or a list with its content. */
    public void skipValue() {
        int depth = 0;
        do {
            skipSpaces();
            int next = peek();
            if (next == '(') {
                depth++;
                position++;
            } else if (next == ')') {
                if (depth == 0) {
                    throw new MalformedResponse(
                            "a value expected at %d".formatted(position - start));
                }
                depth--;
                position++;
            } else if (next == -1) {
                throw new MalformedResponse("the response ends within a list");
            } else {
                skipString();
            }
        } while (depth > 0);
    }

    /** Like {@link #string}, without a copy of it. */
    private void skipString() {
        int next = peek();
        if (next == '"') {
            position++;
            skipQuoted();
            position++;
        } else if (next == '{' || next == '~') {
            position += literalLength();
        } else {
            int from = position;
            while (position < end && !endsAtom(data[position])) {
                position++;
            }
            if (position == from) {
                throw new MalformedResponse("a string expected at %d".formatted(from - start));
            }
        }
    }

    /** Reads {@code [CODE arguments]} when that is next. */
    public @Nullable ResponseCode code() {
        if (peek() != '[') {
            return null;
        }
        int close = position;
        while (close < end && data[close] != ']') {
            close++;
        }
        chargeText(position, close);
        var inside = ascii(position + 1, close);
        position = Math.min(end, close + 1);
        skipSpaces();
        int space = inside.indexOf(' ');
        return space < 0
                ? new ResponseCode(inside.toUpperCase(Locale.ROOT), "")
                : new ResponseCode(
                        inside.substring(0, space).toUpperCase(Locale.ROOT),
                        inside.substring(space + 1));
    }

    /**
     * The human-readable text after the response code. It is truncated, since it is searched for
     * many phrases.
     */
    public String words() {
        var words = ascii(position, Math.min(end, position + LONGEST_WORDS));
        position = end;
        return words;
    }

    /** The rest of the response, one character per octet. */
    public String rest() {
        chargeText(position, end);
        var rest = ascii(position, end);
        position = end;
        return rest;
    }

    /** The number of octets of the whole response, without the line end. */
    public int length() {
        return end - start;
    }

    /** The octets of the whole response, without the line end. */
    public byte[] octets() {
        return Arrays.copyOfRange(data, start, end);
    }

    private byte[] quoted() {
        int from = ++position;
        boolean escaped = skipQuoted();
        var octets = copy(from, position++);
        return escaped ? unescaped(octets) : octets;
    }

    /** Goes to the closing quotation mark; whether there are backslashes before it. */
    private boolean skipQuoted() {
        boolean escaped = false;
        while (position < end && data[position] != '"') {
            if (data[position] == '\\') {
                escaped = true;
                position++;
            }
            position++;
        }
        if (position >= end) {
            throw new MalformedResponse("a quoted string does not end");
        }
        return escaped;
    }

    private static byte[] unescaped(byte[] octets) {
        int to = 0;
        for (int i = 0; i < octets.length; i++) {
            if (octets[i] == '\\' && i + 1 < octets.length) {
                i++;
            }
            octets[to++] = octets[i];
        }
        return Arrays.copyOf(octets, to);
    }

    private byte[] literal() {
        int length = literalLength();
        int from = position;
        position += length;
        return copy(from, position);
    }

    /** Reads the announcement of a literal. */
    private int literalLength() {
        skip('~');
        expect('{');
        long length = digits();
        skip('+');
        expect('}');
        skip('\r');
        expect('\n');
        if (length > end - position) {
            throw new MalformedResponse("a literal is longer than its response");
        }
        return (int) length;
    }

    /** Charges for a text that will be split into words. */
    private void chargeText(int from, int to) {
        int words = 1;
        for (int i = from; i < to; i++) {
            if (data[i] == ' ' || data[i] == ',' || data[i] == '(') {
                words++;
            }
        }
        budget.charge(2L * words * AnswerBudget.VALUE + 2L * (to - from));
    }

    private String ascii(int from, int to) {
        return new String(data, from, Math.max(0, to - from), StandardCharsets.ISO_8859_1);
    }

    private static boolean endsAtom(byte octet) {
        return octet == ' ' || octet == '(' || octet == ')';
    }

    private static int upper(byte octet) {
        return octet >= 'a' && octet <= 'z' ? octet - 32 : octet;
    }
}
