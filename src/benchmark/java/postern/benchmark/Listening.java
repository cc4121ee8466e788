package postern.benchmark;

import java.io.IOException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Reads the lines of a connection on a thread of its own, and notes when those that count come. */
final class Listening implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 60;

    private final LinkedBlockingQueue<Long> times = new LinkedBlockingQueue<>();
    private final AutoCloseable connection;
    private final Thread reader;

    /** Reads the next line. */
    interface Lines {
        String next() throws IOException;
    }

    Listening(AutoCloseable connection, Lines lines, Predicate<String> counts) {
        this.connection = connection;
        this.reader =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                while (true) {
                                    if (counts.test(lines.next())) {
                                        times.add(System.nanoTime());
                                    }
                                }
                            } catch (IOException _) {
                                // closed
                            }
                        });
    }

    /** When the next line that counts came, by System.nanoTime. */
    long next() throws IOException, InterruptedException {
        var time = times.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (time == null) {
            throw new IOException("nothing was told for %d seconds".formatted(PATIENCE_SECONDS));
        }
        return time;
    }

    /** Drops what came since; returns when nothing has come for so long. */
    void settle(long millis) throws InterruptedException {
        Long time = 0L;
        while (time != null) {
            time = times.poll(millis, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void close() throws Exception {
        connection.close();
        reader.join();
    }
}
