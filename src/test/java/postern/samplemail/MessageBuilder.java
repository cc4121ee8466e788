package postern.samplemail;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Builds a message: header fields in the order of the calls, then one entity. */
public final class MessageBuilder {
    private static final DateTimeFormatter RFC_5322 =
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ROOT);

    private final List<String> fields = new ArrayList<>();

    /** Adds a raw field; the caller folds and encodes it. */
    public MessageBuilder field(String name, String value) {
        fields.add(name + ": " + value);
        return this;
    }

    public MessageBuilder from(Person person) {
        return field("From", person.address());
    }

    public MessageBuilder to(Person... people) {
        return field("To", Person.addresses(List.of(people)));
    }

    public MessageBuilder cc(Person... people) {
        return field("Cc", Person.addresses(List.of(people)));
    }

    public MessageBuilder subject(String subject) {
        return field("Subject", EncodedWords.of(subject));
    }

    public MessageBuilder sentAt(Instant instant) {
        return sentAt(instant, ZoneOffset.UTC);
    }

    public MessageBuilder sentAt(Instant instant, ZoneId zone) {
        return field("Date", date(instant, zone));
    }

    public MessageBuilder messageId(String id) {
        return field("Message-ID", "<" + id + ">");
    }

    /** RFC 5322 section 3.6.4: the last ancestor is the parent. */
    public MessageBuilder answering(List<String> ancestors) {
        var references = ancestors.stream().map(id -> "<" + id + ">").toList();
        field("In-Reply-To", references.getLast());
        return field("References", String.join("\r\n ", references));
    }

    public byte[] with(Entity entity) {
        return octets("MIME-Version: 1.0\r\n", entity.octets());
    }

    /** A message without MIME fields: the header, an empty line, the text. */
    public byte[] withoutMime(byte[] body) {
        var rest = new ByteArrayOutputStream();
        rest.writeBytes(new byte[] {'\r', '\n'});
        rest.writeBytes(body);
        return octets("", rest.toByteArray());
    }

    static String date(Instant instant, ZoneId zone) {
        return ZonedDateTime.ofInstant(instant, zone).format(RFC_5322);
    }

    private byte[] octets(String lastField, byte[] rest) {
        var header = new StringBuilder();
        fields.forEach(field -> header.append(field).append("\r\n"));
        var out = new ByteArrayOutputStream();
        out.writeBytes(header.append(lastField).toString().getBytes(StandardCharsets.UTF_8));
        out.writeBytes(rest);
        return out.toByteArray();
    }
}
