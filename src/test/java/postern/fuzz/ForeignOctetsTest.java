package postern.fuzz;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever octets strangers send, each reader throws what it declares and nothing else, ends, makes
 * no more of them than their size allows, and works in proportion to it. {@code
 * -Dfuzz.inputs=1000000} and {@code -Dfuzz.seed} are for the long form: see {@code
 * docs/testing.md}.
 */
@Timeout(value = 4, unit = TimeUnit.HOURS)
class ForeignOctetsTest {

    private static final long SEED = Long.getLong("fuzz.seed", 1);
    private static final int INPUTS = Integer.getInteger("fuzz.inputs", 2_000);

    /** Sizes whose work is compared, four times as much in the second one. */
    private static final int SMALL = 48 << 10;

    private static final int LARGE = 4 * SMALL;

    /** Work of four times the size is 4 times as much where it is linear, and 16 if quadratic. */
    private static final int MOST_GROWTH = 9;

    /** Below this, growth is noise. */
    private static final long WORTH_A_LOOK = TimeUnit.MILLISECONDS.toNanos(150);

    private static final int PATTERNS = Integer.getInteger("fuzz.patterns", 6);

    static List<FuzzTarget> targets() {
        var only = System.getProperty("fuzz.only", "");
        return FuzzTargets.all().stream().filter(it -> it.name().contains(only)).toList();
    }

    @ParameterizedTest
    @MethodSource("targets")
    void throwsWhatIsDeclaredAndMakesNoMoreThanItsInputAllows(FuzzTarget target)
            throws IOException {
        for (var seed : Seeds.of(target)) {
            tryOn(target, seed);
        }
        var inputs = new MadeUpOctets(SEED, target);
        for (int i = 0; i < INPUTS; i++) {
            tryOn(target, inputs.next());
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void worksInProportionToTheSize(FuzzTarget target) throws IOException {
        var inputs = new MadeUpOctets(SEED, target);
        for (int i = 0; i < PATTERNS; i++) {
            var head = inputs.fragment();
            var block = inputs.fragment();
            var tail = inputs.fragment();
            var large = inputs.repeated(head, block, tail, LARGE);
            if (work(target, large) < WORTH_A_LOOK) {
                continue;
            }
            var small = inputs.repeated(head, block, tail, SMALL);
            // the best of several: other work and the compiler only ever add to it
            long few = best(target, small);
            long many = best(target, large);
            if (many > WORTH_A_LOOK && many > MOST_GROWTH * few) {
                throw new AssertionError(
                        "%s: %d octets take %d ms and %d take %d ms; the input is in %s"
                                .formatted(
                                        target,
                                        small.length,
                                        few / 1_000_000,
                                        large.length,
                                        many / 1_000_000,
                                        kept(target, large)));
            }
        }
    }

    private static void tryOn(FuzzTarget target, byte[] octets) throws IOException {
        try {
            int made = target.tryOn(octets);
            if (made > 65_536 + 40L * octets.length) {
                throw new AssertionError(
                        target + " makes " + made + " characters of " + octets.length + " octets");
            }
        } catch (AssertionError e) {
            throw new AssertionError(
                    "%s (fuzz.seed=%d); the input is in %s"
                            .formatted(e.getMessage(), SEED, kept(target, octets)),
                    e);
        }
    }

    private static long best(FuzzTarget target, byte[] octets) {
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            best = Math.min(best, work(target, octets));
        }
        return best;
    }

    /** Processor time of this thread. */
    private static long work(FuzzTarget target, byte[] octets) {
        var threads = ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadCpuTime();
        target.tryOn(octets);
        return threads.getCurrentThreadCpuTime() - before;
    }

    /** Goes into src/test/resources/fuzz/TARGET once it is mended. */
    private static Path kept(FuzzTarget target, byte[] octets) throws IOException {
        var name = target.name().replace(' ', '-') + "-" + Integer.toHexString(hash(octets));
        var file = Path.of("target", "fuzz", name);
        Files.createDirectories(file.getParent());
        return Files.write(file, octets);
    }

    private static int hash(byte[] octets) {
        return Arrays.hashCode(octets);
    }
}
