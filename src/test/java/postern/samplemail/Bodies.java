package postern.samplemail;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.charset.Charset;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes the body of one sample message by its kind. */
final class Bodies {
    private static final int LARGEST_ATTACHMENT = 256 << 10;
    private static final int LINE = 72;
    private static final String IMAGE_ID = "logo@sample.example.org";

    private final Conversations conversations;
    private final int index;
    private final SeededRandom dice;
    private final List<SampleAttachment> attachments = new ArrayList<>();

    /** An entity and the attachments that a reader must find. */
    record Body(Entity entity, List<SampleAttachment> attachments) {}

    Bodies(Conversations conversations, int index) {
        this.conversations = conversations;
        this.index = index;
        this.dice = SeededRandom.of(conversations.seed(), index, "body");
    }

    Body body(SampleKind kind) {
        var entity = entity(kind);
        return new Body(entity, List.copyOf(attachments));
    }

    private Entity entity(SampleKind kind) {
        return switch (kind) {
            case PLAIN,
                    RAW_EIGHT_BIT_HEADER,
                    SPLIT_ENCODED_WORD,
                    LONG_HEADERS,
                    NO_DATE,
                    BAD_ADDRESS,
                    GROUP_ADDRESS ->
                    plain();
            case FLOWED -> flowed();
            case HTML -> html("");
            case ALTERNATIVE -> alternative(html(""));
            case RELATED -> alternative(related());
            case MIXED -> Entity.multipart("mixed", withAttachments(plain()));
            case MIXED_RELATED ->
                    Entity.multipart("mixed", withAttachments(alternative(related())));
            case FORWARDED -> Entity.multipart("mixed", plain(), forwarded());
            case CALENDAR -> alternative(invitation());
            case REPORT -> report();
            case SIGNED -> signed();
            case DIGEST -> digest();
            case DEEP -> deep();
            case NO_MIME, EMPTY -> Entity.raw(List.of("Content-Type: text/plain"), bare(kind));
            case WRONG_CHARSET -> labelled("us-ascii", utf8Text());
            case UNKNOWN_CHARSET ->
                    labelled(dice.pick(List.of("x-unknown", "cp-850x", "")), cyrillic());
            case FILE_NAME -> Entity.multipart("mixed", plain(), oddlyNamed());
            case UNCLOSED_MULTIPART -> Entity.unclosedMultipart("mixed", withAttachments(plain()));
            case BAD_BASE64 -> Entity.multipart("mixed", plain(), badBase64());
        };
    }

    private Entity plain() {
        return inItsCharset("text/plain", text());
    }

    private Entity html(String image) {
        var paragraphs =
                conversations.paragraphs(index).stream()
                        .map(paragraph -> "<p>" + paragraph.replace("&", "&amp;") + "</p>\n")
                        .collect(Collectors.joining());
        return inItsCharset(
                "text/html",
                """
                <html><head><style>p { margin: 4px }</style></head>
                <body><h1 style="color: #246">Sample</h1>
                %s%s
                <p><a href="https://example.org/read?id=%d&amp;from=mail">Read more</a></p>
                <img src="https://tracker.example.com/%d.gif" width="1" height="1" alt="">
                <script>alert("never")</script>
                </body></html>
                """
                        .formatted(image, paragraphs, index, index));
    }

    private Entity inItsCharset(String type, String text) {
        if (dice.happens(0.65) || !legacyCharset().newEncoder().canEncode(text)) {
            var encoding = dice.pick(List.of(TransferEncoding.values()).subList(1, 4));
            return Entity.text(type, text, UTF_8, encoding);
        }
        return Entity.text(
                type, text, legacyCharset(), conversations.language(index).legacyEncoding());
    }

    private Charset legacyCharset() {
        return conversations.language(index).legacyCharset();
    }

    private Entity flowed() {
        // RFC 3676: a space at the end of a line is a soft line break.
        var text = wrapped(conversations.paragraphs(index), " \n");
        return Entity.text("text/plain; format=flowed", text, UTF_8, TransferEncoding.EIGHT_BIT);
    }

    private Entity alternative(Entity richer) {
        return Entity.multipart("alternative", plain(), richer);
    }

