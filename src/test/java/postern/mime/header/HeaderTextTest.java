package postern.mime.header;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeaderTextTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "plain text = really? | plain text = really?",
                "=?UTF-8?Q?caf=C3=A9_au_lait?= | café au lait",
                "=?utf-8?B?Y2Fmw6k=?= | café",
                "=?utf-8?b?Y2Fmw6k?= | café",
                "=?iso-8859-1?q?caf=e9?= | café",
                "=?ISO-8859-15?Q?100_=A4?= | 100 €",
                "=?utf-8*de?Q?Gr=C3=BC=C3=9Fe?= | Grüße",
                "=?us-ascii*en-us?Q?hello?= | hello",
                "=?utf-8?Q?a?= =?utf-8?Q?b?= | ab",
                "=?utf-8?Q?a?= x =?utf-8?Q?b?= | a x b",
                "=?utf-8?Q?a?= =?iso-8859-1?Q?=E9?= | aé",
                "=?utf-8?Q?caf=C3?= =?utf-8?Q?=A9?= | café",
                "=?utf-8?B?4oI=?= =?UTF-8?B?rA==?= | €",
                "=?utf-8?B?4oI=?= =?UTF-8?Q?=AC?= | €",
                "=?utf-8?Q?a?==?utf-8?Q?b?= | ab",
                "\"=?utf-8?Q?J=C3=BCrgen?=\" <j@x> | \"Jürgen\" <j@x>",
                "Re:=?utf-8?Q?=C3=BC?=ber | Re:über",
                "=?utf-8?Q?with spaces inside?= | with spaces inside",
                "=?utf-8?B?Y2Fm w6k=?= | café",
                "=?x-nobody-knows?Q?caf=C3=A9?= | café",
                "=?x-nobody-knows?Q?caf=E9?= | café",
                "=?unknown-8bit?Q?caf=E9?= | café",
                "=?us-ascii?Q?caf=C3=A9?= | café",
                "=?iso-8859-1?Q?caf=C3=A9?= | café",
                "=?utf-8?Q?caf=E9?= | café",
                "=?utf-8?Q?cut off caf=C3=A9 | cut off café",
                "=?utf-8?B?Y2Fmw6k | café",
                "=?utf-8?B?Y2Fmw6k? | café",
                "=?utf-8?B?Y2Fmw6k and more | café and more",
                "=?utf-8?Q?a =?utf-8?Q?b?= | a b",
                "=?utf-8?Q?100%=ZZ=4?= | 100%=ZZ=4",
                "=?utf-8?Q??= | ''",
                "=?utf-8?Q?x??= | x?",
                "=?utf-8?X?abc?= | =?utf-8?X?abc?=",
                "=? is no word | =? is no word",
                "=?no-end | =?no-end",
                "=?utf-8?Q | =?utf-8?Q",
                "=?gb2312?B?xOO6ww==?= | 你好",
                "=?ks_c_5601-1987?B?vsiz5w==?= | 안녕",
                "=?shift_jis?B?h0A=?= | ①",
                "=?iso-2022-jp?B?GyRCRnxLXBsoQg==?= | 日本",
                "=?utf-7?Q?Hi_Mom_+Jjo-!?= | Hi Mom ☺!",
                "=?utf-8?Q?a=0D=0ABcc:_x=00y=1B=7F=C2=85?= | aBcc: xy",
                "=?utf-8?Q?a=09b?= | a b",
                "=?utf-8?Q?=?= | =",
                "=?utf-8?Q?=?=?= | =?=",
                "=?utf-8?B??= | ''",
                "=?utf-8?B?Y2Fmw6k==?= | café",
                "=?utf-8?B?Y2Fm=w6k=?= | café",
                "=?utf-8?B?Y2Fmw6?= | caf\u00c3",
                "=?gb2312?B?wao=?= | \u8054",
                "=?windows-1251?B?0J/RgNC40LLQtdGC?= | Привет",
                "=?iso-8859-2?Q?SP=D3=A3KA?= | SPÓŁKA",
            })
    void decodesEncodedWords(String raw, String text) {
        assertThat(HeaderText.decode(raw.getBytes(ISO_8859_1))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "=?UTF-8?B?Kühn?= | Kühn",
                "=?UTF-8?Q?Kühn?= | Kühn",
                "=?iso-8859-1?Q?Kühn?= | Kühn",
                "=?iso-8859-1?B?Kühn?= | Kühn",
                "=?UTF-8?B?Grüße aus Köln?= | Grüße aus Köln",
                "=?UTF-8?B?Kühn | Kühn",
                "=?UTF-8?B?Kühn?= =?UTF-8?B?w6k=?= | Kühné",
                "a =?UTF-8?B?日本?= b | a 日本 b",
            })
    void showsRawUtf8InsideAWordAsItStands(String raw, String text) {
        assertThat(HeaderText.decode(raw.getBytes(UTF_8))).isEqualTo(text);
    }

    @Test
    void unfoldsLines() {
        assertThat(decode("a folded\r\n subject\r\n\tof three\tlines"))
                .isEqualTo("a folded subject of three lines");
        assertThat(decode("=?utf-8?Q?one?=\r\n =?utf-8?Q?word?=\r\n and text"))
                .isEqualTo("oneword and text");
        assertThat(decode("=?utf-8?B?Y2Fm\r\n w6k=?=")).isEqualTo("café");
    }

    @Test
    void dropsControlCharacters() {
        assertThat(decode("a\0b\rc\nd\u0007e\u001bf\u007fg")).isEqualTo("abcdefg");
    }

    @Test
    void readsRawUtf8() {
        assertThat(HeaderText.decode("Grüße 日本 😀".getBytes(UTF_8))).isEqualTo("Grüße 日本 😀");
    }

    @Test
    void readsRawLegacyText() {
        assertThat(HeaderText.decode("Grüße – “Zoë”".getBytes(Charset.forName("windows-1252"))))
                .isEqualTo("Grüße – “Zoë”");
        assertThat(
                        HeaderText.decode(
                                "Добрый день, высылаю счёт на оплату за декабрь"
                                        .getBytes(Charset.forName("windows-1251"))))
                .isEqualTo("Добрый день, высылаю счёт на оплату за декабрь");
        assertThat(
                        HeaderText.decode(
                                "Добрый день, высылаю счёт на оплату за декабрь"
                                        .getBytes(Charset.forName("KOI8-R"))))
                .isEqualTo("Добрый день, высылаю счёт на оплату за декабрь");
    }

    @Test
    void readsRawJapaneseOfWindows() {
        var raw = "テストメールのご案内".getBytes(Charset.forName("windows-31j"));

        assertThat(HeaderText.decode(raw)).isEqualTo("テストメールのご案内");
    }

    @Test
    void leavesOutTheHalfOfACharacterAtTheEnd() {
        var raw = Arrays.copyOf("Grüße aus Köln, €".getBytes(UTF_8), 20);

        assertThat(HeaderText.decode(raw)).isEqualTo("Grüße aus Köln, ");
    }

    @Test
    void readsRawIso2022Jp() {
        var raw = "日本語の件名".getBytes(Charset.forName("ISO-2022-JP"));

        assertThat(HeaderText.decode(raw)).isEqualTo("日本語の件名");
    }

    @Test
    void seesNoEncodedWordInsideIso2022JpCharacters() {
        // The two octets of U+6CE8 in ISO-2022-JP are "=?".
        var raw = "\u001b$B=?Q?B?\u001b(B =?utf-8?Q?=C3=A9?=".getBytes(ISO_8859_1);

        assertThat(HeaderText.decode(raw)).endsWith(" é").doesNotContain("?");
    }

    @Test
    void readsMixturesOfAll() {
        var raw = new ByteArrayOutputStream();
        raw.writeBytes("Fwd: Grüße ".getBytes(UTF_8));
        raw.writeBytes("=?iso-8859-1?Q?=E9t=E9?= ".getBytes(ISO_8859_1));
        raw.writeBytes("naïve über".getBytes(UTF_8));
        raw.writeBytes(" café!".getBytes(ISO_8859_1));

        assertThat(HeaderText.decode(raw.toByteArray()))
                .isEqualTo("Fwd: Grüße été naïve über café!");
    }

    @Test
    void joinsCharactersSplitAnywhereBetweenWords() {
        var text = "Füße, 日本語, emoji 😀 und Ende";
        var octets = text.getBytes(UTF_8);
        for (int cut = 0; cut <= octets.length; cut++) {
            var raw = word(octets, 0, cut) + "\r\n " + word(octets, cut, octets.length);

            assertThat(decode(raw)).isEqualTo(text);
        }
    }

    @Test
    void neverThrowsAndNeverLetsAControlThrough() {
        var random = new Random(20_47);
        var pieces =
                new String[] {
                    "=?",
                    "?=",
                    "utf-8",
                    "?Q?",
                    "?B?",
                    "=C3",
                    "=",
                    "?",
                    " ",
                    "\r\n ",
                    "\u001b$B",
                    "\u001b(B",
                    "Y2Fm",
                    "\u00e9",
                    "\u00c3\u00a9",
                    "iso-2022-jp",
                    "utf-7",
                    "+",
                    "*de",
                    "\0",
                    "utf-16",
                    "gb18030",
                    "\u0085",
                    "\u00ff"
                };
        for (int run = 0; run < 5_000; run++) {
            var raw = new StringBuilder();
            for (int i = random.nextInt(24); i > 0; i--) {
                raw.append(pieces[random.nextInt(pieces.length)]);
            }

            var text = decode(raw.toString());

            assertThat(text.chars()).noneMatch(Character::isISOControl);
        }
    }

    @Timeout(30) // guards against quadratic time
    @ParameterizedTest
    @CsvSource({
        "'=?'",
        "'=?utf-8?Q?'",
        "'=?utf-8?B?a '",
        "'=?a?b'",
        "'=?x?Q?=E9?= '",
        "'=?u?b?=?'",
        "'\u001b$B'",
        "'\r\n '",
        "'\u00e9=?'"
    })
    void worksInOnePassOnAMegabyte(String piece) {
        var raw = piece.repeat(1_000_000 / piece.length()).getBytes(ISO_8859_1);

        assertThat(HeaderText.decode(raw).length()).isLessThanOrEqualTo(raw.length);
    }

    private static String decode(String raw) {
        return HeaderText.decode(raw.getBytes(ISO_8859_1));
    }

    private static String word(byte[] octets, int from, int to) {
        var part = Arrays.copyOfRange(octets, from, to);
        return "=?utf-8?B?" + Base64.getEncoder().encodeToString(part) + "?=";
    }
}
