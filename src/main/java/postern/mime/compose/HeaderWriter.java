package postern.mime.compose;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import postern.mime.header.MailAddress;

/**
 * Writes header fields, folded; a value cannot inject a line end or another field. All are ASCII
 * except for addresses that are not (RFC 6532), which are written in UTF-8.
 */
public final class HeaderWriter {

    // RFC 2047 §2: a line with encoded words has 76 characters at most, RFC 5322 §2.1.1 wants 78.
    private static final int LINE = 76;
    private static final int LONGEST_WORD = 75;
    private static final int LONGEST_UNFOLDED = 900;

    private static final Pattern NAME = Pattern.compile("[!-9;-~]{1,76}");
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`{|}~-]+");
    private static final Pattern ATOMS =
            Pattern.compile("[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+( [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*");
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM uuuu HH:mm:ss '+0000'", Locale.ENGLISH);

    private final StringBuilder out = new StringBuilder(512);

    /** Unstructured text, in encoded words where it is not plain ASCII (RFC 2047). */
    public HeaderWriter text(String name, String value) {
        var text = checked(value).strip();
        return field(
                name, plain(text) ? words(text) : encodedWords(text, LONGEST_WORD - name.length()));
    }

    /** Writes nothing if the list is empty. */
    public HeaderWriter addresses(String name, List<MailAddress> addresses) {
        if (addresses.isEmpty()) {
            return this;
        }
        var pieces = new ArrayList<String>();
        for (var address : addresses) {
            var email = checked(address.email());
            if (address.name() == null) {
                pieces.add(" " + email);
            } else {
                pieces.addAll(phrase(address.name()));
                pieces.add(" <" + email + ">");
            }
            if (address != addresses.getLast()) {
                pieces.add(pieces.removeLast() + ",");
            }
        }
        return field(name, pieces);
    }

    /** Message-IDs, given without angle brackets; writes nothing if the list is empty. */
    public HeaderWriter ids(String name, List<String> ids) {
        return ids.isEmpty()
                ? this
                : field(name, ids.stream().map(id -> " <" + checked(id) + ">").toList());
    }

    public HeaderWriter date(String name, Instant time) {
        return field(name, List.of(" " + DATE.format(time.atOffset(ZoneOffset.UTC))));
    }

    /** A value (a constant) with parameters, such as a Content-Type. */
    public HeaderWriter parameters(String name, String value, Map<String, String> parameters) {
        var pieces = new ArrayList<String>();
        pieces.add(" " + checked(value));
        parameters.forEach((parameter, text) -> {
            pieces.add(pieces.removeLast() + ";");
            pieces.addAll(parameter(parameter, checked(text)));
        });
        return field(name, pieces);
    }

    /** All fields written so far, each with CRLF. */
    @Override
    public String toString() {
        return out.toString();
    }

    private HeaderWriter field(String name, List<String> pieces) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("is not the name of a header field");
        }
        out.append(name).append(':');
        int column = name.length() + 1;
        for (var piece : pieces) {
            // Each piece begins with its own white space, so that unfolding restores the text.
            if (column > name.length() + 1 && column + piece.length() > LINE) {
                out.append("\r\n");
                column = 0;
            }
            out.append(piece);
            column += piece.length();
        }
        out.append("\r\n");
        return this;
    }

    private static String checked(String value) {
        if (value.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("must be without control characters");
        }
        return value;
    }

    private static boolean plain(String text) {
        return !text.contains("=?")
                && text.chars().allMatch(c -> c >= 0x20 && c < 0x7f)
                && words(text).stream().allMatch(word -> word.length() < LONGEST_UNFOLDED);
    }

    /** The words, each with the spaces before it; the first has the space after the colon. */
    private static List<String> words(String text) {
        var words = new ArrayList<String>();
        int start = 0;
        for (int i = 1; i < text.length(); i++) {
            if (text.charAt(i) == ' ' && text.charAt(i - 1) != ' ') {
                words.add(text.substring(start, i));
                start = i;
            }
        }
        words.add(text.substring(start));
        words.set(0, " " + words.getFirst());
        return words;
    }

    private static List<String> phrase(String name) {
        var text = checked(name);
        if (ATOMS.matcher(text).matches() && plain(text)) {
            return words(text);
        }
        boolean quotable = plain(text) && text.length() < LINE - 4;
        return quotable ? List.of(" " + quoted(text)) : encodedWords(text, LONGEST_WORD);
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    /** RFC 2231: non-ASCII values are percent-encoded, long ones split into sections. */
    private static List<String> parameter(String name, String value) {
        if (TOKEN.matcher(value).matches()) {
            return List.of(" " + name + "=" + value);
        }
        if (value.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
            return List.of(" " + name + "=" + quoted(value));
        }
        var encoded = percentEncoded(value);
        if (encoded.length() + name.length() < LINE - 12) {
            return List.of(" " + name + "*=UTF-8''" + encoded);
        }
        var pieces = new ArrayList<String>();
        for (int from = 0, i = 0; from < encoded.length(); i++) {
            int to = Math.min(encoded.length(), from + 48);
            int percent = encoded.lastIndexOf('%', to - 1);
            if (to < encoded.length() && percent > to - 3) {
                to = percent;
            }
            var charset = i == 0 ? "UTF-8''" : "";
            var end = to == encoded.length() ? "" : ";";
            pieces.add(
                    " %s*%d*=%s%s%s".formatted(name, i, charset, encoded.substring(from, to), end));
            from = to;
        }
        return pieces;
    }

    private static String percentEncoded(String value) {
        var out = new StringBuilder();
        for (byte octet : value.getBytes(StandardCharsets.UTF_8)) {
            int c = octet & 0xff;
            boolean plain =
                    c < 0x80 && (Character.isLetterOrDigit(c) || "!#$&+-.^_`{|}~".indexOf(c) >= 0);
            out.append(plain ? String.valueOf((char) c) : "%%%02X".formatted(c));
        }
        return out.toString();
    }

    /** The text as encoded words, for parameters that old clients read. */
    static String encodedWord(String text) {
        return plain(text) ? text : String.join("", encodedWords(text, LONGEST_WORD)).strip();
    }

    /**
     * Encoded words, each with a space before it. No character is split between two words (RFC 2047
     * §5).
     *
     * @param first maximum length of the first word
     */
    private static List<String> encodedWords(String text, int first) {
        // prefer the human-readable encoding
        boolean quoted = quotedLength(text) * 2 <= base64Length(text) * 3;
        var words = new ArrayList<String>();
        var word = new StringBuilder();
        int most = Math.max(24, first) - "=?UTF-8?Q??=".length();
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            var letter =
                    Character.isSurrogate((char) c) && c < 0x10000
                            ? "\ufffd"
                            : Character.toString(c);
            var longer = word + letter;
            if (!word.isEmpty() && (quoted ? quotedLength(longer) : base64Length(longer)) > most) {
                words.add(encodedWord(word.toString(), quoted));
                word.setLength(0);
                most = LONGEST_WORD - "=?UTF-8?Q??=".length();
            }
            word.append(letter);
            i += Character.charCount(c);
        }
        words.add(encodedWord(word.toString(), quoted));
        return words;
    }

    private static String encodedWord(String word, boolean quoted) {
        return quoted
                ? " =?UTF-8?Q?" + quotedOctets(word) + "?="
                : " =?UTF-8?B?"
                        + java.util.Base64.getEncoder()
                                .encodeToString(word.getBytes(StandardCharsets.UTF_8))
                        + "?=";
    }

    private static int base64Length(String text) {
        return (text.getBytes(StandardCharsets.UTF_8).length + 2) / 3 * 4;
    }

    private static int quotedLength(String text) {
        int length = 0;
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            length += literal(octet) ? 1 : 3;
        }
        return length;
    }

    private static String quotedOctets(String text) {
        var out = new StringBuilder();
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            out.append(
                    octet == ' '
                            ? "_"
                            : literal(octet)
                                    ? String.valueOf((char) octet)
                                    : "=%02X".formatted(octet & 0xff));
        }
        return out.toString();
    }

    /** Whether the octet may be literal in an encoded word within a phrase (RFC 2047 §5 (3)). */
    private static boolean literal(byte octet) {
        return octet == ' '
                || octet > 0 && (Character.isLetterOrDigit(octet) || "!*+-/".indexOf(octet) >= 0);
    }
}
