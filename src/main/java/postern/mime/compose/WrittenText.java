package postern.mime.compose;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Text encoded for a body part: in UTF-8, with CRLF, in the most readable transfer encoding that
 * every mail system preserves (RFC 2045 §6, RFC 2049 §3).
 */
record WrittenText(String charset, String encoding, String body) {

    private static final int LINE = 76;

    // RFC 5322 §2.1.1
    private static final int LONGEST_AS_IT_IS = 78;

    static WrittenText of(String text) {
        var lines = text.replace("\r\n", "\n").replace('\r', '\n').split("\n", -1);
        var whole = String.join("\r\n", lines);
        var charset = whole.chars().allMatch(c -> c < 0x80) ? "us-ascii" : "utf-8";
        if (asItIs(lines)) {
            return new WrittenText(charset, "7bit", whole);
        }
        var octets = whole.getBytes(StandardCharsets.UTF_8);
        long escaped =
                whole.chars().filter(c -> c > 0x7e || c < 0x20 && "\r\n\t".indexOf(c) < 0).count();
        // Beyond that, quoted-printable is longer than base64 and no more readable.
        return escaped * 6 > whole.length()
                ? new WrittenText(
                        charset,
                        "base64",
                        Base64.getMimeEncoder(LINE, new byte[] {'\r', '\n'}).encodeToString(octets))
                : new WrittenText(charset, "quoted-printable", quotedPrintable(lines));
    }

    private static boolean asItIs(String[] lines) {
        for (var line : lines) {
            if (line.length() > LONGEST_AS_IT_IS
                    || line.endsWith(" ")
                    || line.endsWith("\t")
                    || line.equals(".")
                    || line.startsWith("From ")
                    || !line.chars().allMatch(c -> c >= 0x20 && c < 0x7f || c == '\t')) {
                return false;
            }
        }
        return true;
    }

    private static String quotedPrintable(String[] lines) {
        var out = new StringBuilder();
        for (int i = 0; i < lines.length; i++) {
            if (i > 0) {
                out.append("\r\n");
            }
            line(lines[i].getBytes(StandardCharsets.UTF_8), out);
        }
        return out.toString();
    }

    private static void line(byte[] line, StringBuilder out) {
        int column = 0;
        for (int i = 0; i < line.length; i++) {
            boolean last = i == line.length - 1;
            boolean literal = literal(line, i, last, column);
            int width = literal ? 1 : 3;
            // one column is reserved for the = of a soft line break
            if (column + width > (last ? LINE : LINE - 1)) {
                out.append("=\r\n");
                column = 0;
                literal = literal(line, i, last, column);
                width = literal ? 1 : 3;
            }
            if (literal) {
                out.append((char) line[i]);
            } else {
                out.append("=%02X".formatted(line[i] & 0xff));
            }
            column += width;
        }
    }

    /**
     * Mail systems strip trailing spaces, and change "From " at the start of a line and a dot alone
     * on a line.
     */
    private static boolean literal(byte[] line, int i, boolean last, int column) {
        byte octet = line[i];
        if (octet == ' ' || octet == '\t') {
            return !last;
        }
        if (column == 0 && (octet == 'F' || octet == '.')) {
            return false;
        }
        return octet > 0x20 && octet < 0x7f && octet != '=';
    }
}
