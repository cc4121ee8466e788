package postern.mime.header;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.mime.charset.OctetText;
import postern.mime.header.AddressScanner.Kind;
import postern.mime.header.AddressScanner.Piece;

/**
 * Parses the addresses of a header field (RFC 5322 §3.4 and §4.4) leniently: it accepts semicolons
 * as separators, unquoted names with @ and dots, encoded words with commas, empty items, and
 * unclosed quotes and brackets. A group is replaced by its members. Takes linear time.
 */
public final class AddressField {

    /** Upper bound on the addresses shown of a field. */
    public static final int MOST = 5_000;

    /** One more is read, to know whether there are more. */
    private static final int MOST_READ = MOST + 1;

    /** Upper bound on the octets within brackets in which a closing quote is searched. */
    private static final int LONGEST_BRACKETS = 320;

    private final byte[] raw;
    private final int end;
    private final boolean within;
    private final boolean joins;
    private final int lastSemicolon;
    private final AddressScanner scanner;
    private final List<HeaderAddress> found = new ArrayList<>();

    // The item being parsed: what is before its brackets, inside and after them.
    private List<Piece> front = new ArrayList<>();
    private @Nullable List<Spec> brackets;
    private List<Piece> bracketed = List.of();
    private List<Piece> behind = new ArrayList<>();
    private boolean group;
    private boolean signed;

    /**
     * A name without an address before a comma: it may be the first half of the next item's name.
     */
    private List<Piece> held = List.of();

    /** The decoded local part and domain of an address. */
    private record Spec(@Nullable String local, @Nullable String domain) {}

    /**
     * @param authors whether the field names authors, usually one: then the comma in {@code Doe,
     *     Ann <ann@example.org>} is part of the name
     * @param within whether the octets are the content of an encoded word or a quoted string
     */
    private AddressField(byte[] raw, boolean authors, boolean within) {
        this.raw = raw;
        this.end = raw.length;
        this.within = within;
        this.scanner = new AddressScanner(raw, 0, end);
        int semicolon = -1;
        boolean colon = false;
        for (int i = 0; i < end; i++) {
            semicolon = raw[i] == ';' ? i : semicolon;
            colon |= raw[i] == ':';
        }
        this.lastSemicolon = semicolon;
        this.joins = authors || semicolon >= 0 && !colon;
    }

    /**
     * The addresses of a field such as To or Cc, given raw, with its folds and encoded words. If
     * there are more than {@link #MOST}, it returns one more than that.
     */
    public static List<HeaderAddress> recipients(byte[] value) {
        return new AddressField(value, false, false).read();
    }

    /** Like {@link #recipients} for a field such as From, Sender or Reply-To. */
    public static List<HeaderAddress> authors(byte[] value) {
        return new AddressField(value, true, false).read();
    }

    private List<HeaderAddress> read() {
        while (found.size() < MOST_READ) {
            var piece = scanner.next();
            switch (piece.kind()) {
                case TEXT, QUOTED, COMMENT -> {
                    here().add(piece);
                    signed |= piece.sign() >= 0;
                }
                case OPEN -> open();
                case CLOSE -> {}
                case COLON -> colon(piece);
                case COMMA -> finish(true);
                case SEMICOLON -> {
                    finish(false);
                    group = false;
                }
                case END -> {
                    finish(false);
                    return found;
                }
            }
        }
        return found;
    }

    private List<Piece> here() {
        return brackets == null ? front : behind;
    }

    /** A colon begins a group, or is an ordinary character. */
    private void colon(Piece piece) {
        boolean begins = !group && brackets == null && !signed && lastSemicolon >= piece.to();
        if (begins) {
            release();
            front.clear();
            group = true;
        } else {
            here().add(asText(piece));
        }
    }

    private static Piece asText(Piece mark) {
        return new Piece(Kind.TEXT, mark.from(), mark.to(), mark.spaced(), -1, false);
    }

    private static Piece spaced(Piece piece) {
        return new Piece(
                piece.kind(), piece.from(), piece.to(), true, piece.sign(), piece.encoded());
    }

