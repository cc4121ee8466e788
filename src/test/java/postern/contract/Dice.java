package postern.contract;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;

/** Reproducible choices: the same seed and number always choose the same. */
final class Dice {

    private final Random random;

    Dice(long seed, long number) {
        // Mixed as in SplitMix64, since similar seeds give java.util.Random similar first numbers.
        long mixed = seed * 0x9e3779b97f4a7c15L + number;
        mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        random = new Random(mixed ^ (mixed >>> 31));
    }

    boolean happens(double probability) {
        return random.nextDouble() < probability;
    }

    /** A number from the first to the last, both included. */
    int between(int first, int last) {
        return first + random.nextInt(last - first + 1);
    }

    long between(long first, long last) {
        return last == Long.MAX_VALUE
                ? random.nextLong(first, last)
                : random.nextLong(first, last + 1);
    }

    <T> T pick(Collection<T> choices) {
        var list = choices instanceof List<T> it ? it : List.copyOf(choices);
        return list.get(random.nextInt(list.size()));
    }

    @SafeVarargs
    final <T> T pick(T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    /** Some of the choices in their order, at most so many. */
    <T> List<T> some(Collection<T> choices, int most) {
        var chosen = new ArrayList<T>();
        for (var choice : choices) {
            if (chosen.size() < most && random.nextBoolean()) {
                chosen.add(choice);
            }
        }
        return chosen;
    }
}
