package postern.samplemail;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;

/** A Content-Transfer-Encoding (RFC 2045 section 6). */
public enum TransferEncoding {
    SEVEN_BIT("7bit"),
    EIGHT_BIT("8bit"),
    QUOTED_PRINTABLE("quoted-printable"),
    BASE64("base64");

    static final int LINE_OCTETS = 57;

    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final int LONGEST_LINE = 76;

    private static final byte[] CRLF = {'\r', '\n'};

    private final String label;

    TransferEncoding(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }

    byte[] encode(byte[] octets) {
        return switch (this) {
            case SEVEN_BIT, EIGHT_BIT -> octets;
            case QUOTED_PRINTABLE -> quotedPrintable(octets);
            case BASE64 -> Base64.getMimeEncoder(LINE_OCTETS / 3 * 4, CRLF).encode(octets);
        };
    }

    // Our own encoder, since MimeUtility looks up its stream provider with every call.
    private static byte[] quotedPrintable(byte[] octets) {
        var encoded = new StringBuilder();
        int lineStart = 0;
        for (int i = 0; i < octets.length; i++) {
            if (octets[i] == '\r' && i + 1 < octets.length && octets[i + 1] == '\n') {
                encoded.append("\r\n");
                lineStart = encoded.length();
                i++;
                continue;
            }
            if (encoded.length() - lineStart > LONGEST_LINE - 4) {
                encoded.append("=\r\n");
                lineStart = encoded.length();
            }
            encoded.append(quotedPrintable(octets[i], endsLine(octets, i)));
        }
        return encoded.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static String quotedPrintable(byte octet, boolean last) {
        boolean literal = octet > ' ' && octet < 127 && octet != '=' || octet == ' ' && !last;
        return literal ? String.valueOf((char) octet) : "=" + HEX.toHexDigits(octet);
    }

    private static boolean endsLine(byte[] octets, int i) {
        return i + 1 == octets.length || octets[i + 1] == '\r';
    }
}