    private Entity related() {
        var image = "<img src=\"cid:" + IMAGE_ID + "\" alt=\"Logo\">";
        var colour = dice.between(0, 0xffffff);
        var picture =
                new Picture(
                        dice.between(16, 120), dice.between(16, 90), colour, ~colour & 0xffffff);
        return Entity.multipart(
                "related",
                html(image),
                Entity.inline(SampleFile.png("logo.png", picture), IMAGE_ID));
    }

    private List<Entity> withAttachments(Entity first) {
        int count = dice.pick(List.of(1, 1, 1, 2, 3));
        var files = Stream.generate(this::file).limit(count).map(this::attached);
        return Stream.concat(Stream.of(first), files).toList();
    }

    private Entity attached(SampleFile file) {
        attachments.add(file.describe());
        return Entity.attachment(file);
    }

    private SampleFile file() {
        int number = dice.between(1, 999);
        return switch (dice.between(0, 6)) {
            case 0 ->
                    SampleFile.pdf("report-" + number + ".pdf", "Report", List.of("No. " + number));
            case 1 -> SampleFile.text("notes-" + number + ".txt", text());
            case 2 -> SampleFile.csv("données-" + number + ".csv", "id;name\n" + number + ";Zoé\n");
            case 3 -> SampleFile.zip("архив-" + number + ".zip", List.of(binary("data.bin")));
            case 4 -> binary("株式会社サンプル御中 御見積書 第" + number + "号 改訂版.docx");
            case 5 ->
                    SampleFile.png(
                            "photo-" + number + ".png", new Picture(160, 120, 0x6699cc, 0x446633));
            default -> binary("disk image " + number + ".bin");
        };
    }

    private SampleFile binary(String name) {
        var octets = dice.noise(dice.size(500, LARGEST_ATTACHMENT));
        return new SampleFile(name, "application/octet-stream", octets);
    }

    private Entity forwarded() {
        var inner = new Bodies(conversations, index + 1);
        var body =
                dice.happens(0.5)
                        ? inner.body(SampleKind.ALTERNATIVE)
                        : inner.body(SampleKind.PLAIN);
        return Entity.message(embedded(body));
    }

    private byte[] embedded(Body body) {
        return new Headers(conversations, index + 1, Instant.EPOCH, SampleKind.PLAIN).around(body);
    }

    private Entity invitation() {
        var event =
                """
                BEGIN:VCALENDAR
                VERSION:2.0
                PRODID:-//Postern//Sample//EN
                METHOD:REQUEST
                BEGIN:VEVENT
                UID:%d@sample.example.org
                DTSTAMP:20250101T000000Z
                DTSTART:20250301T100000Z
                DTEND:20250301T110000Z
                SUMMARY:Réunion
                END:VEVENT
                END:VCALENDAR
                """
                        .formatted(index);
        return Entity.text("text/calendar; method=REQUEST", event, UTF_8, TransferEncoding.BASE64);
    }

    private Entity report() {
        var status =
                """
                Reporting-MTA: dns; mx.example.org

                Final-Recipient: rfc822; nobody@example.com
                Action: failed
                Status: 5.1.1
                Diagnostic-Code: smtp; 550 5.1.1 no such user
                """;
        return Entity.multipart(
                "report; report-type=delivery-status",
                Entity.text("Your message could not be delivered.\n"),
                part("message/delivery-status", status),
                part("text/rfc822-headers", "Subject: lost\nMessage-ID: <lost@example.org>\n"));
    }

    private Entity signed() {
        var signature =
                Entity.file(
                        new SampleFile(
                                "smime.p7s",
                                "application/pkcs7-signature; name=\"smime.p7s\"",
                                dice.noise(3000)),
                        FileNameStyle.RFC_2231.disposition("attachment", "smime.p7s"));
        return Entity.multipart(
                "signed; protocol=\"application/pkcs7-signature\"; micalg=sha-256",
                plain(),
                signature);
    }

