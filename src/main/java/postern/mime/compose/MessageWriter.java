package postern.mime.compose;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes a message (RFC 2045) as a stream; every line ends with CRLF. */
public final class MessageWriter {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final byte[] LINE_END = {'\r', '\n'};
    private static final int BASE64_LINE = 76;

    private final OutputStream out;

    public MessageWriter(OutputStream out) {
        this.out = out;
    }

    /**
     * @param header all fields except those that describe the body
     */
    public void write(HeaderWriter header, OutgoingPart body) throws IOException {
        characters(header.toString());
        characters("MIME-Version: 1.0\r\n");
        part(body);
        if (!(body instanceof OutgoingPart.Multipart)) {
            characters("\r\n"); // the last line ends with CRLF as well
        }
    }

    private void part(OutgoingPart part) throws IOException {
        switch (part) {
            case OutgoingPart.Text text -> text(text);
            case OutgoingPart.File file -> file(file);
            case OutgoingPart.Letter letter -> letter(letter);
            case OutgoingPart.Multipart multipart -> multipart(multipart);
        }
    }

    private void text(OutgoingPart.Text text) throws IOException {
        var written = WrittenText.of(text.text());
        var type = Map.of("charset", written.charset());
        header(
                new HeaderWriter().parameters("Content-Type", "text/" + text.subtype(), type),
                written.encoding());
        characters(written.body());
    }

    private void file(OutgoingPart.File file) throws IOException {
        var type = new LinkedHashMap<>(file.parameters());
        var header = new HeaderWriter();
        if (file.name() != null) {
            // for clients that do not read RFC 2231; others use the disposition
            type.put("name", HeaderWriter.encodedWord(file.name()));
        }
        header.parameters("Content-Type", file.mediaType(), type);
        if (file.cid() != null) {
            header.ids("Content-ID", List.of(file.cid()));
        }
        disposition(header, file.inline() ? "inline" : "attachment", file.name());
        header(header, "base64");
        try (var encoded = file.base64() ? new Base64Lines(out) : encoder()) {
            file.content().writeTo(encoded);
        }
    }

    private OutputStream encoder() {
        return Base64.getMimeEncoder(BASE64_LINE, LINE_END).wrap(new Unclosed(out));
    }

    private static void disposition(HeaderWriter header, String value, @Nullable String name) {
        header.parameters(
                "Content-Disposition", value, name == null ? Map.of() : Map.of("filename", name));
    }

    private void letter(OutgoingPart.Letter letter) throws IOException {
        var header = new HeaderWriter().parameters("Content-Type", "message/rfc822", Map.of());
        disposition(header, "attachment", letter.name());
        header(header, letter.eightBit() ? "8bit" : "7bit");
        letter.content().writeTo(new Unclosed(out));
    }

    private void multipart(OutgoingPart.Multipart multipart) throws IOException {
        var boundary = boundary();
        var type = new LinkedHashMap<String, String>();
        type.put("boundary", boundary);
        if (multipart.subtype().equals("related")) {
            type.put("type", "text/html"); // RFC 2387 §3.1
        }
        header(
                new HeaderWriter()
                        .parameters("Content-Type", "multipart/" + multipart.subtype(), type),
                multipart.hasEightBit() ? "8bit" : "7bit");
        for (var part : multipart.parts()) {
            characters("--" + boundary + "\r\n");
            part(part);
            characters("\r\n");
        }
        characters("--" + boundary + "--\r\n");
    }

    /**
     * "=_" occurs in neither base64 nor quoted-printable (RFC 2045 §6.7), and random octets do not
     * occur in other text.
     */
    private static String boundary() {
        var octets = new byte[15];
        RANDOM.nextBytes(octets);
        return "=_" + Base64.getUrlEncoder().encodeToString(octets);
    }

    private void header(HeaderWriter header, String encoding) throws IOException {
        header.parameters("Content-Transfer-Encoding", encoding, Map.of());
        characters(header.toString());
        characters("\r\n");
    }

    private void characters(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Does not close the stream below, which the rest of the message still needs. */
    private static final class Unclosed extends FilterOutputStream {

        Unclosed(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] octets, int offset, int length) throws IOException {
            out.write(octets, offset, length);
        }

        @Override
        public void close() {}
    }

    /** Rewraps base64 of any line length to lines of the standard length. */
    private static final class Base64Lines extends OutputStream {

        private final OutputStream out;
        private final byte[] line = new byte[BASE64_LINE + 2];
        private int filled;
        private boolean begun;

        Base64Lines(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int octet) throws IOException {
            boolean digit =
                    octet >= 'A' && octet <= 'Z'
                            || octet >= 'a' && octet <= 'z'
                            || octet >= '0' && octet <= '9'
                            || octet == '+'
                            || octet == '/'
                            || octet == '=';
            if (!digit) {
                return;
            }
            if (filled == BASE64_LINE) {
                flushLine();
            }
            line[filled++] = (byte) octet;
        }

        private void flushLine() throws IOException {
            if (begun) {
                out.write(LINE_END);
            }
            out.write(line, 0, filled);
            begun = true;
            filled = 0;
        }

        @Override
        public void write(byte[] octets, int offset, int length) throws IOException {
            for (int i = offset; i < offset + length; i++) {
                write(octets[i] & 0xff);
            }
        }

        @Override
        public void close() throws IOException {
            if (filled > 0) {
                flushLine();
            }
        }
    }
}
