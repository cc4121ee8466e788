package postern.testserver;

import java.io.IOException;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

/**
 * One direction of one proxied connection: a reader timestamps what it receives, a writer sends it
 * when it is due.
 */
final class ProxyLane {

    /**
     * The window, as in TCP: octets in transit beyond which the sender waits, so that a receiver
     * that stops reading is not sent much more. With a delay of ten milliseconds it allows 400
     * MiB/s.
     */
    private static final int WINDOW = 4 << 20;

    private static final int READ_SIZE = 64 << 10;
    private static final byte[] END = {};

    private record Chunk(byte[] octets, long due) {}

    private final Socket from;
    private final Socket to;
    private final ProxyDirection direction;
    private final BlockingQueue<Chunk> underWay = new LinkedBlockingQueue<>();
    private final Semaphore window = new Semaphore(WINDOW);
    private final Runnable onRead;
    private final Runnable beforeWrite;

    ProxyLane(
            Socket from,
            Socket to,
            ProxyDirection direction,
            Runnable onRead,
            Runnable beforeWrite) {
        this.from = from;
        this.to = to;
        this.direction = direction;
        this.onRead = onRead;
        this.beforeWrite = beforeWrite;
    }

    void inject(byte[] octets) {
        window.acquireUninterruptibly(octets.length);
        underWay.add(stamped(octets.clone()));
    }

    void read() throws IOException, InterruptedException {
        var buffer = new byte[READ_SIZE];
        var in = from.getInputStream();
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            var arrived = stamped(Arrays.copyOf(buffer, n));
            onRead.run();
            window.acquire(n);
            underWay.add(arrived);
        }
        underWay.add(stamped(END));
    }

    /** Returns false if the connection is to be cut, true if the sender has closed its side. */
    boolean write() throws IOException, InterruptedException {
        for (var chunk = underWay.take(); chunk.octets != END; chunk = underWay.take()) {
            awaitDue(chunk.due);
            if (!pass(chunk.octets)) {
                return false;
            }
            window.release(chunk.octets.length);
        }
        to.shutdownOutput();
        return true;
    }

    private Chunk stamped(byte[] octets) {
        return new Chunk(octets, System.nanoTime() + direction.delayNanos());
    }

    private static void awaitDue(long due) throws InterruptedException {
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            LockSupport.parkNanos(left);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    private boolean pass(byte[] octets) throws IOException, InterruptedException {
        if (direction.cuts(octets)) {
            return false;
        }
        for (int offset = 0; offset < octets.length; ) {
            direction.awaitFlow();
            int wanted = direction.atMostAtOnce(octets.length - offset);
            int allowed = direction.take(wanted);
            write(octets, offset, allowed);
            offset += allowed;
            if (allowed < wanted && !direction.mayGoOn()) {
                return false;
            }
            direction.pauseAfterWrite();
        }
        return true;
    }

    private void write(byte[] octets, int offset, int length) throws IOException {
        if (length == 0) {
            return;
        }
        beforeWrite.run();
        to.getOutputStream().write(octets, offset, length);
        direction.passed(length);
    }
}
