package postern.mime.encoding;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TransferEncodingTest {

    private static final Base64.Encoder MIME = Base64.getMimeEncoder();

    @ParameterizedTest
    @CsvSource({
        "base64, BASE64",
        "' BASE64 ', BASE64",
        "Quoted-Printable, QUOTED_PRINTABLE",
        "x-uuencode, UUENCODE",
        "uuencode, UUENCODE",
        "X-UUE, UUENCODE",
        "Base-64, BASE64",
        "base64; x, BASE64",
        "base64;x, BASE64",
        "'8bit, base64', BASE64",
        "base64 (really), BASE64",
        "=?utf-8?Q?base64?=, BASE64",
        "BASE64., BASE64",
        "'\"quoted-printable\"', QUOTED_PRINTABLE",
        "quoted printable, QUOTED_PRINTABLE",
        "quoted_printable, QUOTED_PRINTABLE",
        "Quoted/Printable, QUOTED_PRINTABLE",
        "QuotedPrintable, QUOTED_PRINTABLE",
        "7-bit, IDENTITY",
        "8-Bit, IDENTITY",
        "8bits, IDENTITY",
        "utf-8, IDENTITY",
        "us-ascii, IDENTITY",
        "none, IDENTITY",
        "7bit, IDENTITY",
        "8BIT, IDENTITY",
        "binary, IDENTITY",
        "x-nobody-knows, IDENTITY",
        "'', IDENTITY",
        ", IDENTITY"
    })
    void isKnownByItsName(String cte, TransferEncoding encoding) {
        assertThat(TransferEncoding.of(cte)).isEqualTo(encoding);
    }

    @Test
    void identityLeavesTheStreamAlone() {
        var source = new ByteArrayInputStream(new byte[] {1, 2, 3});

        assertThat(TransferEncoding.IDENTITY.decode(source)).isSameAs(source);
    }

    @Test
    void decodesBase64OfEveryLengthAroundABlock() throws IOException {
        var random = new Random(64);
        for (int block : new int[] {0, 57, 36_480, 72_960}) {
            for (int length = Math.max(0, block - 80); length < block + 80; length++) {
                var octets = octets(random, length);

                assertDecodes(TransferEncoding.BASE64, MIME.encode(octets), octets, random);
            }
        }
    }

    @Test
    void decodesBase64InLinesOfAnyLength() throws IOException {
        var random = new Random(76);
        for (int run = 0; run < 80; run++) {
            var separator = random.nextBoolean() ? "\r\n" : random.nextBoolean() ? "\n" : " \r\n\t";
            int line = 4 * (1 + random.nextInt(random.nextBoolean() ? 20 : 300));
            var octets = octets(random, random.nextInt(120_000));
            var encoded =
                    Base64.getMimeEncoder(line, separator.getBytes(ISO_8859_1)).encode(octets);

            assertDecodes(TransferEncoding.BASE64, encoded, octets, random);
        }
    }

    @Test
    void skipsJunkInBase64() throws IOException {
        var random = new Random(4648);
        var junk = "!.,-_\0 \t\r\n\u00ff{}";
        for (int run = 0; run < 30; run++) {
            var octets = octets(random, random.nextInt(150_000));
            var encoded = new ByteArrayOutputStream();
            int every = 1 + random.nextInt(20_000);
            for (byte digit : MIME.encode(octets)) {
                if (random.nextInt(every) == 0) {
                    encoded.write(junk.charAt(random.nextInt(junk.length())));
                }
                encoded.write(digit);
            }

            assertDecodes(TransferEncoding.BASE64, encoded.toByteArray(), octets, random);
        }
    }

    @Test
    void readsOnAfterPaddingInTheMiddle() throws IOException {
        var random = new Random(3548);
        for (int run = 0; run < 30; run++) {
            var octets = new ByteArrayOutputStream();
            var encoded = new ByteArrayOutputStream();
            for (int part = random.nextInt(6); part >= 0; part--) {
                var piece = octets(random, random.nextInt(60_000));
                octets.writeBytes(piece);
                encoded.writeBytes(MIME.encode(piece));
            }

            assertDecodes(
                    TransferEncoding.BASE64, encoded.toByteArray(), octets.toByteArray(), random);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r\n_____________________________\r\nTeam mailing list\r\nteam@example.org\r\n",
                "\r\n\r\n-- \r\nYou received this message because you subscribed.\r\n",
                "\r\n---\r\nThis list\r\n",
                "\r\n=====\r\nThis list\r\n",
                "--boundary--\r\n",
            })
    void leavesOutTheFooterOfAMailingList(String footer) throws IOException {
        var random = new Random(2369);
        for (int length : new int[] {1, 2, 3, 56, 57, 58, 100, 72_957, 72_960, 72_961, 150_003}) {
            var octets = octets(random, length);
            var encoded = new ByteArrayOutputStream();
            encoded.writeBytes(MIME.encode(octets));
            boolean padded = length % 3 != 0;
            encoded.writeBytes(
                    (footer.startsWith("\r\n") || padded ? footer : "\r\n" + footer)
                            .getBytes(ISO_8859_1));

            assertDecodes(TransferEncoding.BASE64, encoded.toByteArray(), octets, random);
        }
    }

    @Test
    void leavesOutPlainTextBehindPadding() throws IOException {
        assertThat(decode(TransferEncoding.BASE64, "SGVsbG8=\r\nSent from our list.\r\nBye\r\n"))
                .isEqualTo("Hello");
        assertThat(decode(TransferEncoding.BASE64, "SGVsbG8= (end)\r\n")).isEqualTo("Hello");
    }

    @Test
    void readsBase64ThatWasEncodedPieceByPiece() throws IOException {
        var random = new Random(2045);
        for (var between : new String[] {"", "\r\n", "\n", "\r\n\r\n"}) {
            for (int pieces : new int[] {2, 40, 20_000}) {
                var octets = new ByteArrayOutputStream();
                var encoded = new ByteArrayOutputStream();
                for (int i = 0; i < pieces; i++) {
                    var piece = octets(random, 1 + random.nextInt(8));
                    octets.writeBytes(piece);
                    encoded.writeBytes(Base64.getEncoder().encode(piece));
                    encoded.writeBytes(between.getBytes(ISO_8859_1));
                }

                assertDecodes(
                        TransferEncoding.BASE64,
                        encoded.toByteArray(),
                        octets.toByteArray(),
                        random);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "SGVsbG8=, Hello", "SGVsbG8, Hello", "SGVsbA, Hell", "SGVsbG8====, Hello",
                "SGVsbG8=S, Hello",
        "=SGVsbG8=, Hello", "S, ''", "'', ''", "====, ''", "SGV sbG 8, Hello"
    })
    void decodesBrokenBase64(String encoded, String text) throws IOException {
        assertThat(decode(TransferEncoding.BASE64, encoded)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "a=3Db|a=b",
                "caf=e9|caf\u00e9",
                "a=<CR><LF>b|ab",
                "a=<LF>b|ab",
                "a= \t<CR><LF>b|ab",
                "a=|a",
                "a=  |a",
                "a  \t<CR><LF>b|a<CR><LF>b",
                "a <LF>b|a<LF>b",
                "a b|a b",
                "a  |a",
                "a<CR>b|a<CR>b",
                "a <CR>b|a <CR>b",
                "100=% =XY =4 =|100=% =XY =4 ",
                "a==3D|a==",
                "=\u00e9|=\u00e9",
                "_|_",
            })
    void decodesQuotedPrintable(String encoded, String text) throws IOException {
        assertThat(decode(TransferEncoding.QUOTED_PRINTABLE, withLineBreaks(encoded)))
                .isEqualTo(withLineBreaks(text));
    }

    @Test
    void decodesQuotedPrintableAcrossBlocks() throws IOException {
        var random = new Random(2045);
        for (int run = 0; run < 40; run++) {
            var octets = octets(random, random.nextInt(120_000));

            assertDecodes(
                    TransferEncoding.QUOTED_PRINTABLE, quoted(octets, random), octets, random);
        }
    }

    @Test
    void readsOnBehindALineOfPadding() throws IOException {
        var padding = "\r\n" + "=".repeat(76) + "\r\n";

        assertThat(decode(TransferEncoding.BASE64, "YmVm" + padding + "b3Jl")).isEqualTo("before");
        assertThat(decode(TransferEncoding.BASE64, "YmVm" + padding + "To leave the list: no"))
                .isEqualTo("bef");
    }

    @Test
    void decidesTheSameAtEveryBlockBoundary() throws IOException {
        for (int before = 48 * 1024 - 1_100; before < 48 * 1024 + 10; before++) {
            var filler = "x".repeat(before);

            assertThat(
                            decode(
                                    TransferEncoding.QUOTED_PRINTABLE,
                                    filler + "=41 \t \r\n= \r\n=C3.\r\n"))
                    .isEqualTo(filler + "A\r\n\u00c3.\r\n");
        }
    }

    @Test
    void keepsWhiteSpaceTooLongForALine() throws IOException {
        var encoded = "a" + " ".repeat(200_000) + "b";

        assertThat(decode(TransferEncoding.QUOTED_PRINTABLE, encoded)).isEqualTo(encoded);
    }

    @Test
    void decodesUuencodedFiles() throws IOException {
        var random = new Random(1980);
        for (int run = 0; run < 30; run++) {
            var octets = octets(random, random.nextInt(120_000));
            char zero = random.nextBoolean() ? ' ' : '`';
            var encoded =
                    "Hello!\r\n\r\nbegin 644 a.bin\r\n"
                            + uuencoded(octets, zero)
                            + "end\r\nBye\r\n";

            assertDecodes(TransferEncoding.UUENCODE, encoded.getBytes(ISO_8859_1), octets, random);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "begin 644 x~#0V%T~`~end | Cat",
                "begin 644 x~#0V%T~end~begin 644 y~#0V%T~end | CatCat",
                "begin 644 x~#0V%T | Cat",
                "#0V%T~end | ''",
            })
    void decodesUuencodedLines(String lines, String text) throws IOException {
        assertThat(decode(TransferEncoding.UUENCODE, lines.replace('~', '\n'))).isEqualTo(text);
    }

    @Test
    void restoresSpacesLostFromTheEndOfUuencodedLines() throws IOException {
        var encoded = "begin 644 x\n" + "M\n".repeat(30_000) + "end\n";

        assertThat(decode(TransferEncoding.UUENCODE, encoded)).isEqualTo("\0".repeat(45 * 30_000));
    }

    @Test
    void passesOverUuencodedLinesLongerThanABlock() throws IOException {
        var encoded = "begin 644 x\n#0V%T\n" + "M".repeat(100_000) + "\n#0V%T\nend\n";

        assertThat(decode(TransferEncoding.UUENCODE, encoded)).isEqualTo("CatCat");
    }

    @ParameterizedTest
    @EnumSource
    void decodesAnyNoiseIntoNoMoreThanItCouldHold(TransferEncoding encoding) throws IOException {
        var random = new Random(7);
        for (int run = 0; run < 30; run++) {
            var noise = octets(random, random.nextInt(150_000));

            var decoded = encoding.decode(trickling(noise, random)).readAllBytes();

            assertThat(decoded.length).isLessThanOrEqualTo(noise.length * 32 + 63);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "IDENTITY")
    void closesItsSource(TransferEncoding encoding) throws IOException {
        var closed = new boolean[1];
        var source =
                new ByteArrayInputStream(new byte[0]) {
                    @Override
                    public void close() {
                        closed[0] = true;
                    }
                };

        encoding.decode(source).close();

        assertThat(closed[0]).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void readsSingleOctets(TransferEncoding encoding) throws IOException {
        var stream = encoding.decode(new ByteArrayInputStream(new byte[0]));

        assertThat(stream.read()).isEqualTo(-1);
        assertThat(stream.read(new byte[4])).isEqualTo(-1);
        assertThat(stream.read(new byte[4], 2, 0)).isIn(0, -1);
    }

    @Timeout(30) // guards against quadratic time
    @ParameterizedTest
    @ValueSource(
            strings = {
                " ",
                "=",
                "= ",
                "\n",
                "\t\r",
                "=\r",
                "M\n",
                "begin \n",
                "====A",
                "AA==",
                "A-\n",
                "--\n",
                "A==\nA-",
                "\n--AAAA"
            })
    void worksInOnePassOnHalfAMegabyte(String piece) throws IOException {
        var encoded = piece.repeat(500_000 / piece.length()).getBytes(ISO_8859_1);
        for (var encoding : TransferEncoding.values()) {
            var decoded = encoding.decode(new ByteArrayInputStream(encoded));

            assertThat(decoded.transferTo(OutputStream.nullOutputStream()))
                    .isLessThanOrEqualTo(encoded.length);
        }
    }

    private static void assertDecodes(
            TransferEncoding encoding, byte[] encoded, byte[] octets, Random random)
            throws IOException {
        var decoded = new ByteArrayOutputStream(octets.length);
        try (var stream = encoding.decode(trickling(encoded, random))) {
            var buffer = new byte[1 + random.nextInt(50_000)];
            int count;
            while ((count = readSome(stream, buffer, random)) >= 0) {
                decoded.write(buffer, 0, count);
            }
        }

        assertThat(Arrays.mismatch(decoded.toByteArray(), octets)).isEqualTo(-1);
    }

    private static int readSome(InputStream stream, byte[] buffer, Random random)
            throws IOException {
        if (random.nextInt(8) == 0) {
            int octet = stream.read();
            buffer[0] = (byte) octet;
            return octet < 0 ? -1 : 1;
        }
        return stream.read(buffer, 0, 1 + random.nextInt(buffer.length));
    }

    /** A source that returns any number of octets per read, as a socket does. */
    private static InputStream trickling(byte[] octets, Random random) {
        int most = 1 + random.nextInt(random.nextBoolean() ? 100 : 100_000);
        return new ByteArrayInputStream(octets) {
            @Override
            public synchronized int read(byte[] into, int offset, int length) {
                return super.read(into, offset, Math.min(length, 1 + random.nextInt(most)));
            }

            @Override
            public synchronized int read() {
                throw new AssertionError("octets are read in bulk");
            }

            @Override
            public byte[] readNBytes(int length) {
                throw new AssertionError("octets are read into fixed buffers");
            }

            @Override
            public int readNBytes(byte[] into, int offset, int length) {
                int count = 0;
                int more;
                while (count < length && (more = read(into, offset + count, length - count)) > 0) {
                    count += more;
                }
                return count;
            }
        };
    }

    private static String decode(TransferEncoding encoding, String encoded) throws IOException {
        var source = new ByteArrayInputStream(encoded.getBytes(ISO_8859_1));
        return new String(encoding.decode(source).readAllBytes(), ISO_8859_1);
    }

    private static String withLineBreaks(String text) {
        return text.replace("<CR>", "\r").replace("<LF>", "\n");
    }

    private static byte[] octets(Random random, int length) {
        var octets = new byte[length];
        random.nextBytes(octets);
        return octets;
    }

    private static byte[] quoted(byte[] octets, Random random) {
        var quoted = new ByteArrayOutputStream();
        for (byte octet : octets) {
            if (octet > ' ' && octet != '=' && octet != 0x7F) {
                quoted.write(octet);
            } else {
                var hex = random.nextBoolean() ? HexFormat.of() : HexFormat.of().withUpperCase();
                quoted.writeBytes(("=" + hex.toHexDigits(octet)).getBytes(ISO_8859_1));
            }
            if (random.nextInt(40) == 0) {
                quoted.writeBytes("=\r\n".getBytes(ISO_8859_1));
            }
        }
        return quoted.toByteArray();
    }

    private static String uuencoded(byte[] octets, char zero) {
        var encoded = new StringBuilder();
        for (int start = 0; start < octets.length; start += 45) {
            int length = Math.min(45, octets.length - start);
            encoded.append((char) (' ' + length));
            var line = Arrays.copyOfRange(octets, start, start + (length + 2) / 3 * 3);
            for (int i = 0; i < line.length; i += 3) {
                int group =
                        (line[i] & 0xFF) << 16 | (line[i + 1] & 0xFF) << 8 | (line[i + 2] & 0xFF);
                for (int shift = 18; shift >= 0; shift -= 6) {
                    int bits = group >>> shift & 0x3F;
                    encoded.append(bits == 0 ? zero : (char) (' ' + bits));
                }
            }
            encoded.append("\r\n");
        }
        return encoded.append(zero).append("\r\n").toString();
    }

    @Test
    void estimatesWhatIsDecoded() {
        assertThat(TransferEncoding.BASE64.estimateDecoded(7_800, "image")).isEqualTo(5_700);
        assertThat(TransferEncoding.UUENCODE.estimateDecoded(1_854, "application"))
                .isBetween(1_200L, 1_400L);
        assertThat(TransferEncoding.QUOTED_PRINTABLE.estimateDecoded(1_000, "text"))
                .isBetween(800L, 1_000L);
        assertThat(TransferEncoding.of("x-yencode").estimateDecoded(1_000, "application"))
                .isEqualTo(1_000); // returned unchanged
    }
}
