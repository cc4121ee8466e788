package postern.mime.text;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
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
    void keepsWhatIsUtf8BesideAFooterThatIsNot() throws IOException {
        for (var label : new String[] {"utf-8", null, "us-ascii"}) {
            assertThat(
                            TextBody.decode(
                                    joined(
                                            "Schöne Grüße. ".getBytes(UTF_8),
                                            "Fußzeile schön in Köln für Jürgen."
                                                    .getBytes(Charset.forName("windows-1252"))),
                                    label))
                    .isEqualTo("Schöne Grüße. Fußzeile schön in Köln für Jürgen.");
            assertThat(
                            TextBody.decode(
                                    joined(
                                            "Привет всем.\n".getBytes(UTF_8),
                                            "Вы получили это письмо, потому что подписаны на нашу рассылку."
                                                    .getBytes(Charset.forName("windows-1251"))),
                                    label))
                    .isEqualTo(
                            "Привет всем.\nВы получили это письмо, потому что подписаны на нашу"
                                    + " рассылку.");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"LE DÉPUTÉ «JEAN LÉVÊQUE» À CÔTÉ", "Ça «déjà» «été»", "É» à l'été"})
    void takesCapitalsBeforeQuotationMarksForLatin(String text) {
        var octets = text.getBytes(Charset.forName("windows-1252"));

        assertThat(TextBody.decode(octets, null)).isEqualTo(text);
        assertThat(TextBody.decode(octets, "utf-8")).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "windows-1251, Привет",
        "windows-1251, 'Привет, это письмо в другой кодировке. До встречи!'",
        "koi8-r, 'Съешь ещё этих мягких булок'",
        "iso-8859-2, Zażółć gęślą jaźń",
        "iso-8859-9, Schöne Grüße",
        "windows-1250, Příliš žluťoučký kůň",
        "windows-1253, Καλημέρα σας",
        "tis-620, สวัสดีครับ",
        "iso-8859-7, “Schöne” – Grüße",
        "gb2312, '你好，世界'",
        "gbk, Schöne Grüße aus Köln",
        "gb18030, これは日本語のメールです",
        "big5, 您好，會議時間已更改。",
        "shift_jis, 請求書を送付いたします。",
        "euc-jp, いろはにほへと",
        "euc-kr, 안녕하세요",
        "iso-2022-jp, 日本語の本文です",
    })
    void readsUtf8WhateverItIsLabelled(String label, String text) {
        assertThat(TextBody.decode(text.getBytes(UTF_8), label)).isEqualTo(text);
    }

    /** Words whose octets are valid UTF-8 by chance, or nearly valid. */
    @ParameterizedTest
    @CsvSource({
        "iso-8859-2, SPÓŁKA",
        "iso-8859-2, SPÓŁKA Z PÓŁNOCY I PÓŁPAN",
        "windows-1250, SPÓŁKA PÓŁNOC",
        "windows-1250, VÍŠ NÁŠ ÚŘAD",
        "gb2312, 联通",
        "gb2312, 一",
        "gbk, 坏 坏坏 ab",
        "windows-1251, Щё",
        "koi8-r, Йод",
        "tis-620, เดช",
        "tis-620, เดช เกษ",
        "windows-1255, שלום",
        "windows-1256, مرحبا",
        "windows-1253, Ά",
        "shift_jis, して",
        "shift_jis, ってて",
    })
    void believesALabelThatMayBeRight(String label, String text) {
        assertThat(TextBody.decode(text.getBytes(Charset.forName(charset(label))), label))
                .isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GB18030", "Big5", "windows-31j", "EUC-JP", "x-windows-949"})
    void takesNoTextOfPairsForUtf8(String charset) {
        var random = new Random(27);
        var set = Charset.forName(charset);
        var characters =
                switch (charset) {
                    case "GB18030" -> characters(0x4E00, 0x9FA5, "GB2312");
                    case "Big5" -> characters(0x4E00, 0x9FA5, "Big5");
                    case "x-windows-949" -> characters(0xAC00, 0xD7A3, "EUC-KR");
                    default ->
                            characters(0x3041, 0x3093, "Shift_JIS")
                                    + characters(0x4E00, 0x9FA5, "Shift_JIS");
                };
        int wrong = 0;
        for (int run = 0; run < 20_000; run++) {
            var text = new StringBuilder();
            for (int i = 2 + random.nextInt(5); i > 0; i--) {
                text.append(characters.charAt(random.nextInt(characters.length())));
            }
            wrong +=
                    TextBody.decode(text.toString().getBytes(set), charset).contentEquals(text)
                            ? 0
                            : 1;
        }

        // Two characters this rare hardly ever occur together in real words.
        assertThat(wrong).isLessThanOrEqualTo(2);
    }

    private static String characters(int first, int last, String charset) {
        var encoder = Charset.forName(charset).newEncoder();
        var some = new StringBuilder();
        for (int c = first; c <= last; c++) {
            if (encoder.canEncode((char) c)) {
                some.append((char) c);
            }
        }
        return some.toString();
    }

    private static String charset(String label) {
        return switch (label) {
            case "tis-620" -> "x-windows-874";
            case "gb2312" -> "GB18030";
            default -> label;
        };
    }

    private static byte[] joined(byte[] one, byte[] other) throws IOException {
        var both = new ByteArrayOutputStream();
        both.write(one);
        both.write(other);
        return both.toByteArray();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<meta http-equiv=\"Content-Type\" content=\"text/html; charset=CS\">",
                "<META CHARSET='CS'>",
                "<meta charset=CS/>",
                "<meta name=x content='charset'><meta charset = \"CS\" >",
                "<?xml version=\"1.0\" encoding=\"CS\"?>",
                "<!-- <meta charset=koi8-r> --><head><meta charset=CS></head>",
            })
    void asksAPageForItsCharset(String head) {
        for (var charset : new String[] {"iso-8859-2", "windows-1250", "windows-1251", "utf-8"}) {
            var text = charset.equals("windows-1251") ? "Привет" : "Zażółć gęślą jaźń";
            var page = head.replace("CS", charset) + "<p>" + text + "</p>";
            for (var label : new String[] {null, "us-ascii", "x-unknown"}) {
                assertThat(TextBody.decodeHtml(page.getBytes(Charset.forName(charset)), label))
                        .isEqualTo(page);
                assertThat(TextBody.decodeHtml(page.getBytes(UTF_8), label)).isEqualTo(page);
            }
        }
    }

    @Test
    void asksNoPageThatIsLabelled() {
        var page = "<meta charset=koi8-r><p>Zażółć gęślą jaźń</p>";

        assertThat(TextBody.decodeHtml(page.getBytes(Charset.forName("iso-8859-2")), "iso-8859-2"))
                .isEqualTo(page);
    }

    @Test
    void readsPagesInUtf16() {
        var page = "<html><meta charset=utf-16><p>Grüße</p></html>";
        for (var label : new String[] {null, "utf-16", "us-ascii"}) {
            assertThat(TextBody.decodeHtml(page.getBytes(UTF_16LE), label)).isEqualTo(page);
            assertThat(TextBody.decodeHtml(page.getBytes(UTF_16BE), label)).isEqualTo(page);
            assertThat(TextBody.decodeHtml(("\uFEFF" + page).getBytes(UTF_16LE), label))
                    .isEqualTo(page);
        }
    }

    @Timeout(30) // guards against quadratic time
    @ParameterizedTest
    @ValueSource(
            strings = {
                "<meta ",
                "<",
                "<!--",
                "<meta charset",
                "<meta charset=",
                "\u00c3\u00a9x\u00e9"
            })
    void readsAPageInOnePass(String piece) {
        var octets = (piece.repeat(500_000 / piece.length()) + "\u00e9").getBytes(ISO_8859_1);

        assertThat(TextBody.decodeHtml(octets, null).length()).isLessThanOrEqualTo(octets.length);
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

    @Timeout(30) // guards against quadratic time
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
