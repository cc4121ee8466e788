package postern.samplemail;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;

/** A MIME entity on the wire: header fields and encoded body (RFC 2045). */
public final class Entity {
    private final byte[] header;
    private final byte[] body;

    private Entity(byte[] header, byte[] body) {
        this.header = header;
        this.body = body;
    }

    /** Raw header fields, one per element, and the octets in their encoding. */
    public static Entity of(List<String> fields, byte[] octets, TransferEncoding encoding) {
        var all = new ArrayList<>(fields);
        all.add("Content-Transfer-Encoding: " + encoding.label());
        return raw(all, encoding.encode(octets));
    }

    /** Raw header fields and body, for malformed entities. */
    public static Entity raw(List<String> fields, byte[] body) {
        var header = new StringBuilder();
        fields.forEach(field -> header.append(field).append("\r\n"));
        return new Entity(header.toString().getBytes(StandardCharsets.UTF_8), body);
    }

    public static Entity text(String text) {
        return text("text/plain", text, StandardCharsets.UTF_8, TransferEncoding.QUOTED_PRINTABLE);
    }

    public static Entity html(String html) {
        return text("text/html", html, StandardCharsets.UTF_8, TransferEncoding.QUOTED_PRINTABLE);
    }

    public static Entity text(
            String type, String text, Charset charset, TransferEncoding encoding) {
        var field =
                "Content-Type: " + type + "; charset=" + charset.name().toLowerCase(Locale.ROOT);
        return of(List.of(field), lines(text).getBytes(charset), encoding);
    }

    public static Entity attachment(SampleFile file) {
        return file(file, FileNameStyle.RFC_2231.disposition("attachment", file.name()));
    }

    /** A part that siblings refer to by {@code cid:} URLs (RFC 2392). */
    public static Entity inline(SampleFile file, String contentId) {
        var disposition = FileNameStyle.RFC_2231.disposition("inline", file.name());
        return file(file, disposition, "Content-ID: <" + contentId + ">");
    }

    static Entity file(SampleFile file, String... fields) {
        var all = new ArrayList<String>();
        all.add("Content-Type: " + file.type());
        all.addAll(List.of(fields));
        return of(all, file.octets(), TransferEncoding.BASE64);
    }

    /** An embedded message, not encoded (RFC 2046 section 5.2.1). */
    public static Entity message(byte[] message) {
        return raw(List.of("Content-Type: message/rfc822", "Content-Disposition: inline"), message);
    }

    /** {@code type} is what follows {@code multipart/}, with its parameters. */
    public static Entity multipart(String type, Entity... parts) {
        return multipart(type, List.of(parts));
    }

    public static Entity multipart(String type, List<Entity> parts) {
        var boundary = boundary(parts);
        var body = new ByteArrayOutputStream();
        body.writeBytes(unclosedBody(boundary, parts));
        body.writeBytes(ascii("--" + boundary + "--\r\n"));
        return raw(List.of(multipartField(type, boundary)), body.toByteArray());
    }

    /** A multipart without the closing delimiter, as in a truncated message. */
    public static Entity unclosedMultipart(String type, List<Entity> parts) {
        var boundary = boundary(parts);
        return raw(List.of(multipartField(type, boundary)), unclosedBody(boundary, parts));
    }

    public byte[] octets() {
        var out = new ByteArrayOutputStream(header.length + body.length + 2);
        out.writeBytes(header);
        out.writeBytes(ascii("\r\n"));
        out.writeBytes(body);
        return out.toByteArray();
    }

    byte[] body() {
        return body.clone();
    }

    /** The same entity with another body, which its header fields no longer describe. */
    Entity withBody(byte[] damaged) {
        return new Entity(header, damaged);
    }

    /** Replaces the LF of a text block with CRLF. */
    public static String lines(String text) {
        return text.replace("\n", "\r\n");
    }

    private static String multipartField(String type, String boundary) {
        return "Content-Type: multipart/" + type + ";\r\n boundary=\"" + boundary + "\"";
    }

    private static byte[] unclosedBody(String boundary, List<Entity> parts) {
        var out = new ByteArrayOutputStream();
        for (var part : parts) {
            out.writeBytes(ascii("--" + boundary + "\r\n"));
            out.writeBytes(part.octets());
            out.writeBytes(ascii("\r\n"));
        }
        return out.toByteArray();
    }

    // Derived from the content, so that it is reproducible and an inner boundary always differs
    // from the outer one.
    private static String boundary(List<Entity> parts) {
        var sum = new CRC32();
        parts.forEach(part -> sum.update(part.octets()));
        return "=_part_%08x_%d".formatted(sum.getValue(), parts.size());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