    private void open() {
        int from = scanner.position();
        int close = endOfBrackets(from);
        boolean closed = close < end && raw[close] == '>';
        var inner = pieces(from, close);
        if (!closed && inner.stream().noneMatch(p -> p.sign() >= 0)) {
            return; // treated as a space
        }
        scanner.seek(closed ? close + 1 : close);
        if (brackets != null) {
            nextBrackets();
        }
        brackets = specs(inner);
        bracketed = inner;
    }

    /**
     * A second pair of brackets in one item: either the comma is missing or the first pair is part
     * of the name.
     */
    private void nextBrackets() {
        boolean name =
                brackets != null && brackets.stream().allMatch(spec -> spec.domain() == null);
        if (name) {
            bracketed.forEach(piece -> front.add(spaced(piece)));
            front.addAll(behind);
        } else {
            emitBracketed(front);
            front = behind;
        }
        behind = new ArrayList<>();
        brackets = null;
    }

    /**
     * The end of the brackets; if they are not closed, the end of the item or the next opening
     * bracket.
     */
    private int endOfBrackets(int from) {
        int separator = -1;
        for (int i = from; i < end; i++) {
            switch (raw[i]) {
                case '>' -> {
                    return i;
                }
                case '<' -> {
                    return separator < 0 ? i : separator;
                }
                case ',', ';' -> separator = separator < 0 ? i : separator;
                case '"' -> i = endOfQuoted(i, from);
                default -> {}
            }
        }
        return separator < 0 ? end : separator;
    }

    /**
     * The position of the closing quote, or the given position if there is none inside the
     * brackets.
     */
    private int endOfQuoted(int mark, int from) {
        for (int i = mark + 1; i < end && raw[i] != '\n' && i - from < LONGEST_BRACKETS; i++) {
            if (raw[i] == '\\') {
                i++;
            } else if (raw[i] == '"') {
                return i;
            }
        }
        return mark;
    }

    private List<Piece> pieces(int from, int to) {
        var inside = new AddressScanner(raw, afterRoute(from, to), to);
        var pieces = new ArrayList<Piece>();
        for (var piece = inside.next(); piece.kind() != Kind.END; piece = inside.next()) {
            switch (piece.kind()) {
                case TEXT, QUOTED, COMMA, SEMICOLON -> pieces.add(piece);
                case COLON -> pieces.add(asText(piece));
                default -> {}
            }
        }
        return pieces;
    }

    /** The position after an obsolete source route (RFC 5322 §4.4), which is ignored. */
    private int afterRoute(int from, int to) {
        int first = from;
        while (first < to && raw[first] >= 0 && raw[first] <= ' ') {
            first++;
        }
        if (first == to || raw[first] != '@') {
            return from;
        }
        for (int i = first; i < to; i++) {
            if (raw[i] == ':') {
                return i + 1;
            }
        }
        return from;
    }

    /** The addresses inside brackets: usually one. */
    private List<Spec> specs(List<Piece> inner) {
        var specs = new ArrayList<Spec>();
        var words = words(inner);
        boolean each = words.stream().allMatch(AddressField::signed);
        if (each || words.size() == 1) {
            words.forEach(word -> specs.add(spec(word)));
        } else if (!words.isEmpty()) {
            specs.add(new Spec(text(inner), null)); // ambiguous, so not interpreted
        }
        return specs;
    }

    private void finish(boolean comma) {
        if (brackets != null) {
            finishBracketed();
        } else if (comma && joins && loneName(front)) {
            release();
            held = front;
        } else {
            release();
            bare(front);
        }
        front = new ArrayList<>();
        behind = new ArrayList<>();
        brackets = null;
        signed = false;
    }

    private void finishBracketed() {
        boolean another = behind.stream().anyMatch(piece -> piece.sign() >= 0);
        var name = front.stream().anyMatch(AddressField::says) || another ? front : behind;
        var all = name == front ? new ArrayList<>(front) : new ArrayList<>(behind);
        if (!another) {
            (name == front ? behind : front)
                    .stream().filter(piece -> piece.kind() == Kind.COMMENT).forEach(all::add);
        }
        emitBracketed(all);
        if (another) {
            bare(behind);
        }
    }

