package postern.samplemail;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The ways in which programs write a file name into Content-Disposition. */
enum FileNameStyle {
    /** RFC 2231: plain if ASCII, percent-encoded otherwise, in sections if long. */
    RFC_2231,
    /** A quoted encoded word: forbidden by RFC 2047 section 5 but very common. */
    ENCODED_WORD,
    /** Raw UTF-8. */
    RAW;

    private static final int SEGMENT_CHARS = 40;

    String disposition(String disposition, String name) {
        return "Content-Disposition: " + disposition + parameter(name);
    }

    private String parameter(String name) {
        return switch (this) {
            case RFC_2231 -> isPlain(name) ? quoted(name) : extended(name);
            case ENCODED_WORD -> quoted(EncodedWords.inOneLine(name));
            case RAW -> quoted(name);
        };
    }

    private static boolean isPlain(String name) {
        return StandardCharsets.US_ASCII.newEncoder().canEncode(name);
    }

    private static String quoted(String name) {
        return "; filename=\"" + name.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private static String extended(String name) {
        var segments = segments(name);
        if (segments.size() == 1) {
            return ";\r\n filename*=UTF-8''" + segments.getFirst();
        }
        var parameters = new StringBuilder();
        for (int i = 0; i < segments.size(); i++) {
            parameters
                    .append(";\r\n filename*%d*=".formatted(i))
                    .append(i == 0 ? "UTF-8''" : "")
                    .append(segments.get(i));
        }
        return parameters.toString();
    }

    private static List<String> segments(String name) {
        var segments = new ArrayList<String>();
        var segment = new StringBuilder();
        for (byte octet : name.getBytes(StandardCharsets.UTF_8)) {
            if (segment.length() >= SEGMENT_CHARS) {
                segments.add(segment.toString());
                segment.setLength(0);
            }
            segment.append(percentEncoded(octet));
        }
        segments.add(segment.toString());
        return segments;
    }

    private static String percentEncoded(byte octet) {
        boolean attributeChar = octet > 0 && (Character.isLetterOrDigit(octet) || octet == '.');
        return attributeChar ? String.valueOf((char) octet) : "%%%02X".formatted(octet & 0xff);
    }
}
