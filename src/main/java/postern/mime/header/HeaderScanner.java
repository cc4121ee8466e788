package postern.mime.header;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Scans a structured header from left to right without backtracking (RFC 2045 section 5.1). */
final class HeaderScanner {

    private static final int MOST_PARAMETERS = 1000;

    private final byte[] header;
    private int at;

    HeaderScanner(byte[] header) {
        this.header = header;
    }

    /** The token here; empty if there is none. */
    String token() {
        skipSpace();
        int start = at;
        while (at < header.length && isTokenOctet(header[at])) {
            at++;
        }
        return new String(header, start, at - start, StandardCharsets.ISO_8859_1);
    }

    /** The raw parameters after a type or a disposition, by their original names. */
    Map<String, byte[]> parameters() {
        var raw = new LinkedHashMap<String, byte[]>();
        while (raw.size() < MOST_PARAMETERS && nextParameter()) {
            var name = token().toLowerCase(Locale.ROOT);
            if (!name.isEmpty() && skip('=')) {
                raw.putIfAbsent(name, value());
            }
        }
        return raw;
    }

    boolean skip(char expected) {
        skipSpace();
        if (at < header.length && header[at] == expected) {
            at++;
            return true;
        }
        return false;
    }

    /**
     * Moves past the next semicolon, or past a space if the semicolon is missing. False at the end.
     */
    boolean nextParameter() {
        int start = at;
        while (at < header.length && (header[at] == ';' || isSpace(header[at]))) {
            at++;
        }
        skipSpace();
        if (at == start && at < header.length) {
            skipToSemicolon();
        }
        return at < header.length;
    }

    /** The content of a quoted string, or everything up to the semicolon. */
    byte[] value() {
        skipSpace();
        if (at < header.length && header[at] == '"') {
            return quoted();
        }
        int start = at;
        skipToSemicolonOrParameter();
        int end = at;
        while (end > start && isSpace(header[end - 1])) {
            end--;
        }
        return Arrays.copyOfRange(header, start, end);
    }

    private byte[] quoted() {
        var content = new ByteArrayOutputStream();
        at++;
        while (at < header.length && (header[at] != '"' || !endsHere())) {
            // Only an escape that is needed: in a Windows path the backslashes are literal.
            if (header[at] == '\\'
                    && at + 1 < header.length
                    && (header[at + 1] == '"' || header[at + 1] == '\\')) {
                at++;
            }
            content.write(header[at++]);
        }
        at = Math.min(at + 1, header.length);
        return content.toByteArray();
    }

    /** Whether this quotation mark closes the string; file names contain unescaped ones. */
    private boolean endsHere() {
        int next = at + 1;
        return next >= header.length
                || header[next] == ';'
                || header[next] == '('
                || isSpace(header[next])
                || !Character.isLetterOrDigit(header[next]) && header[next] != '.';
    }

    private void skipToSemicolon() {
        while (at < header.length && header[at] != ';') {
            at++;
        }
    }

    /** Unquoted values contain spaces in real mail; a space before "name=" still ends them. */
    private void skipToSemicolonOrParameter() {
        while (at < header.length && header[at] != ';') {
            if (isSpace(header[at])) {
                int space = at;
                while (at < header.length && isSpace(header[at])) {
                    at++;
                }
                int name = at;
                while (at < header.length && isTokenOctet(header[at])) {
                    at++;
                }
                if (at > name && at < header.length && header[at] == '=') {
                    at = space;
                    return;
                }
            } else {
                at++;
            }
        }
    }

    private void skipSpace() {
        while (at < header.length && (isSpace(header[at]) || header[at] == '(')) {
            if (header[at] == '(') {
                skipComment();
            } else {
                at++;
            }
        }
    }

    private void skipComment() {
        int depth = 0;
        do {
            switch (header[at]) {
                case '(' -> depth++;
                case ')' -> depth--;
                case '\\' -> at++;
                default -> {}
            }
            at++;
        } while (depth > 0 && at < header.length);
        at = Math.min(at, header.length);
    }

    private static boolean isSpace(byte octet) {
        return octet >= 0 && octet <= ' ';
    }

    private static boolean isTokenOctet(byte octet) {
        return octet > ' ' && octet < 0x7F && "()<>@,;:\\\"/[]?=".indexOf(octet) < 0;
    }
}
