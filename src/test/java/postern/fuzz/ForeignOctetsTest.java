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
 * For any untrusted input, each reader throws only what it declares, terminates, returns output of
 * bounded size, and takes linear time. {@code -Dfuzz.inputs=1000000} and {@code -Dfuzz.seed} are
 * for the long form: see {@code docs/testing.md}.
 */
@Timeout(value = 4, unit = TimeUnit.HOURS)
class ForeignOctetsTest {

    private static final long SEED = Long.getLong("fuzz.seed", 1);
    private static final int INPUTS = Integer.getInteger("fuzz.inputs", 2_000);

    /** Input sizes whose processor time is compared; the second is four times the first. */
    private static final int SMALL = 48 << 10;

    private static final int LARGE = 4 * SMALL;

    /** Upper bound on the growth of time for four times the size: 4 if linear, 16 if quadratic. */
    private static final int MOST_GROWTH = 9;

    /** Below this time, growth is noise. */
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
            // the minimum of several runs, since other load and compilation only add time
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

    /**
     * Stores a failing input; it belongs in src/test/resources/fuzz/TARGET once the fault is fixed.
     */
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
