package postern.web.coding;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class GzipOctetsTest {

    @Test
    void whatIsWrittenInPiecesIsReadAsAWhole() throws IOException {
        var pieces = List.of("", "a", "tea ".repeat(50_000), "", "end");

        assertThat(read(compressed(pieces))).isEqualTo(String.join("", pieces));
    }

    /** A client waits for it, as where an answer comes while it is made. */
    @Test
    void eachPieceCanBeReadWhenItHasBeenWritten() throws IOException {
        try (var gzip = new GzipOctets()) {
            var first = gzip.write(false, ByteBuffer.wrap("first".getBytes(UTF_8)));

            var in = new GZIPInputStream(new ByteArrayInputStream(first.array()));
            assertThat(new String(in.readNBytes(5), UTF_8)).isEqualTo("first");
        }
    }

    /** BREACH: the length must not tell how much of the answer was there before. */
    @Test
    void theSameAnswerHasManyLengths() {
        var lengths = new HashSet<Integer>();
        for (int i = 0; i < 500; i++) {
            lengths.add(compressed(List.of("tea ".repeat(1_000))).length);
        }

        assertThat(lengths).hasSizeGreaterThan(50);
    }

    /** It holds memory outside of the heap. */
    @Test
    void theCompressorIsGivenBackWithTheLastPiece() {
        try (var gzip = new GzipOctets()) {
            gzip.write(true, ByteBuffer.wrap("all".getBytes(UTF_8)));

            assertThatThrownBy(() -> gzip.write(true, ByteBuffer.allocate(1)))
                    .hasMessageContaining("closed");
        }
    }

    private static byte[] compressed(List<String> pieces) {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GzipOctets()) {
            for (int i = 0; i < pieces.size(); i++) {
                var piece = ByteBuffer.wrap(pieces.get(i).getBytes(UTF_8));
                out.writeBytes(gzip.write(i == pieces.size() - 1, piece).array());
            }
        }
        return out.toByteArray();
    }

    private static String read(byte[] octets) throws IOException {
        try (var in = new GZIPInputStream(new ByteArrayInputStream(octets))) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }
}
