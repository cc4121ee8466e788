package postern.compose;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CrlfStreamTest {

    private final Random random = new Random(23);

    @Test
    void endsEveryLineWithCrlfHoweverTheOctetsAreCut() throws IOException {
        for (int round = 0; round < 5_000; round++) {
            var text = text();
            var expected = text.replaceAll("\r\n|\r|\n", "\r\n");
            var out = new ByteArrayOutputStream();
            var lines = new CrlfStream(out);

            writeInPieces(text.getBytes(ISO_8859_1), lines);

            assertThat(out.toString(ISO_8859_1)).isEqualTo(expected);
            assertThat(lines.changed()).isEqualTo(!text.equals(expected));
        }
    }

    private String text() {
        var text = new StringBuilder();
        var kinds =
                random.nextBoolean() ? new String[] {"\r\n"} : new String[] {"\r", "\n", "\r\n"};
        int lines = random.nextInt(6);
        for (int i = 0; i < lines; i++) {
            text.append("x".repeat(random.nextInt(12)));
            text.append(kinds[random.nextInt(kinds.length)]);
        }
        return text.append("y".repeat(random.nextInt(3))).toString();
    }

    private void writeInPieces(byte[] octets, CrlfStream lines) throws IOException {
        int from = 0;
        while (from < octets.length) {
            int count = 1 + random.nextInt(octets.length - from);
            lines.write(octets, from, count);
            from += count;
        }
        lines.close();
    }
}