    private void emitBracketed(List<Piece> names) {
        var name = name(names);
        var specs = brackets == null ? List.<Spec>of() : brackets;
        if (!held.isEmpty() && name != null && !specs.isEmpty()) {
            name = name(held) + ", " + name;
            held = List.of();
        }
        release();
        if (specs.isEmpty()) {
            add(HeaderAddress.of(name, null, null));
        }
        for (var spec : specs.subList(0, Math.min(specs.size(), MOST_READ))) {
            add(HeaderAddress.of(name, spec.local(), spec.domain()));
            name = null;
        }
    }

    private void release() {
        if (!held.isEmpty()) {
            var lone = held;
            held = List.of();
            bare(lone);
        }
    }

    private void add(@Nullable HeaderAddress address) {
        if (address != null && found.size() < MOST_READ) {
            found.add(address);
        }
    }

    private static boolean loneName(List<Piece> pieces) {
        return !pieces.isEmpty()
                && pieces.stream().allMatch(p -> p.kind() != Kind.COMMENT && p.sign() < 0);
    }

    private static boolean says(Piece piece) {
        return piece.kind() != Kind.COMMENT && piece.to() > piece.from();
    }

    /** An item without brackets: addresses with or without names, or a name alone. */
    private void bare(List<Piece> pieces) {
        var words = words(pieces);
        if (words.stream().noneMatch(AddressField::signed)) {
            unsigned(pieces, words);
            return;
        }
        var names = new ArrayList<Piece>();
        int left = (int) words.stream().filter(AddressField::signed).count();
        for (var word : words) {
            if (!signed(word)) {
                names.addAll(word);
                continue;
            }
            if (found.size() == MOST_READ) {
                return;
            }
            if (--left == 0) {
                int last = pieces.indexOf(word.getLast());
                names.addAll(pieces.subList(last + 1, pieces.size()));
                names.addAll(comments(pieces.subList(0, last)));
            }
            var spec = spec(word);
            add(HeaderAddress.of(withoutColon(name(names)), spec.local(), spec.domain()));
            names.clear();
        }
    }

    private static List<Piece> comments(List<Piece> pieces) {
        return pieces.stream().filter(piece -> piece.kind() == Kind.COMMENT).toList();
    }

    /** The name without the colon of a group that is never closed. */
    private static @Nullable String withoutColon(@Nullable String name) {
        return name != null && name.endsWith(":") ? null : name;
    }

    /** An item without an @: a lone local part, or a name. */
    private void unsigned(List<Piece> pieces, List<List<Piece>> words) {
        var text = name(words.stream().flatMap(List::stream).toList());
        if (text == null || text.endsWith(":")) {
            return;
        }
        boolean whole = words.size() == 1 && words.getFirst().size() == 1;
        var only = words.getFirst().getFirst();
        boolean address =
                whole && only.kind() == Kind.QUOTED
                        || words.stream().flatMap(List::stream).anyMatch(Piece::encoded);
        if (!within && address && text.indexOf('@') >= 0) {
            var octets = text.getBytes(StandardCharsets.UTF_8);
            new AddressField(octets, true, true).read().forEach(this::add);
        } else if (whole && only.kind() == Kind.TEXT && !only.encoded()) {
            add(HeaderAddress.of(name(comments(pieces)), text, null));
        } else {
            add(HeaderAddress.of(text, null, null));
        }
    }

    /**
     * Groups pieces that have no space between them; spaces around an @ are allowed (RFC 5322
     * §4.4).
     */
    private List<List<Piece>> words(List<Piece> pieces) {
        var words = new ArrayList<List<Piece>>();
        boolean joined = false;
        boolean apart = false;
        for (var piece : pieces) {
            if (piece.kind() == Kind.COMMENT) {
                apart = true;
                continue;
            }
            if (piece.kind() != Kind.TEXT && piece.kind() != Kind.QUOTED) {
                joined = false;
                continue;
            }
            apart |= piece.spaced();
            if (joined && (!apart || together(words.getLast(), piece))) {
                words.getLast().add(piece);
            } else {
                words.add(new ArrayList<>(List.of(piece)));
            }
            joined = true;
            apart = false;
        }
        return words;
    }

