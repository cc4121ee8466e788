package postern.attachment;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.ContentDisposition;

class FileTypeTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/html",
                "image/svg+xml",
                "application/xhtml+xml",
                "text/xml",
                "text/xsl",
                "application/xml",
                "application/javascript",
                "text/javascript",
                "text/css",
                "application/x-shockwave-flash",
                "multipart/x-mixed-replace",
                "message/rfc822",
                "application/octet-stream",
                "TEXT/PLAIN",
                "text/plain\r\nX: y",
                "nonsense"
            })
    void showsNothingInPlaceThatCouldAct(String type) {
        var file = FileType.of(type, null, "x", true);

        assertThat(file.inline()).isFalse();
        assertThat(file.disposition()).startsWith("attachment;");
    }

    @ParameterizedTest
    @ValueSource(strings = {"image/png", "application/pdf", "text/plain", "video/mp4", "audio/ogg"})
    void showsHarmlessFilesInPlaceWhereTheSenderMeantThatAndOnlyThere(String type) {
        assertThat(FileType.of(type, null, "x", true).disposition()).startsWith("inline;");
        assertThat(FileType.of(type, null, "x", false).disposition()).startsWith("attachment;");
    }

    @ParameterizedTest
    @CsvSource({
        "text/plain, utf-8, text/plain;charset=utf-8",
        "text/plain, 'utf-8; x=y', text/plain",
        "text/plain, '', text/plain",
        "image/png, utf-8, image/png",
        "'text/plain\r\nX: y', utf-8, application/octet-stream",
        "nonsense, , application/octet-stream"
    })
    void labelsOnlyWithWhatIsSoundInAHeader(String type, String charset, String contentType) {
        assertThat(FileType.of(type, charset, "x", false).contentType()).isEqualTo(contentType);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "report.pdf",
                "a b (1).pdf",
                "r\u00e9sum\u00e9.pdf",
                "\u8acb\u6c42\u66f8.xlsx",
                "\ud83d\udc1e.png",
                "say \"hi\".txt",
                "a\\b.txt",
                "a%41.txt",
                "a;b=c,d.txt",
                "it's.txt",
                "a*b.txt"
            })
    void namesTheFileForEveryBrowser(String name) {
        var disposition = FileType.of("application/pdf", null, name, false).disposition();

        assertThat(ContentDisposition.parse(disposition).getFilename()).isEqualTo(name);
        assertThat(StandardCharsets.US_ASCII.newEncoder().canEncode(disposition)).isTrue();
        assertThat(disposition).containsPattern("; filename=\"[^\"\\\\%]*\"");
    }

    @Test
    void namesTheFileTwiceWhereOldBrowsersCannotHaveItsName() {
        assertThat(FileType.of("text/plain", null, "na\u00efve \"\\\".txt", false).disposition())
                .isEqualTo(
                        "attachment; filename=\"na_ve ___.txt\";"
                                + " filename*=UTF-8''na%C3%AFve%20%22%5C%22.txt");
        assertThat(FileType.of("text/plain", null, "plain.txt", false).disposition())
                .isEqualTo("attachment; filename=\"plain.txt\"");
    }

    @Test
    void lineEndsInANameStayInTheName() {
        assertThat(FileType.of("text/plain", null, "a\r\nX: y", false).disposition())
                .doesNotContain("\r", "\n");
    }
}
