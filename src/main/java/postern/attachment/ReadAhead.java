package postern.attachment;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads in a thread of its own, a few buffers ahead of whoever takes them: octets go on coming in
 * and being decoded while those before are sent. A taker that lets it wait for long is left to read
 * for itself, over a source that holds nothing which others could use: many that are slow cost no
 * thread.
 */
final class ReadAhead implements AutoCloseable {

    /**
     * What is read. It is used by one thread, and fails as it likes: the taker gets the failure.
     */
    interface Source {

        /** Fills the buffer, or a good part of it; gives how many octets, 0 at the end. */
        int read(byte[] buffer) throws IOException;

        /** Nobody takes what was read. Called once at most. */
        void slowDown();
    }

    /** Octets to be sent; {@link #next} reuses them. */
    record Piece(byte[] octets, int length) {}

    // Larger than the servlet container's own buffer, so that it passes the octets on without
    // copying them.
    private static final int BUFFER = 128 * 1024;

    /**
     * One that is filled, one that is sent, and one between, since neither goes at a steady pace.
     */
    private static final int BUFFERS = 3;

    /** Behind the last piece that is read ahead. */
    private static final Piece LEFT_TO_THE_TAKER = new Piece(new byte[0], 0);

    private final Source source;
    private final Duration patience;
    private final BlockingQueue<Piece> filled = new ArrayBlockingQueue<>(BUFFERS + 1);
    private final BlockingQueue<byte[]> free = new ArrayBlockingQueue<>(BUFFERS);
    // Not a virtual one: parking it and waking it again, for each of the small pieces in which
    // octets come in, would cost a tenth of what a download costs. It ends with the first pause.
    private final Thread reader =
            Thread.ofPlatform().daemon().name("download").unstarted(this::readAll);
    private @Nullable Piece taken;
    private byte @Nullable [] own;
    private int buffers;
    private volatile @Nullable Throwable failure;
    private volatile boolean slow;

    /**
     * @param patience how long it waits for the taker before it slows down
     */
    ReadAhead(Source source, Duration patience) {
        this.source = source;
        this.patience = patience;
    }

    /** Starts to read, if it has not; nothing is read before. */
    void start() {
        reader.start();
    }

    /** The next piece, which is the taker's until it asks for the one after; null at the end. */
    @Nullable Piece next() throws IOException {
        if (own != null) {
            return read(own);
        }
        try {
            if (taken != null) {
                free.put(taken.octets());
            }
            taken = filled.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for the mail server");
        }
        if (taken == LEFT_TO_THE_TAKER) {
            own = new byte[BUFFER];
            return read(own);
        }
        if (taken.length() > 0) {
            return taken;
        }
        rethrow();
        return null;
    }

    private @Nullable Piece read(byte[] buffer) throws IOException {
        int some = source.read(buffer);
        return some > 0 ? new Piece(buffer, some) : null;
    }

    /** The taker has turned out to be slow. */
    void slowDown() {
        slow = true;
    }

    /** Returns when nothing is read any more. What was not read to its end is broken off. */
    @Override
    public void close() {
        reader.interrupt();
        boolean interrupted = false;
        while (reader.isAlive()) {
            try {
                reader.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void readAll() {
        try {
            for (var buffer = buffer(); buffer != null; buffer = buffer()) {
                int some = source.read(buffer);
                filled.put(new Piece(buffer, some));
                if (some == 0) {
                    return;
                }
            }
            source.slowDown();
            filled.put(LEFT_TO_THE_TAKER);
        } catch (InterruptedException _) {
            // the taker has left
        } catch (IOException | RuntimeException | Error e) {
            failure = e;
            filled.add(new Piece(new byte[0], 0));
        }
    }

    /** Null when the taker is slow. */
    private byte @Nullable [] buffer() throws InterruptedException {
        var buffer = free.poll();
        if (buffer == null && buffers < BUFFERS) {
            buffers++;
            buffer = new byte[BUFFER];
        }
        if (buffer == null) {
            buffer = free.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        }
        return slow ? null : buffer;
    }

    private void rethrow() throws IOException {
        switch (failure) {
            case null -> {}
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        }
    }
}
