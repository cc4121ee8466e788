package postern.fuzz;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Inputs made from seeds by random mutation, reproducible by the seed number. */
final class MadeUpOctets {

    private static final int LONGEST = 4_096;
    private static final String[] NUMBERS = {
        "0",
        "-1",
        "1",
        "255",
        "65536",
        "2147483647",
        "2147483648",
        "4294967295",
        "9223372036854775807",
        "99999999999999999999"
    };

    private final Random random;
    private final List<byte[]> seeds;
    private final List<byte[]> words;

    MadeUpOctets(long seed, FuzzTarget target) {
        random = new Random(seed * 31 + target.name().hashCode());
        seeds = Seeds.of(target);
        words = target.words().stream().map(Seeds::octets).toList();
    }

    byte[] next() {
        var octets = pick(seeds);
        for (int i = 1 + random.nextInt(5); i > 0; i--) {
            octets = changed(octets);
        }
        return octets.length > LONGEST ? slice(octets, 0, LONGEST) : octets;
    }

    /** A beginning, a block that is repeated, and an end. */
    byte[] repeated(byte[] head, byte[] block, byte[] tail, int length) {
        var made = new ByteArrayOutputStream(length + 64);
        made.writeBytes(head);
        while (made.size() < length) {
            made.writeBytes(block);
        }
        made.writeBytes(tail);
        return made.toByteArray();
    }

    byte[] fragment() {
        if (!words.isEmpty() && random.nextInt(3) > 0) {
            var word = pick(words);
            return random.nextBoolean() ? word : joined(word, pick(words));
        }
        if (random.nextInt(4) == 0) {
            return new byte[] {(byte) random.nextInt(256)};
        }
        var seed = pick(seeds);
        if (seed.length == 0) {
            return new byte[] {' '};
        }
        int from = random.nextInt(seed.length);
        return slice(seed, from, Math.min(seed.length, from + 1 + random.nextInt(24)));
    }

    private byte[] changed(byte[] octets) {
        int at = random.nextInt(octets.length + 1);
        int end = Math.min(octets.length, at + 1 + random.nextInt(random.nextBoolean() ? 8 : 200));
        var before = slice(octets, 0, at);
        var middle = slice(octets, at, end);
        var after = slice(octets, end, octets.length);
        return switch (random.nextInt(9)) {
            case 0 -> joined(before, after);
            case 1 -> joined(before, middle, middle, after);
            case 2 -> joined(before, fragment(), middle, after);
            case 3 -> joined(before, fragment(), after);
            case 4 -> joined(before, new byte[] {(byte) random.nextInt(256)}, after);
            case 5 -> joined(before, Seeds.octets(NUMBERS[random.nextInt(NUMBERS.length)]), after);
            case 6 -> joined(before, middle);
            case 7 -> {
                var block = fragment();
                yield joined(
                        before, repeated(block, block, block, random.nextInt(400)), middle, after);
            }
            default -> joined(before, pick(seeds), after);
        };
    }

    private byte[] pick(List<byte[]> all) {
        return all.isEmpty() ? new byte[0] : all.get(random.nextInt(all.size()));
    }

    private static byte[] slice(byte[] octets, int from, int to) {
        return Arrays.copyOfRange(octets, from, to);
    }

    private static byte[] joined(byte[]... all) {
        var joined = new ByteArrayOutputStream();
        for (var each : all) {
            joined.writeBytes(each);
        }
        return joined.toByteArray();
    }
}
