package postern.octets;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

/** Eight octets at a time find what one at a time does. */
class OctetScanTest {

    /** Many octets that are one apart from those that are looked for, or lack the high bit. */
    private static final byte[] TELLING = {0, 1, 2, 9, 10, 11, 12, 13, 14, 127, -128, -118, -115};

    private final Random random = new Random(23);

    @Test
    void findsTheFirstLineEnd() {
        for (int round = 0; round < 20_000; round++) {
            var octets = octets();
            int from = random.nextInt(octets.length + 1);
            int to = from + random.nextInt(octets.length - from + 1);

            assertThat(OctetScan.lineEnd(octets, from, to))
                    .isEqualTo(first(octets, from, to, octet -> octet == '\r' || octet == '\n'));
        }
    }

    @Test
    void tellsWhetherThereIsANulOrAnOctetAbove127() {
        for (int round = 0; round < 20_000; round++) {
            var octets = octets();
            int from = random.nextInt(octets.length + 1);
            int to = from + random.nextInt(octets.length - from + 1);

            assertThat(OctetScan.hasNul(octets, from, to))
                    .isEqualTo(first(octets, from, to, octet -> octet == 0) < to);
            assertThat(OctetScan.ascii(octets, from, to))
                    .isEqualTo(first(octets, from, to, octet -> octet < 0) == to);
        }
    }

    /** Mostly of one kind, so that a search often gets far. */
    private byte[] octets() {
        var octets = new byte[random.nextInt(40)];
        byte usual = TELLING[random.nextInt(TELLING.length)];
        for (int i = 0; i < octets.length; i++) {
            octets[i] = random.nextInt(10) > 0 ? usual : TELLING[random.nextInt(TELLING.length)];
        }
        return octets;
    }

    private static int first(byte[] octets, int from, int to, IntPredicate wanted) {
        int i = from;
        while (i < to && !wanted.test(octets[i])) {
            i++;
        }
        return i;
    }
}
