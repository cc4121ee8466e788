package postern.benchmark;

import java.util.ArrayList;
import java.util.List;

/** The durations of repeated runs of the same work. */
final class Samples {

    /** Work to be timed. */
    interface Work {
        void run() throws Exception;
    }

    private final List<Long> nanos = new ArrayList<>();

    /** Runs the work and records its duration. */
    void time(Work work) throws Exception {
        nanos.add(timed(work));
    }

    void add(long elapsedNanos) {
        nanos.add(elapsedNanos);
    }

    static long timed(Work work) throws Exception {
        long start = System.nanoTime();
        work.run();
        return System.nanoTime() - start;
    }

    void clear() {
        nanos.clear();
    }

    int count() {
        return nanos.size();
    }

    double medianMillis() {
        if (nanos.isEmpty()) {
            throw new IllegalStateException("nothing was measured");
        }
        var sorted = nanos.stream().sorted().toList();
        int middle = sorted.size() / 2;
        long median =
                sorted.size() % 2 == 1
                        ? sorted.get(middle)
                        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
        return median / 1e6;
    }
}
