package postern.samplemail;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/** Header text as RFC 2047 encoded words, valid and invalid. */
final class EncodedWords {
    // In Q encoding, with three characters per octet, a word stays below 75 characters.
    private static final int PIECE_OCTETS = 18;

    private EncodedWords() {}

    /**
     * ASCII is unchanged; other text becomes words of at most 75 characters, folded between them.
     */
    static String of(String text, Charset charset, boolean base64) {
        if (StandardCharsets.US_ASCII.newEncoder().canEncode(text)) {
            return text;
        }
        var suitable = charset.newEncoder().canEncode(text) ? charset : StandardCharsets.UTF_8;
        return pieces(text, suitable).stream()
                .map(piece -> word(piece.getBytes(suitable), suitable, base64))
                .collect(Collectors.joining("\r\n "));
    }

    static String of(String text) {
        return of(text, StandardCharsets.UTF_8, true);
    }

    static String inOneLine(String text) {
        return of(text).replace("\r\n", "");
    }

    /** Splits after a fixed number of octets, even inside characters, as old senders do. */
    static String splittingCharacters(String text) {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        var words = new StringBuilder();
        for (int from = 0; from < octets.length; from += 10) {
            var piece = Arrays.copyOfRange(octets, from, Math.min(from + 10, octets.length));
            words.append(from == 0 ? "" : "\r\n ");
            words.append(word(piece, StandardCharsets.UTF_8, true));
        }
        return words.toString();
    }

    /** Splits between characters only (RFC 2047 section 5). */
    private static List<String> pieces(String text, Charset charset) {
        var pieces = new ArrayList<String>();
        int start = 0;
        for (int end = 0; end < text.length(); ) {
            int next = text.offsetByCodePoints(end, 1);
            if (text.substring(start, next).getBytes(charset).length > PIECE_OCTETS) {
                pieces.add(text.substring(start, end));
                start = end;
            }
            end = next;
        }
        pieces.add(text.substring(start));
        return pieces;
    }

    private static String word(byte[] octets, Charset charset, boolean base64) {
        var encoded = base64 ? Base64.getEncoder().encodeToString(octets) : q(octets);
        return "=?" + charset.name() + (base64 ? "?B?" : "?Q?") + encoded + "?=";
    }

    private static String q(byte[] octets) {
        var encoded = new StringBuilder();
        for (byte octet : octets) {
            boolean literal = octet > 0 && Character.isLetterOrDigit(octet);
            encoded.append(
                    literal ? String.valueOf((char) octet) : "=%02X".formatted(octet & 0xff));
        }
        return encoded.toString();
    }
}
