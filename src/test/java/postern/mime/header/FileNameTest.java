package postern.mime.header;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileNameTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "report.pdf | report.pdf",
                "Überblick 日本 😀.pdf | Überblick 日本 😀.pdf",
                "../../etc/passwd | passwd",
                "C:\\Users\\me\\report.pdf | report.pdf",
                "/ | attachment.bin",
                ".. | attachment.bin",
                "folder/ | folder",
                ".htaccess | htaccess",
                "report.pdf. . . | report.pdf",
                "a   b.txt | a b.txt",
                "CON | _CON",
                "nul.txt | _nul.txt",
                "com1 .tar.gz | _com1 .tar.gz",
                "LPT¹.doc | _LPT¹.doc",
                "console.txt | console.txt",
            })
    void makesNamesSafe(String declared, String name) {
        assertThat(FileName.of(declared, "application/octet-stream")).isEqualTo(name);
    }

    @Test
    void dropsControlsAndBidiOverrides() {
        assertThat(FileName.of("in\0vo\r\nice\u202Efdp\u2066.e\u200Bxe\u001b", "application/pdf"))
                .isEqualTo("invo icefdp.exe");
    }

    @Test
    void replacesWhatWindowsForbids() {
        assertThat(FileName.of("a<b>c:d\"e|f?g*h.txt", "text/plain"))
                .isEqualTo("a_b_c_d_e_f_g_h.txt");
    }

    @Test
    void composesWhatOneSystemDecomposes() {
        assertThat(FileName.of("cafe\u0301.txt", "text/plain")).isEqualTo("caf\u00e9.txt");
    }

    @Test
    void keepsTheJoinersOfEmojiAndPersian() {
        assertThat(FileName.of("👩\u200D💻 می\u200Cخواهم.txt", "text/plain"))
                .isEqualTo("👩\u200D💻 می\u200Cخواهم.txt");
    }

    @ParameterizedTest
    @CsvSource({
        "application/pdf, attachment.pdf",
        "APPLICATION/PDF, attachment.pdf",
        "message/rfc822, message.eml",
        "text/calendar, invite.ics",
        "image/jpeg, attachment.jpg",
        "text/x-nobody-knows, attachment.bin",
        "'', attachment.bin"
    })
    void namesWhatHasNoName(String mediaType, String name) {
        assertThat(FileName.of(null, mediaType)).isEqualTo(name);
        assertThat(FileName.of(" ", mediaType)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "é", "日", "😀", "a😀é"})
    void boundsTheOctetsAndKeepsTheExtension(String piece) {
        for (int length = 150; length < 260; length++) {
            var declared = piece.repeat(length) + ".tar.pdf";

            var name = FileName.of(declared, "application/pdf");

            assertThat(name).endsWith(".pdf").doesNotContain("\uFFFD");
            assertThat(name.getBytes(UTF_8)).hasSizeLessThanOrEqualTo(200);
            assertThat(new String(name.getBytes(UTF_8), UTF_8)).isEqualTo(name);
        }
    }

    @Test
    void isSafeWhateverWasDeclared() {
        var random = new Random(6266);
        for (int run = 0; run < 2_000; run++) {
            var declared = new StringBuilder();
            for (int i = random.nextInt(30); i > 0; i--) {
                int wide = random.nextInt(4) == 0 ? Character.MAX_CODE_POINT : 0x80;
                declared.appendCodePoint(random.nextInt(wide));
            }

            var name = FileName.of(declared.toString(), "text/plain");

            assertThat(name)
                    .isNotBlank()
                    .doesNotStartWith(".")
                    .doesNotEndWith(".")
                    .doesNotEndWith(" ");
            assertThat(name)
                    .doesNotContainPattern("[\\p{Cc}/\\\\:*?\"<>|\u202A-\u202E\u2066-\u2069]");
            assertThat(name.getBytes(UTF_8)).hasSizeLessThanOrEqualTo(200);
            assertThat(FileName.of(name, "text/plain")).isEqualTo(name);
        }
    }

    @Timeout(30) // guards against quadratic time: normalising this many marks
    @ParameterizedTest
    @ValueSource(
            strings = {"\u0301\u0323", ".", " ", "/", "\\", "a/", "\u202E", "\uD800", "\uFDFA"})
    void workIsBoundedOnAMegabyte(String piece) {
        var name = FileName.of("x" + piece.repeat(1_000_000 / piece.length()), "text/plain");

        assertThat(name.getBytes(UTF_8)).hasSizeBetween(1, 200);
    }

    @ParameterizedTest
    @CsvSource({
        "letter.pdf, false",
        "setup.EXE, false",
        "dump.sql, false",
        "backup.tar.xz, false",
        "my, true",
        "v1.2, true",
        "C:Usersa.pdf, true"
    })
    void isOnlyInDoubtWithoutAnExtensionThatIsKnown(String name, boolean cut) {
        assertThat(FileName.looksCut(name)).isEqualTo(cut);
    }
}