    private Entity digest() {
        // RFC 2046 section 5.1.5: without a Content-Type, a part of a digest is a message.
        var parts =
                IntStream.range(0, 5)
                        .mapToObj(_ -> embedded(new Body(plain(), List.of())))
                        .map(message -> Entity.raw(List.of(), message))
                        .toList();
        return Entity.multipart("digest", parts);
    }

    private Entity deep() {
        int depth = dice.pick(List.of(8, 20, 40));
        return Stream.iterate(plain(), part -> Entity.multipart("mixed", part))
                .skip(depth)
                .findFirst()
                .orElseThrow();
    }

    private byte[] bare(SampleKind kind) {
        return kind == SampleKind.EMPTY
                ? new byte[0]
                : Entity.lines("No MIME here,\njust as in 1982.\n").getBytes(US_ASCII);
    }

    private static byte[] utf8Text() {
        return "Grüße aus Köln — naïve café, Ελλάδα, 日本, 😀.\r\n".getBytes(UTF_8);
    }

    private static byte[] cyrillic() {
        return "Привет, это письмо о договоре.\r\n".getBytes(Charset.forName("windows-1251"));
    }

    private Entity labelled(String charset, byte[] octets) {
        var field = "Content-Type: text/plain; charset=\"" + charset + "\"";
        return Entity.of(List.of(field), octets, TransferEncoding.EIGHT_BIT);
    }

    private Entity oddlyNamed() {
        var name = "Résumé – 履歴書 " + dice.between(1, 99) + ".pdf";
        return switch (dice.between(0, 4)) {
            case 0 -> named(name, FileNameStyle.ENCODED_WORD.disposition("attachment", name));
            case 1 -> named(name, FileNameStyle.RAW.disposition("attachment", name));
            case 2 ->
                    named(
                            "../../etc/passwd",
                            FileNameStyle.RAW.disposition("attachment", "../../etc/passwd"));
            case 3 ->
                    named(
                            "a \"quoted\" name;.txt",
                            FileNameStyle.RAW.disposition("attachment", "a \"quoted\" name;.txt"));
            default -> named(null, "Content-Disposition: attachment");
        };
    }

    private Entity named(@Nullable String name, String disposition) {
        var file = binary("unused");
        var description = file.describe();
        attachments.add(new SampleAttachment(name, description.size(), description.sha256()));
        return Entity.file(file, disposition);
    }

    // The result of lenient decoding is not defined, so the expected octets are not stated.
    private Entity badBase64() {
        var sound = Entity.attachment(binary("damaged.bin"));
        var body = new String(sound.body(), US_ASCII);
        int cut = body.indexOf("\r\n", body.length() / 2) + 2;
        var rest = body.substring(cut, body.length() - 5).stripTrailing();
        var damaged = body.substring(0, cut) + "!!-- \r\n" + rest + "\r\n";
        return sound.withBody(damaged.getBytes(US_ASCII));
    }

    private static Entity part(String type, String text) {
        return Entity.of(
                List.of("Content-Type: " + type),
                Entity.lines(text).getBytes(UTF_8),
                TransferEncoding.EIGHT_BIT);
    }

    private String text() {
        var text = wrapped(conversations.paragraphs(index), "\n");
        return conversations.isAnswer(index) ? text + "\n" + quoted() : text;
    }

    private String quoted() {
        int parent = conversations.parent(index);
        var lines = wrapped(conversations.paragraphs(parent).subList(0, 1), "\n").strip();
        return conversations.author(parent).name()
                + " wrote:\n"
                + lines.lines().map(line -> "> " + line + "\n").collect(Collectors.joining());
    }

    private static String wrapped(List<String> paragraphs, String lineEnd) {
        return paragraphs.stream()
                .map(paragraph -> wrapped(paragraph, lineEnd))
                .collect(Collectors.joining("\n\n", "", "\n"));
    }

    private static String wrapped(String paragraph, String lineEnd) {
        var text = new StringBuilder();
        int lineStart = 0;
        for (var word : paragraph.split(" ")) {
            boolean full = text.length() - lineStart + word.length() > LINE;
            text.append(text.isEmpty() ? "" : full ? lineEnd : " ");
            lineStart = full ? text.length() : lineStart;
            text.append(word);
        }
        return text.toString();
    }
}
