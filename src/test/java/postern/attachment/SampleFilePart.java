package postern.attachment;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;

/** A file as a message part, decoded and encoded. */
record SampleFilePart(byte[] octets, String encoding, String encoded) {

    /** A message whose part 1 is a text and whose part 2 is this file. */
    byte[] message(String type, String disposition) {
        return """
        From: ada@example.org
        Subject: a file
        MIME-Version: 1.0
        Content-Type: multipart/mixed; boundary=m

        --m
        Content-Type: text/plain

        see below
        --m
        Content-Type: %s
        Content-Disposition: %s
        Content-Transfer-Encoding: %s

        %s
        --m--
        """
                .formatted(type, disposition, encoding, encoded.replace("\r\n", "\n"))
                .replace("\n", "\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    byte[] message() {
        return message("application/octet-stream", "attachment; filename=file.bin");
    }

    static SampleFilePart of(String encoding, int size) {
        return switch (encoding) {
            case "base64" -> base64(octets(size));
            case "quoted-printable" -> quotedPrintable(octets(size));
            case "8bit" -> plain(text(size));
            case "x-uuencode" -> uuencoded(octets(size));
            case "irregular base64" -> irregular(octets(size));
            default -> throw new IllegalArgumentException(encoding);
        };
    }

    static byte[] octets(int size) {
        var octets = new byte[size];
        new Random(size).nextBytes(octets);
        return octets;
    }

    private static SampleFilePart base64(byte[] octets) {
        return new SampleFilePart(octets, "base64", Base64.getMimeEncoder().encodeToString(octets));
    }

    /** Lines of two lengths, so that offsets cannot be computed without decoding. */
    private static SampleFilePart irregular(byte[] octets) {
        var encoded = Base64.getMimeEncoder().encodeToString(octets);
        return new SampleFilePart(
                octets, "base64", encoded.substring(0, 40) + "\r\n" + encoded.substring(40));
    }

    private static SampleFilePart quotedPrintable(byte[] octets) {
        var encoded = new StringBuilder();
        for (int i = 0; i < octets.length; i++) {
            encoded.append("=%02X".formatted(octets[i]));
            if (i % 24 == 23) {
                encoded.append("=\r\n");
            }
        }
        return new SampleFilePart(octets, "quoted-printable", encoded.toString());
    }

    private static SampleFilePart plain(byte[] text) {
        return new SampleFilePart(text, "8bit", new String(text, StandardCharsets.ISO_8859_1));
    }

    private static byte[] text(int size) {
        var line = "gr\u00fc\u00dfe: 0123456789\r\n".getBytes(StandardCharsets.UTF_8);
        var text = new ByteArrayOutputStream();
        while (text.size() < size) {
            text.writeBytes(line);
        }
        text.writeBytes(new byte[] {'e', 'n', 'd'});
        return text.toByteArray();
    }

    private static SampleFilePart uuencoded(byte[] octets) {
        var encoded = new StringBuilder("begin 644 file.bin\r\n");
        for (int i = 0; i < octets.length; i += 45) {
            int count = Math.min(45, octets.length - i);
            encoded.append((char) (' ' + count));
            for (int j = i; j < i + count; j += 3) {
                int bits = bits(octets, j) << 16 | bits(octets, j + 1) << 8 | bits(octets, j + 2);
                for (int shift = 18; shift >= 0; shift -= 6) {
                    int sextet = bits >> shift & 0x3F;
                    encoded.append(sextet == 0 ? '`' : (char) (' ' + sextet));
                }
            }
            encoded.append("\r\n");
        }
        return new SampleFilePart(octets, "x-uuencode", encoded.append("`\r\nend").toString());
    }

    private static int bits(byte[] octets, int at) {
        return at < octets.length ? octets[at] & 0xFF : 0;
    }
}
