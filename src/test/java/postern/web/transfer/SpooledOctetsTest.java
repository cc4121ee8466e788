package postern.web.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

class SpooledOctetsTest {

    private static final int LARGE = 1 << 20;

    @TempDir private Path directory;
    private SpoolSpace space;

    @BeforeEach
    void spaceForTwoMegabytes() throws IOException {
        space = new SpoolSpace(new SpoolProperties(DataSize.ofMegabytes(2), directory));
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        assertThat(space.taken()).isZero();
        space.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 10_000, 262_144, 262_145, LARGE})
    void givesBackWhatWasWrittenInWhateverPieces(int length) throws IOException {
        var octets = random(length);

        for (int piece : new int[] {1 + length / 3, 70_000, Math.max(1, length)}) {
            try (var spooled = new SpooledOctets(space)) {
                for (int at = 0; at < length; at += piece) {
                    spooled.write(octets, at, Math.min(piece, length - at));
                }

                assertThat(spooled.length()).isEqualTo(length);
                assertThat(spooled.open().readAllBytes()).isEqualTo(octets);
                assertThat(spooled.open().readAllBytes()).isEqualTo(octets);
                assertThat(spooled.length()).isEqualTo(length);
            }
        }
    }

    @Test
    void takesRoomOnlyForWhatIsInAFileAndLeavesNone() throws IOException {
        try (var few = new SpooledOctets(space);
                var many = new SpooledOctets(space)) {
            few.write(random(1_000));
            many.write(random(LARGE));

            assertThat(space.taken()).isEqualTo(LARGE);
            assertThat(files()).isEqualTo(2); // the other one is the lock
        }

        assertThat(files()).isEqualTo(1);
    }

    @Test
    void isRefusedWhereTheSpaceIsFull() throws IOException {
        try (var first = new SpooledOctets(space);
                var second = new SpooledOctets(space)) {
            first.reserve(LARGE + 1);

            assertThatThrownBy(() -> second.write(random(LARGE))).isInstanceOf(SpoolFull.class);
        }
    }

    private long files() throws IOException {
        try (var files = Files.list(space.directory())) {
            return files.count();
        }
    }

    private static byte[] random(int length) {
        var octets = new byte[length];
        new Random(length).nextBytes(octets);
        return octets;
    }
}
