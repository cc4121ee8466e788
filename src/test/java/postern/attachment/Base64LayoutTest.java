package postern.attachment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import postern.mime.encoding.TransferEncoding;

class Base64LayoutTest {

    private static final int RANGES = 100;
    private static final int SIZES = 20;

    private final Random random = new Random(20261123);

    @ParameterizedTest
    @CsvSource({
        "60, LF",
        "60, CRLF",
        "64, LF",
        "64, CRLF",
        "72, LF",
        "72, CRLF",
        "76, LF",
        "76, CRLF"
    })
    void findsAnyRangeOfAnyFile(int line, String end) throws IOException {
        for (int i = 0; i < SIZES; i++) {
            var file = octets(2_000 + random.nextInt(20_000));
            for (var trailing : new String[] {"", end(end), end(end).repeat(3)}) {
                var body = encode(file, line, end(end)) + trailing;

                var layout = layout(body).orElseThrow();

                assertThat(layout.decoded()).isEqualTo(file.length);
                for (int n = 0; n < RANGES; n++) {
                    int from = random.nextInt(file.length);
                    int to = from + 1 + random.nextInt(file.length - from);
                    assertThat(slice(body, layout, from, to))
                            .isEqualTo(Arrays.copyOfRange(file, from, to));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {57 * 100, 57 * 100 + 1, 57 * 100 + 2, 57 * 100 - 1, 57 * 100 - 2})
    void knowsTheLengthWhateverTheLastLineHolds(int size) {
        assertThat(layout(encode(octets(size), 76, "\r\n")).map(Base64Layout::decoded))
                .hasValue((long) size);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no line ends",
                "a first line that is shorter",
                "a blank first line",
                "a line in the middle that is shorter",
                "a blank line in the middle",
                "other line ends at the end",
                "lines that no group of four ends with",
                "padding in the middle",
                "padding before the last digit",
                "too much padding",
                "a digit too many",
                "a digit missing",
                "junk in a line",
                "nothing but line ends at the end"
            })
    void refusesABodyWith(String oddity) {
        var body = encode(octets(5_700), 76, "\r\n");
        var odd =
                switch (oddity) {
                    case "no line ends" -> body.replace("\r\n", "");
                    case "a first line that is shorter" ->
                            body.substring(0, 40) + "\r\n" + body.substring(40);
                    case "a blank first line" -> "\r\n" + body;
                    case "a line in the middle that is shorter" ->
                            body.substring(0, 78 * 50 + 40) + "\r\n" + body.substring(78 * 50 + 40);
                    case "a blank line in the middle" ->
                            body.substring(0, 78 * 50) + "\r\n" + body.substring(78 * 50);
                    case "other line ends at the end" ->
                            body.substring(0, 78 * 90)
                                    + body.substring(78 * 90).replace("\r\n", "\n");
                    case "lines that no group of four ends with" ->
                            String.join("\r\n", body.replace("\r\n", "").split("(?<=\\G.{75})"));
                    case "padding in the middle" ->
                            body.substring(0, 78 * 99 + 3) + "=" + body.substring(78 * 99 + 4);
                    case "padding before the last digit" ->
                            body.substring(0, body.length() - 2) + "=A";
                    case "too much padding" -> body.substring(0, body.length() - 3) + "===";
                    case "a digit too many" -> body + "A";
                    case "a digit missing" -> body.substring(0, body.length() - 1);
                    case "junk in a line" ->
                            body.substring(0, 78 * 95 + 9) + "!" + body.substring(78 * 95 + 10);
                    case "nothing but line ends at the end" -> body + "\r\n".repeat(600);
                    default -> throw new IllegalArgumentException(oddity);
                };

        assertThat(layout(odd)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {-77, -2, -1, 1, 2, 3, 77})
    void refusesABodyThatIsNotAsLongAsItIsSaidToBe(int error) {
        var body = encode(octets(5_701), 76, "\r\n").getBytes(StandardCharsets.US_ASCII);

        assertThat(Base64Layout.of(head(body), tail(body), body.length + error)).isEmpty();
    }

    private byte[] octets(int size) {
        var octets = new byte[size];
        random.nextBytes(octets);
        return octets;
    }

    private static String end(String name) {
        return name.equals("LF") ? "\n" : "\r\n";
    }

    private static String encode(byte[] file, int line, String end) {
        return Base64.getMimeEncoder(line, end.getBytes(StandardCharsets.US_ASCII))
                .encodeToString(file);
    }

    private static Optional<Base64Layout> layout(String body) {
        var octets = body.getBytes(StandardCharsets.US_ASCII);
        return Base64Layout.of(head(octets), tail(octets), octets.length);
    }

    private static byte[] head(byte[] body) {
        return Arrays.copyOf(body, Base64Layout.SAMPLE);
    }

    private static byte[] tail(byte[] body) {
        return Arrays.copyOfRange(body, body.length - Base64Layout.SAMPLE, body.length);
    }

    private static byte[] slice(String body, Base64Layout layout, int from, int to)
            throws IOException {
        int begin = (int) layout.encodedOffset(from);
        int end = (int) layout.encodedOffset(to - 1L) + 4;
        var encoded = body.substring(begin, end).getBytes(StandardCharsets.US_ASCII);
        try (var decoded = TransferEncoding.BASE64.decode(new ByteArrayInputStream(encoded))) {
            decoded.skipNBytes(layout.skip(from));
            return decoded.readNBytes(to - from);
        }
    }
}
