package postern.mime.encoding;

import java.io.InputStream;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A Content-Transfer-Encoding (RFC 2045 section 6). */
public enum TransferEncoding {
    IDENTITY,
    BASE64,
    QUOTED_PRINTABLE,
    UUENCODE;

    /** A longer value names no encoding. */
    private static final int LONGEST_NAME = 256;

    // What may surround a name: quotes, comments, parameters, other names.
    private static final Pattern NO_NAME = Pattern.compile("[^a-z0-9/_-]+");
    private static final Pattern NO_LETTER = Pattern.compile("[^a-z0-9]+");

    /**
     * The encoding that a Content-Transfer-Encoding names, even if it is misspelt ({@code Base-64},
     * {@code quoted printable}) or among other words; an unknown one leaves the octets unchanged.
     */
    public static TransferEncoding of(@Nullable String cte) {
        if (cte == null || cte.length() > LONGEST_NAME) {
            return IDENTITY;
        }
        var name = cte.strip().toLowerCase(Locale.ROOT);
        var whole = named(name);
        if (whole != IDENTITY) {
            return whole;
        }
        return NO_NAME.splitAsStream(name)
                .map(TransferEncoding::named)
                .filter(encoding -> encoding != IDENTITY)
                .findFirst()
                .orElse(IDENTITY);
    }

    private static TransferEncoding named(String name) {
        return switch (name) {
            case "7bit", "8bit", "binary", "" -> IDENTITY;
            case "base64" -> BASE64;
            case "quoted-printable" -> QUOTED_PRINTABLE;
            default ->
                    switch (NO_LETTER.matcher(name).replaceAll("")) {
                        case "base64", "xbase64", "b64" -> BASE64;
                        case "quotedprintable", "quotedprintible", "xquotedprintable", "qp" ->
                                QUOTED_PRINTABLE;
                        case "uuencode", "xuuencode", "uue", "xuue" -> UUENCODE;
                        default -> IDENTITY;
                    };
        };
    }

    /**
     * Estimates the decoded size.
     *
     * @param type such as {@code "text"}: in quoted-printable a text grows little, anything else
     *     more than twofold
     */
    public long estimateDecoded(long encoded, String type) {
        return switch (this) {
            case IDENTITY -> encoded;
            // Lines hold 57 octets in 76 digits and a line end (RFC 2045 section 6.8).
            case BASE64 -> encoded * 57 / 78;
            case QUOTED_PRINTABLE -> type.equals("text") ? encoded * 9 / 10 : encoded * 4 / 10;
            // Lines hold 45 octets in 61 digits and a line end, between a begin line and two end
            // lines.
            case UUENCODE -> encoded * 7 / 10;
        };
    }

    /**
     * Decodes while reading, with buffers of fixed size and any input; closing it closes the
     * source. A read may block until the source has filled a buffer.
     */
    public InputStream decode(InputStream encoded) {
        return switch (this) {
            case IDENTITY -> encoded;
            case BASE64 -> new Base64Stream(encoded);
            case QUOTED_PRINTABLE -> new QuotedPrintableStream(encoded);
            case UUENCODE -> new UuencodedStream(encoded);
        };
    }
}
