package postern.mime.header;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MediaTypeTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "text/html | text | html",
                "Text/HTML; charset=utf-8 | text | html",
                " image / png | image | png",
                "application/vnd.ms-excel;name=a | application | vnd.ms-excel",
                "(a (nested\\) comment)) text/(here)html(too) | text | html",
                "text | text | plain",
                "/html | text | plain",
                "text/ | text | plain",
                "`` | text | plain",
                "; charset=utf-8 | text | plain",
                "\"text/html\" | text | plain",
            })
    void readsTheTypeOrFallsBackToPlainText(String header, String type, String subtype) {
        var mediaType = parse(header);

        assertThat(mediaType.type()).isEqualTo(type);
        assertThat(mediaType.subtype()).isEqualTo(subtype);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "text/plain; name=a.txt | a.txt",
                "text/plain;name=\"a; b.txt\" | a; b.txt",
                "text/plain; name=\"a \\\"b\\\" c\\\\d\" | a \"b\" c\\d",
                "text/plain; name=\"C:\\temp\\x.txt\" | C:\\temp\\x.txt",
                "text/plain; name=my own file.txt; size=3 | my own file.txt",
                "text/plain; name=my file.txt charset=utf-8 | my file.txt",
                "text/plain name=a.txt | a.txt",
                "text/plain;; ; NAME = a.txt ;; | a.txt",
                "text/plain; name=\"unclosed.txt | unclosed.txt",
                "text/plain; junk; name=a.txt | a.txt",
                "text/plain; =; name=a.txt | a.txt",
                "text/plain; name=\"a.txt\"; name=b.txt | a.txt",
                "text/plain; name=\"a.txt\" junk; size=1 | a.txt",
                "text/plain; name*0*=utf-8''caf%C3; name*1*=%A9 | café",
                "text/plain; (comment) name (of) = (it) a.txt | a.txt",
                "text/plain; name==?utf-8?Q?caf=C3=A9?= | café",
            })
    void readsParametersAsTheyAreReallyWritten(String header, String name) {
        assertThat(parse(header).parameters().get("name")).isEqualTo(name);
    }

    @Test
    void readsFoldedHeaders() {
        var mediaType = parse("multipart/mixed;\r\n\tboundary=\"=_a b\";\r\n charset=utf-8\r\n");

        assertThat(mediaType.parameters().all())
                .isEqualTo(Map.of("boundary", "=_a b", "charset", "utf-8"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain; a",
                "text/plain; a=",
                "text/plain; a=\"",
                "text/plain; a=\"\\",
                "(",
                "((\\",
                "text/(",
                "text/plain; (",
                "/;=\"",
                "text/plain; a=(",
                "\\"
            })
    void neverThrowsAtTheEdge(String header) {
        assertThat(parse(header).type()).isEqualTo("text");
    }

    @Test
    void neverThrowsOnNoise() {
        var random = new Random(2045);
        var alphabet = "ab/;=\"\\()* '%\r\n\t\0\u00e9";
        for (int run = 0; run < 5_000; run++) {
            var header = new StringBuilder();
            for (int i = random.nextInt(40); i > 0; i--) {
                header.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }

            assertThat(parse(header.toString()).subtype()).isNotEmpty();
        }
    }

    @Timeout(30) // guards against quadratic time
    @ParameterizedTest
    @ValueSource(
            strings = {
                "(", "; a", "a=", ";a=b ", "\"", " a", "; a=\"b", "; a=b c", ";a*1=", "\\(", " "
            })
    void worksInOnePassOnHalfAMegabyte(String piece) {
        var header = "text/html; x=y" + piece.repeat(500_000 / piece.length());

        assertThat(parse(header).subtype()).isEqualTo("html");
    }

    private static MediaType parse(String header) {
        return MediaType.parse(header.getBytes(ISO_8859_1));
    }

    @Test
    void tellsWhatAWrongContentTypeMeans() {
        assertThat(meant("text/html charset=utf-8")).isEqualTo("text/html");
        assertThat(meant("text/html, charset=utf-8")).isEqualTo("text/html");
        assertThat(meant("\"text/html\"")).isEqualTo("text/html");
        assertThat(meant("text / html ; charset=utf-8")).isEqualTo("text/html");
        assertThat(meant("tex t/html")).isEqualTo("text/html");
        assertThat(meant("html")).isEqualTo("text/html");
        assertThat(meant("(c) Text/HTML (c)")).isEqualTo("text/html");
        assertThat(meant("text/plain/html")).isEqualTo("text/plain");
        assertThat(meant("text/")).isEqualTo("text/plain");
        assertThat(meant("plain/text")).isEqualTo("text/plain");
        assertThat(meant("/pdf")).isEqualTo("application/pdf");
        assertThat(meant("application/octet stream; name=a")).isEqualTo("application/octet-stream");
        assertThat(meant("=?unknown-8bit?q?application/pdf=3B_name=3D=22a=2Epdf=22?="))
                .isEqualTo("application/pdf");
        for (var nothing :
                new String[] {"/", "\"/\"", "", "\"\"", "image/", "application/x-\u00e9"}) {
            assertThat(meant(nothing)).as(nothing).isNull();
        }
    }

    @Test
    void readsTheParametersOfAWrongContentType() {
        assertThat(parameters("text/html charset=utf-8")).containsEntry("charset", "utf-8");
        assertThat(parameters("text/html,charset=utf-8")).containsEntry("charset", "utf-8");
        assertThat(parameters("application/pdf; name=my file (1).pdf; x=y"))
                .containsEntry("name", "my file (1).pdf")
                .containsEntry("x", "y");
        assertThat(parameters("application/pdf; name=\"my \"file\".pdf\""))
                .containsEntry("name", "my \"file\".pdf");
        assertThat(parameters("=?unknown-8bit?q?application/pdf=3B_name=3D=22a=2Epdf=22?="))
                .containsEntry("name", "a.pdf");
    }

    private static @Nullable String meant(String value) {
        return MediaType.meant(value.getBytes(ISO_8859_1));
    }

    private static Map<String, String> parameters(String value) {
        return MimeParameters.decode(MediaType.parametersOf(value.getBytes(ISO_8859_1))).all();
    }
}