    private boolean together(List<Piece> word, Piece after) {
        var before = word.getLast();
        if (before.sign() >= 0 && before.sign() == before.to() - 1
                || after.sign() >= 0 && after.sign() == after.from()) {
            return true;
        }
        return (isDot(before) || after.kind() == Kind.TEXT && raw[after.from()] == '.')
                && word.get(Math.max(0, word.size() - 2)).sign() >= 0;
    }

    private boolean isDot(Piece piece) {
        return piece.kind() == Kind.TEXT
                && piece.to() == piece.from() + 1
                && raw[piece.from()] == '.';
    }

    private static boolean signed(List<Piece> word) {
        return word.stream().anyMatch(piece -> piece.sign() >= 0);
    }

    /** Splits at the last @; without one the whole is the local part. */
    private Spec spec(List<Piece> word) {
        int at = word.size() - 1;
        while (at >= 0 && word.get(at).sign() < 0) {
            at--;
        }
        if (at < 0) {
            return unsignedSpec(word);
        }
        var signed = word.get(at);
        var before = new ArrayList<>(word.subList(0, at));
        before.add(part(signed, signed.from(), signed.sign()));
        var behind = new ArrayList<>(word.subList(at + 1, word.size()));
        behind.addFirst(part(signed, signed.sign() + 1, signed.to()));
        boolean quoted = before.stream().anyMatch(piece -> piece.kind() == Kind.QUOTED);
        if (before.stream().anyMatch(this::anotherSign)) {
            return new Spec(text(word), null);
        }
        var local = text(before);
        var domain = text(behind);
        return quoted ? new Spec(local, domain) : bare(local, domain);
    }

    /** A quoted string that contains a whole address is taken as that address. */
    private Spec unsignedSpec(List<Piece> word) {
        var text = text(word);
        int sign = text.lastIndexOf('@');
        return word.size() == 1 && word.getFirst().kind() == Kind.QUOTED && sign > 0
                ? bare(text.substring(0, sign), text.substring(sign + 1))
                : new Spec(text, null);
    }

    /**
     * Removes what some programs put around an address: single quotes, {@code mailto:}, a full
     * stop.
     */
    private static Spec bare(String local, String domain) {
        boolean quotes = local.startsWith("'") && domain.endsWith("'");
        var before = quotes ? local.substring(1) : local;
        int end = domain.length() - (quotes ? 1 : 0);
        while (end > 0 && ".:".indexOf(domain.charAt(end - 1)) >= 0) {
            end--;
        }
        return new Spec(before.substring(before.lastIndexOf(':') + 1), domain.substring(0, end));
    }

    private static Piece part(Piece piece, int from, int to) {
        return new Piece(piece.kind(), from, to, piece.spaced(), -1, piece.encoded());
    }

    private boolean anotherSign(Piece piece) {
        if (piece.kind() != Kind.TEXT) {
            return false;
        }
        for (int i = piece.from(); i < piece.to(); i++) {
            if (raw[i] == '@') {
                return true;
            }
        }
        return false;
    }

    /** The text of an address, which must not contain encoded words (RFC 2047 §5). */
    private String text(List<Piece> pieces) {
        var octets = octets(pieces, false);
        return HeaderText.printable(OctetText.decode(octets, 0, octets.length));
    }

    /** The text of these pieces, or else of the comment among them. */
    private @Nullable String name(List<Piece> pieces) {
        var octets = octets(pieces, true);
        var name = octets.length == 0 ? "" : HeaderText.decode(octets).strip();
        if (!name.isEmpty()) {
            return name;
        }
        return pieces.stream()
                .filter(piece -> piece.kind() == Kind.COMMENT)
                .map(piece -> HeaderText.decode(scanner.octets(piece)).strip())
                .filter(comment -> !comment.isEmpty())
                .findFirst()
                .orElse(null);
    }

    private byte[] octets(List<Piece> pieces, boolean spaces) {
        var out = new ByteArrayOutputStream();
        for (var piece : pieces) {
            if (piece.kind() != Kind.TEXT && piece.kind() != Kind.QUOTED) {
                continue;
            }
            if (spaces && piece.spaced() && out.size() > 0) {
                out.write(' ');
            }
            out.writeBytes(scanner.octets(piece));
        }
        return out.toByteArray();
    }
}
