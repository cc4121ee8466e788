package postern.attachment;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Writes to a client that may stop taking octets at any time. A write that lasts too long is
 * noticed while it lasts, by a thread of its own: what the client holds meanwhile is then given up.
 */
final class WatchedWriter implements AutoCloseable {

    private final OutputStream out;
    private final Duration patience;
    private final Runnable stalled;
    private boolean writing;
    private boolean closed;
    private long began;

    /**
     * @param patience how long one write may last
     * @param stalled called at most once, never outside a write
     */
    WatchedWriter(OutputStream out, Duration patience, Runnable stalled) {
        this.out = out;
        this.patience = patience;
        this.stalled = stalled;
        Thread.ofVirtual().name("download-watch").start(this::watch);
    }

    /** Returns what the write took, in nanoseconds. */
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

    /** Waits for whatever is being given up: it is the writer's thread that goes on with it. */
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
            // nobody interrupts it; it would be over
        }
    }
}
