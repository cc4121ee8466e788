package postern.mime;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextBodyTest {

    @ParameterizedTest
    @CsvSource({
        "utf-8, UTF-8, Grüße 日本",
        "UTF8, UTF-8, Grüße 日本",
        "\"utf-8\", UTF-8, Grüße 日本",
        "unicode-1-1-utf-8, UTF-8, Grüße 日本",
        "iso-8859-1, windows-1252, “Grüße” – 5 €",
        "ISO_8859-1, windows-1252, “Grüße” – 5 €",
        "latin1, windows-1252, “Grüße” – 5 €",
        "cp-1252, windows-1252, “Grüße” – 5 €",
        "windows1252, windows-1252, “Grüße” – 5 €",
        "x-windows-1252, windows-1252, “Grüße” – 5 €",
        "ansi_x3.110-1983, windows-1252, Grüße",
        "iso8859-15, ISO-8859-15, 5 €",
        "iso-8859-2, ISO-8859-2, Zażółć gęślą jaźń",
        "windows-1250, windows-1250, Zażółć gęślą jaźń",
        "cp-850, IBM850, Grüße ░▒▓",
        "x-cp-850, IBM850, Grüße ░▒▓",
        "dos-866, IBM866, Привет",
        "windows-1251, windows-1251, Привет",
        "win-1251, windows-1251, Привет",
        "koi8r, KOI8-R, Привет",
        "gb2312, GB18030, 朱镕基",
        "gb_2312-80, GB18030, 你好",
        "x-gbk, GB18030, 你好",
        "cp936, GB18030, 你好",
        "big5, Big5-HKSCS, 你好嗎",
        "ks_c_5601-1987, x-windows-949, 똠방각하",
        "euc-kr, x-windows-949, 똠방각하",
        "cp949, x-windows-949, 똠방각하",
        "shift_jis, windows-31j, ①㈱髙",
        "x-sjis, windows-31j, ①㈱髙",
        "cp932, windows-31j, ①㈱髙",
        "euc-jp, EUC-JP, 日本語",
        "iso-2022-jp, ISO-2022-JP, 日本語",
        "iso-2022-kr, ISO-2022-KR, 안녕",
        "windows-874, x-windows-874, สวัสดี",
        "tis-620, x-windows-874, สวัสดี",
        "iso-8859-11, x-windows-874, สวัสดี",
        "iso-8859-8-i, ISO-8859-8, שלום",
        "iso-8859-9, windows-1254, Şığ €",
        "x-mac-roman, x-MacRoman, Grüße",
        "macintosh, x-MacRoman, Grüße",
        "x-mac-cyrillic, x-MacCyrillic, Привет",
        "x-mac-ce, x-MacCentralEurope, Zażółć",
        "utf-16le, UTF-16LE, Grüße 日本",
    })
    void knowsTheCharsetsOfRealMail(String label, String charset, String text) {
        var octets = text.getBytes(Charset.forName(charset));

        assertThat(TextBody.decode(octets, label)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "us-ascii", "ansi_x3.4-1968", "unknown-8bit", "x-unknown", "x-user-defined",
                        "default",
                "", "no such charset", "iso-8859-1", "windows-1252", "iso-8859-15", "utf-16"
            })
    @NullSource
    void trustsValidUtf8MoreThanALabelWrittenByDefault(String label) {
        assertThat(TextBody.decode("Grüße – 日本".getBytes(UTF_8), label)).isEqualTo("Grüße – 日本");
    }

    @ParameterizedTest
    @ValueSource(strings = {"us-ascii", "unknown-8bit", "utf-8"})
    @NullSource
    void fallsBackToWindows1252(String label) {
        var octets = "“Grüße” aus Köln, naïve Zoë".getBytes(Charset.forName("windows-1252"));

        assertThat(TextBody.decode(octets, label)).isEqualTo("“Grüße” aus Köln, naïve Zoë");
    }

    @ParameterizedTest
    @CsvSource({
        "windows-1251, Съешь же ещё этих мягких французских булок да выпей чаю",
        "KOI8-R, Съешь же ещё этих мягких французских булок да выпей чаю",
        "Shift_JIS, いろはにほへと ちりぬるを わかよたれそ つねならむ",
        "EUC-JP, いろはにほへと ちりぬるを わかよたれそ つねならむ",
        "GB18030, 天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏我们在这里写一些普通的中文文字",
        "Big5, 天地玄黃宇宙洪荒日月盈昃辰宿列張寒來暑往秋收冬藏我們在這裡寫一些普通的中文文字",
        "EUC-KR, 키스의 고유조건은 입술끼리 만나야 하고 특별한 기술은 필요치 않다",
        "windows-1253, Ξεσκεπάζω την ψυχοφθόρα βδελυγμία του κόσμου",
        "ISO-2022-JP, いろはにほへと",
        "ISO-2022-KR, 안녕하세요",
    })
    void recognisesUnlabelledText(String charset, String text) {
        assertThat(TextBody.decode(text.getBytes(Charset.forName(charset)), null)).isEqualTo(text);
    }

    @Test
    void obeysAByteOrderMark() {
        var text = "Grüße";
        assertThat(TextBody.decode(("\uFEFF" + text).getBytes(UTF_8), "iso-8859-1"))
                .isEqualTo(text);
        assertThat(TextBody.decode(("\uFEFF" + text).getBytes(UTF_16LE), "utf-8")).isEqualTo(text);
        assertThat(TextBody.decode(("\uFEFF" + text).getBytes(UTF_16BE), null)).isEqualTo(text);
        assertThat(TextBody.decode(("\uFEFF" + text).getBytes(Charset.forName("UTF-32LE")), null))
                .isEqualTo(text);
    }

    @Test
    void findsTheByteOrderOfUtf16() {
        assertThat(TextBody.decode("Grüße".getBytes(UTF_16LE), "utf-16")).isEqualTo("Grüße");
        assertThat(TextBody.decode("Grüße".getBytes(UTF_16BE), "utf-16")).isEqualTo("Grüße");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Hi Mom -+Jjo--! | Hi Mom -☺-!",
                "A+ImIDkQ. | A≢Α.",
                "+ZeVnLIqe- | 日本語",
                "1 +- 1 = 2 | 1 + 1 = 2",
                "+2D3eAA-! | 😀!",
                "+2D0- | \uFFFD",
                "+3gA-x | \uFFFDx",
                "+ | ''",
                "+Jjo | ☺",
            })
    void readsUtf7(String octets, String text) {
        assertThat(TextBody.decode(octets.getBytes(ISO_8859_1), "utf-7")).isEqualTo(text);
    }

    @Test
    void readsLongUtf7() {
        var word = "日本語😀";
        var encoded =
                "+"
                        + Base64.getEncoder()
                                .withoutPadding()
                                .encodeToString(word.getBytes(UTF_16BE))
                        + "-";

        assertThat(TextBody.decode(encoded.repeat(5_000).getBytes(ISO_8859_1), "UTF-7"))
                .isEqualTo(word.repeat(5_000));
    }

    @Test
    void showsDamageInUtf8AndKeepsTheRest() {
        var octets = "Grüße aus Köln".getBytes(UTF_8);
        octets[3] = 'x';

        assertThat(TextBody.decode(octets, "utf-8")).isEqualTo("Gr\uFFFDxße aus Köln");
    }

    @Test
    void leavesOutACharacterCutOffAtTheEnd() {
        var octets = "Grüße €".getBytes(UTF_8);
        for (var label : new String[] {"utf-8", "us-ascii", "iso-8859-1"}) {
            assertThat(TextBody.decode(Arrays.copyOf(octets, octets.length - 1), label))
                    .isEqualTo("Grüße ");
            assertThat(TextBody.decode(Arrays.copyOf(octets, octets.length - 2), label))
                    .isEqualTo("Grüße ");
        }
    }

    @Test
    void endsLinesWithLineFeedsAndDropsNulls() {
        var octets = "one\r\ntwo\nthree\rfour\r\n\r\n\0five\0\r".getBytes(ISO_8859_1);

        assertThat(TextBody.decode(octets, "us-ascii"))
                .isEqualTo("one\ntwo\nthree\nfour\n\nfive\n");
    }

    @Test
    void decodesNothingToNothing() {
        assertThat(TextBody.decode(new byte[0], null)).isEmpty();
        assertThat(TextBody.decode(new byte[0], "utf-16")).isEmpty();
    }

    @Test
    void neverThrowsWhateverTheLabel() {
        var random = new Random(3676);
        for (var charset : Charset.availableCharsets().keySet()) {
            for (int length = 0; length < 40; length++) {
                var octets = new byte[length];
                random.nextBytes(octets);

                assertThat(TextBody.decode(octets, charset)).doesNotContain("\r", "\0");
            }
        }
    }

    @Timeout(10) // a guard against quadratic work
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u00e9",
                "\u00c3",
                "\u00c3\u00a9\u00e9",
                "\u001b$B",
                "\r",
                "\0",
                "+",
                "\u0081"
            })
    void worksInOnePassOnHalfAMegabyte(String piece) {
        var octets = piece.repeat(500_000 / piece.length()).getBytes(ISO_8859_1);

        for (var label : new String[] {null, "utf-8", "utf-7", "iso-2022-jp"}) {
            assertThat(TextBody.decode(octets, label).length()).isLessThanOrEqualTo(octets.length);
        }
    }
}
