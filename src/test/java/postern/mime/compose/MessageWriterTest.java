package postern.mime.compose;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Another MIME library reads what ours writes. */
class MessageWriterTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "plain\nand simple\n",
                "spaces at the end   \nFrom here on\n.\n..\n\ttab\t\nend",
                "Grüße aus München\n\nÄÖÜ =3D = ==\n",
                "会议通知：关于二零二六年三月一日上午九点",
                "a\rb\nc\r\nd",
                "\u0001\u001b[0m controls"
            })
    void textsComeBackAsTheyWere(String text) throws Exception {
        var message = written(OutgoingPart.body(text, null, List.of()));

        assertThat(message.getContent().toString().replace("\r\n", "\n").stripTrailing())
                .isEqualTo(text.replace("\r\n", "\n").replace('\r', '\n').stripTrailing());
    }

    @Test
    void longLinesAreBrokenInTransportOnly() throws Exception {
        var text = "Ein langer Absatz über alles Mögliche. ".repeat(1_000);

        var octets = octets(OutgoingPart.body(text, "<p>" + text + "</p>", List.of()));

        assertSound(octets);
        var message = parsed(octets);
        assertThat(text(message, 0)).isEqualTo(text);
    }

    @Test
    void anHtmlWithPicturesAndFilesIsNestedAsClientsExpect() throws Exception {
        var picture = file("image/png", "logo.png", "logo@x", new byte[] {1, 2, 3});
        var pdf = file("application/pdf", "Verträge für Zoë.pdf", null, random(100_000));

        var message =
                written(OutgoingPart.body("text", "<img src='cid:logo@x'>", List.of(picture, pdf)));

        var mixed = (Multipart) message.getContent();
        assertThat(type(message)).isEqualTo("multipart/mixed");
        var alternative = (Multipart) mixed.getBodyPart(0).getContent();
        assertThat(type(mixed.getBodyPart(0))).isEqualTo("multipart/alternative");
        assertThat(type(alternative.getBodyPart(0))).isEqualTo("text/plain");
        assertThat(type(alternative.getBodyPart(1))).isEqualTo("multipart/related");
        var related = (Multipart) alternative.getBodyPart(1).getContent();
        assertThat(type(related.getBodyPart(0))).isEqualTo("text/html");
        assertThat(related.getBodyPart(1).getHeader("Content-ID")).containsExactly("<logo@x>");
        assertThat(related.getBodyPart(1).getDisposition()).isEqualTo("inline");
        assertThat(mixed.getBodyPart(1).getInputStream().readAllBytes()).isEqualTo(random(100_000));
        assertThat(mixed.getBodyPart(1).getDisposition()).isEqualTo("attachment");
    }

    @Test
    void anHtmlAloneGetsATextBesideIt() throws Exception {
        var message = written(OutgoingPart.body(null, "<p>Hello <b>there</b></p>", List.of()));

        assertThat(type(message)).isEqualTo("multipart/alternative");
        assertThat(text(message, 0).strip()).isEqualTo("Hello there");
    }

    @Test
    void base64OfAnyLineLengthIsPutInOrder() throws Exception {
        var octets = random(10_000);
        var oneLine = Base64.getEncoder().encode(octets);
        var file =
                new OutgoingPart.File(
                        "application/zip",
                        Map.of(),
                        "a.zip",
                        null,
                        false,
                        true,
                        out -> {
                            out.write(oneLine, 0, 5_000);
                            out.write("\n\0 \r\n".getBytes(StandardCharsets.US_ASCII));
                            out.write(oneLine, 5_000, oneLine.length - 5_000);
                        });

        var written = octets(OutgoingPart.body("text", null, List.of(file)));

        assertSound(written);
        var mixed = (Multipart) parsed(written).getContent();
        assertThat(mixed.getBodyPart(1).getInputStream().readAllBytes()).isEqualTo(octets);
    }

    @Test
    void aLetterWithinIsLeftAsItIs() throws Exception {
        var letter = "Subject: Grüße\r\n\r\ntext\r\n";
        var part =
                new OutgoingPart.Letter(
                        "letter.eml",
                        true,
                        out -> out.write(letter.getBytes(StandardCharsets.UTF_8)));

        var message = written(OutgoingPart.body("text", null, List.of(part)));

        assertThat(message.getHeader("Content-Transfer-Encoding")).containsExactly("8bit");
        var mixed = (Multipart) message.getContent();
        assertThat(type(mixed.getBodyPart(1))).isEqualTo("message/rfc822");
        assertThat(((MimeMessage) mixed.getBodyPart(1).getContent()).getContent().toString())
                .isEqualTo("text\r\n");
    }

    private static OutgoingPart.File file(
            String type, String name, @Nullable String cid, byte[] octets) {
        return new OutgoingPart.File(
                type, Map.of(), name, cid, cid != null, false, out -> out.write(octets));
    }

    private static byte[] random(int length) {
        var octets = new byte[length];
        new Random(7).nextBytes(octets);
        return octets;
    }

    private static MimeMessage written(OutgoingPart body) throws IOException, MessagingException {
        var octets = octets(body);
        assertSound(octets);
        return parsed(octets);
    }

    private static byte[] octets(OutgoingPart body) throws IOException {
        var out = new ByteArrayOutputStream();
        new MessageWriter(out).write(new HeaderWriter().text("Subject", "test"), body);
        return out.toByteArray();
    }

    /** RFC 5322 §2.1.1 and §2.3. */
    private static void assertSound(byte[] octets) {
        var text = new String(octets, StandardCharsets.ISO_8859_1);
        assertThat(text.replace("\r\n", "")).doesNotContain("\r", "\n", "\0");
        assertThat(Arrays.stream(text.split("\r\n"))).allMatch(line -> line.length() <= 998);
        assertThat(text).endsWith("\r\n");
    }

    private static MimeMessage parsed(byte[] octets) throws MessagingException {
        return new MimeMessage(null, new ByteArrayInputStream(octets));
    }

    private static String text(Part message, int index) throws IOException, MessagingException {
        return ((Multipart) message.getContent()).getBodyPart(index).getContent().toString();
    }

    private static String type(Part part) throws MessagingException {
        return part.getContentType().split(";")[0];
    }
}
