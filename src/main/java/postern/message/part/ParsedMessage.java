package postern.message.part;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.imap.message.BodyPart;
import postern.imap.message.Envelope;
import postern.imap.message.RawText;
import postern.imap.message.Section;
import postern.imap.message.SectionRange;
import postern.mime.MimeEntity;
import postern.mime.MimeTree;
import postern.mime.encoding.TransferEncoding;
import postern.mime.header.Disposition;
import postern.mime.header.FileName;
import postern.mime.header.HeaderText;
import postern.mime.header.MediaType;

/**
 * A message that the gateway parsed itself, with part ids as a mail server would assign them (RFC
 * 9051 §6.4.5.1).
 */
final class ParsedMessage {

    private static final String TEXT = "text/plain";
    private static final String FILE = "application/octet-stream";

    private final String part;
    private final PartLocation place;
    private final TransferEncoding encoding;
    private final byte[] octets;
    private final boolean cutFiles;
    private final MimeTree.Read read;
    private final Map<String, MimeEntity> parts = new HashMap<>();
    private final Map<String, MimeEntity> messages = new HashMap<>();
    private final BodyPart body;

    /**
     * @param part its part id in the outermost message; empty for the outermost message
     * @param place where its octets are
     * @param encoding its transfer encoding there
     * @param encoded its octets, not decoded yet
     * @param complete whether these are all of its octets
     * @param cutFiles whether to include files that were cut by the limit
     */
    ParsedMessage(
            String part,
            PartLocation place,
            TransferEncoding encoding,
            byte[] encoded,
            boolean complete,
            boolean cutFiles) {
        this.part = part;
        this.place = place;
        this.encoding = encoding;
        this.cutFiles = cutFiles;
        this.octets = PartLocation.decoded(encoding, encoded);
        this.read = MimeTree.read(octets, complete);
        messages.put(part, read.root());
        this.body = body(read.root(), part, true);
    }

    BodyPart body() {
        return body;
    }

    boolean isPart(String partId) {
        return part.equals(partId);
    }

    Envelope envelope() {
        return envelope(read.root());
    }

    /** Whether all of its parts were found. */
    boolean complete() {
        return read.complete();
    }

    /** Whether this section must be read from here instead of from the mail server. */
    boolean holds(Section section) {
        var id = section.partId();
        if (part.isEmpty()) {
            return !id.isEmpty();
        }
        return id.startsWith(part + ".")
                || id.equals(part)
                        && section.kind() != Section.Kind.BODY
                        && section.kind() != Section.Kind.MIME;
    }

    /** Null when there is no such section. */
    byte @Nullable [] octets(SectionRange range) {
        var all = octets(range.section());
        if (all == null) {
            return null;
        }
        int from = (int) Math.min(all.length, range.offset());
        int to = (int) Math.min(all.length, range.offset() + Math.min(range.octets(), all.length));
        return Arrays.copyOfRange(all, from, to);
    }

    private byte @Nullable [] octets(Section section) {
        var one = parts.get(section.partId());
        var message = messages.get(section.partId());
        return switch (section.kind()) {
            case BODY -> one == null ? null : cut(one.body(), one.end());
            case MIME -> one == null ? null : cut(one.start(), one.body());
            case HEADER -> message == null ? null : cut(message.start(), message.body());
            case HEADER_FIELDS -> message == null ? null : fields(message, section.fields());
            case TEXT -> message == null ? null : cut(message.body(), message.end());
        };
    }

    private byte[] cut(int from, int to) {
        return Arrays.copyOfRange(octets, from, to);
    }

