package postern.mime.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.mime.header.HeaderText;
import postern.mime.header.MailAddress;
import postern.mime.header.MediaType;
import postern.mime.header.MimeParameters;

class HeaderWriterTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Lunch?",
                "two  spaces   and more",
                "=?UTF-8?Q?not_encoded?= by us",
                "Mittagessen für zwölf, überübermorgen, im großen Hörsaal neben der Küche, äöü ÄÖÜ"
                        + " ß",
                "会议通知：关于二零二六年三月一日上午九点在三楼大会议室举行的年度预算审查会议的补充说明",
                "\ud83d\ude00 smile"
                        + " \ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00",
                "a plain subject that is so long that it has to be folded, which nobody who reads"
                        + " it must ever notice",
                "x_y=z?"
            })
    void whatIsWrittenReadsTheSame(String subject) {
        var field = new HeaderWriter().text("Subject", subject).toString();

        assertThat(field).isASCII().endsWith("\r\n");
        assertThat(field.split("\r\n")).allMatch(line -> line.length() <= 78);
        assertThat(field.split("\r\n")).noneMatch(String::isBlank);
        assertThat(decoded(field, "Subject")).isEqualTo(subject);
    }

    @Test
    void aWordThatFitsInNoLineIsStillWritten() {
        var word = "x".repeat(3_000);

        var field = new HeaderWriter().text("Subject", word).toString();

        assertThat(field.split("\r\n")).allMatch(line -> line.length() <= 78);
        assertThat(decoded(field, "Subject")).isEqualTo(word);
    }

    @Test
    void writesNamesSoThatEveryClientReadsThem() {
        var addresses =
                List.of(
                        MailAddress.of("Ada Lovelace", "ada@example.org"),
                        MailAddress.of("Byron, Lord", "byron@example.org"),
                        MailAddress.of("Zoë \"Z\"", "zoe@example.org"),
                        MailAddress.of(null, "plain@example.org"));

        var field = new HeaderWriter().addresses("To", addresses).toString();

        assertThat(field.replace("\r\n ", " "))
                .isEqualTo(
                        "To: Ada Lovelace <ada@example.org>, \"Byron, Lord\" <byron@example.org>,"
                                + " =?UTF-8?Q?Zo=C3=AB_=22Z=22?= <zoe@example.org>,"
                                + " plain@example.org\r\n");
        assertThat(field.split("\r\n")).allMatch(line -> line.length() <= 78);
    }

    @Test
    void namesFilesByRfc2231InPieces() {
        var name =
                "Übergrößenverträge für das nächste Geschäftsjahr – Entwurf der"
                        + " Geschäftsführung.pdf";

        var field =
                new HeaderWriter()
                        .parameters("Content-Disposition", "attachment", Map.of("filename", name))
                        .toString();

        assertThat(field).isASCII().contains("filename*0*=UTF-8''%C3%9Cbergr");
        assertThat(field.split("\r\n")).allMatch(line -> line.length() <= 78);
        assertThat(parameters(field, "Content-Disposition").get("filename")).isEqualTo(name);
    }

    @Test
    void writesDatesAndIds() {
        var header =
                new HeaderWriter()
                        .date("Date", Instant.parse("2026-03-01T09:34:56Z"))
                        .ids("References", List.of("a@x", "b@y"))
                        .toString();

        assertThat(header)
                .isEqualTo("Date: Sun, 1 Mar 2026 09:34:56 +0000\r\nReferences: <a@x> <b@y>\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nBcc: x@y", "a\nb", "a\rb", "a\0b", "a\u0085b"})
    void noValueEndsItsLine(String value) {
        assertThatThrownBy(() -> new HeaderWriter().text("Subject", value))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new HeaderWriter().ids("References", List.of(value)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new HeaderWriter().parameters("X", "y", Map.of("filename", value)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> MailAddress.of(value, "a@example.org"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> MailAddress.of(null, value + "@example.org"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a:", "", "ä"})
    void noNameIsAnythingElse(String name) {
        assertThatThrownBy(() -> new HeaderWriter().text(name, "x"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void writesDomainsInTheirAsciiForm() {
        assertThat(MailAddress.of(null, "info@Bücher.example").email())
                .isEqualTo("info@xn--bcher-kva.example");
        assertThat(MailAddress.of(null, "\"a b\"@example.org").email())
                .isEqualTo("\"a b\"@example.org");
        assertThat(MailAddress.of(null, "ann.@example.org").email())
                .isEqualTo("\"ann.\"@example.org");
        assertThat(MailAddress.of(null, ".a..b@c").email()).isEqualTo("\".a..b\"@c");
        assertThat(MailAddress.of(null, "a@[192.0.2.1]").email()).isEqualTo("a@[192.0.2.1]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "@b",
                "a@",
                "a b@c",
                "a@b..c",
                "a@-b",
                "a@b c",
                "ä b@example.org",
                "ä\u00a0b@example.org",
                "ä\u0085@example.org",
                "\ud800@example.org",
                "a@stra\u00dfe.de",
                "a,b@c",
                "<a@b>",
                "\"a\"b\"@c",
                "\"a\\\"@c",
                "a@b>",
                "a@b,c@d",
                "a@\ud800.x"
            })
    void refusesWhatIsNoAddress(String email) {
        assertThatThrownBy(() -> MailAddress.of(null, email))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void writesAnAddressThatIsNotAsciiAsItIs() {
        var address = MailAddress.of("J\u00fcrgen", "j\u00fcrgen@b\u00fccher.example");

        assertThat(new HeaderWriter().addresses("To", List.of(address)).toString())
                .isEqualTo("To: =?UTF-8?Q?J=C3=BCrgen?= <j\u00fcrgen@xn--bcher-kva.example>\r\n");
        assertThat(MailAddress.of(null, "\"j\u00fc r\"@example.org").local())
                .isEqualTo("\"j\u00fc r\"");
    }

    @Test
    void noLocalPartIsLongerThanALine() {
        assertThat(MailAddress.of(null, "\u00fc".repeat(127) + "@example.org").local())
                .hasSize(127);
        assertThatThrownBy(() -> MailAddress.of(null, "\u00fc".repeat(128) + "@example.org"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static String decoded(String field, String name) {
        var value = field.substring(name.length() + 2);
        return HeaderText.decode(value.strip().getBytes(StandardCharsets.US_ASCII));
    }

    private static MimeParameters parameters(String field, String name) {
        var value = field.substring(name.length() + 2).replace("attachment", "a/b");
        return MediaType.parse(value.getBytes(StandardCharsets.US_ASCII)).parameters();
    }
}
