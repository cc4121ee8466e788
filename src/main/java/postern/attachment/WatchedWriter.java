package postern.attachment;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Writes to a client that may stop reading at any time. A watchdog thread notices a write that
 * takes too long while it is still blocked, and gives up the resources that the client holds.
 */
final class WatchedWriter implements AutoCloseable {

    private final OutputStream out;
    private final Duration patience;
    private final Runnable stalled;
    private boolean writing;
    private boolean closed;
    private long began;

    /**
     * @param patience upper bound on the duration of one write
     * @param stalled called at most once, and only during a write
     */
    WatchedWriter(OutputStream out, Duration patience, Runnable stalled) {
        this.out = out;
        this.patience = patience;
        this.stalled = stalled;
        Thread.ofVirtual().name("download-watch").start(this::watch);
    }

    /** Returns the duration of the write in nanoseconds. */
    long write(byte[] octets, int length) throws IOException {
        long start = begin();
        try {
            out.write(octets, 0, length);
        } finally {
            end();
        }
        return System.nanoTime() - start;
    }

    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
    }

    private synchronized long begin() {
        writing = true;
        began = System.nanoTime();
        return began;
    }

    /** Waits until a running {@code stalled} has finished, before the writer's thread goes on. */
    private synchronized void end() {
        writing = false;
    }

    private synchronized void watch() {
        try {
            while (!closed) {
                long left = patience.toNanos();
                if (writing) {
                    left -= System.nanoTime() - began;
                }
                if (left <= 0) {
                    stalled.run();
                    return;
                }
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException _) {
            // never interrupted; if it were, the watchdog would end
        }
    }
}