    private static byte[] fields(MimeEntity message, List<String> names) {
        var fields = new StringBuilder();
        for (var field : HeaderField.split(message.header())) {
            if (names.contains(field.name().toUpperCase(Locale.ROOT))) {
                fields.append(field.name())
                        .append(':')
                        .append(new String(field.value(), StandardCharsets.ISO_8859_1));
            }
        }
        return fields.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Whether the part is cut: it continues after the octets that were read. */
    boolean cuts(String partId) {
        var one = parts.get(partId);
        return one != null && !one.whole();
    }

    /** Null when there is no such part. */
    @Nullable PartLocation place(String partId) {
        var one = parts.get(partId);
        return one == null ? null : place.part(encoding, one.body(), one.octets());
    }

    /**
     * @param id its part id; for the body of a message, the part id of that message
     * @param ofMessage whether it is the body of a message: a single part then is its part 1
     */
    private BodyPart body(MimeEntity entity, String id, boolean ofMessage) {
        var header = new PartHeader(HeaderField.split(entity.header()));
        if (entity.type().startsWith("multipart/") && !entity.parts().isEmpty()) {
            if (!ofMessage) {
                parts.put(id, entity);
            }
            return multipart(entity, header, id);
        }
        var single = ofMessage ? child(id, 1) : id;
        parts.put(single, entity);
        return single(entity, header, single);
    }

    private BodyPart multipart(MimeEntity entity, PartHeader header, String id) {
        var children = new ArrayList<BodyPart>();
        for (var part : entity.parts()) {
            // Where the limit cut a file, nothing is known about the rest of it.
            if (part.whole() || cutFiles || children.isEmpty() || header(part).text(part)) {
                children.add(body(part, child(id, children.size() + 1), false));
            }
        }
        return header.part(id, entity.type(), "7bit", 0, null, children);
    }

    private static PartHeader header(MimeEntity entity) {
        return new PartHeader(HeaderField.split(entity.header()));
    }

    private BodyPart single(MimeEntity entity, PartHeader header, String id) {
        if (entity.parts().isEmpty()) {
            var type = header.type(entity);
            return header.part(id, type, header.encoding(), entity.octets(), null, List.of());
        }
        var message = entity.parts().getFirst();
        messages.put(id, message);
        return header.part(
                id,
                entity.type(),
                header.encoding(),
                entity.octets(),
                envelope(message),
                List.of(body(message, id, true)));
    }

    private static String child(String id, int number) {
        return id.isEmpty() ? Integer.toString(number) : id + "." + number;
    }

    private static Envelope envelope(MimeEntity message) {
        var fields = HeaderField.split(message.header());
        return new Envelope(
                field(fields, "date"),
                field(fields, "subject"),
                // Addresses are parsed from the header instead.
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                field(fields, "in-reply-to"),
                field(fields, "message-id"));
    }

    private static @Nullable RawText field(List<HeaderField.Raw> fields, String name) {
        return HeaderField.first(fields, name).map(ParsedMessage::stripped).orElse(null);
    }

    private static RawText stripped(byte[] value) {
        var text = new String(value, StandardCharsets.ISO_8859_1).strip();
        return new RawText(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private record PartHeader(List<HeaderField.Raw> fields) {

        BodyPart part(
                String id,
                String type,
                String encoding,
                long size,
                @Nullable Envelope envelope,
                List<BodyPart> children) {
            var words = type.split("/", 2);
            var disposition =
                    HeaderField.first(fields, "content-disposition")
                            .map(Disposition::parse)
                            .orElse(new Disposition("", Map.of()));
            return new BodyPart(
                    id,
                    new BodyPart.Type(
                            words[0],
                            words[1],
                            HeaderField.first(fields, "content-type")
                                    .map(value -> raw(MediaType.parametersOf(value)))
                                    .orElse(Map.of())),
                    field(fields, "content-id"),
                    field(fields, "content-description"),
                    encoding,
                    size,
                    new BodyPart.Disposition(
                            disposition.kind().isEmpty() ? null : disposition.kind(),
                            raw(disposition.parameters())),
                    envelope,
                    children,
                    field(fields, "content-location"));
        }

        String encoding() {
            return HeaderField.first(fields, "content-transfer-encoding")
                    .map(HeaderText::decode)
                    .map(encoding -> encoding.strip().toLowerCase(Locale.ROOT))
                    .orElse("7bit");
        }

        /** A multipart without child parts is shown as text. */
        String type(MimeEntity entity) {
            if (!entity.type().isEmpty() && !entity.type().startsWith("multipart/")) {
                return entity.type();
            }
            var name = PartNames.declared(part("1", TEXT, "", 0, null, List.of()));
            if (entity.type().isEmpty() && name != null) {
                var byName = FileName.typeOf(name);
                return byName == null ? FILE : byName;
            }
            return TEXT;
        }

        boolean text(MimeEntity entity) {
            return type(entity).startsWith("text/");
        }

        private static Map<String, RawText> raw(Map<String, byte[]> parameters) {
            var raw = new LinkedHashMap<String, RawText>();
            parameters.forEach((name, value) -> raw.put(name, new RawText(value)));
            return raw;
        }
    }
}
