package postern.samplemail;

import java.util.List;
import java.util.Random;

/**
 * Reproducible randomness that depends on the seed, the message's index and the purpose only, so
 * that any message can be made without making those before it.
 */
final class SeededRandom {
    private final Random random;

    private SeededRandom(Random random) {
        this.random = random;
    }

    static SeededRandom of(long seed, int index, String purpose) {
        // Mixed as in MurmurHash3, since similar seeds give java.util.Random similar first numbers.
        long mixed = seed * 0x9e3779b97f4a7c15L + index * 31L + purpose.hashCode();
        mixed = (mixed ^ (mixed >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return new SeededRandom(new Random(mixed ^ (mixed >>> 33)));
    }

    boolean happens(double probability) {
        return random.nextDouble() < probability;
    }

    int between(int least, int most) {
        return least + random.nextInt(most - least + 1);
    }

    /** A size with a log-uniform distribution. */
    int size(int least, int most) {
        double log = Math.log(least) + random.nextDouble() * (Math.log(most) - Math.log(least));
        return (int) Math.exp(log);
    }

    <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    byte[] noise(int size) {
        var octets = new byte[size];
        random.nextBytes(octets);
        return octets;
    }

    void fill(byte[] octets) {
        random.nextBytes(octets);
    }
}
