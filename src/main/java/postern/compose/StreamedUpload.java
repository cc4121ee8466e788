package postern.compose;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import postern.web.problem.InvalidRequest;

/**
 * Streams a message from the client to the mail server and keeps a copy. If streaming fails, the
 * message is sent again from the copy.
 */
final class StreamedUpload extends InputStream {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long SLOWEST_A_SECOND = 256 << 10;

    private final InputStream body;
    private final long announced;
    private final CrlfStream copy;
    private long read;
    private long waited;

    /** Aborts an APPEND before all of its octets have been sent. */
    static final class CannotGoThrough extends RuntimeException {
        CannotGoThrough(String reason) {
            super(reason, null, false, false);
        }
    }

    /**
     * @param announced the length in octets; -1 if unknown
     */
    StreamedUpload(InputStream body, long announced, MessageSpool spool) {
        this.body = body;
        this.announced = announced;
        this.copy = new CrlfStream(spool);
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int some = receive(target, offset, length);
        if (some < 0) {
            return some;
        }
        copy.write(target, offset, some);
        if (copy.changed()) {
            // The converted message is longer than the length announced to the mail server.
            throw new CannotGoThrough("lines do not end with CRLF");
        }
        if (waited > PATIENCE.toNanos() && read / (waited / 1e9) < SLOWEST_A_SECOND) {
            throw new CannotGoThrough("the client is too slow to hold a connection for it");
        }
        return some;
    }

    private int receive(byte[] target, int offset, int length) {
        long started = System.nanoTime();
        int some;
        try {
            some = read == announced ? -1 : body.read(target, offset, length);
        } catch (IOException _) {
            throw cut();
        }
        waited += System.nanoTime() - started;
        if (some < 0 && read < announced) {
            throw cut();
        }
        read += Math.max(0, some);
        return some;
    }

    private static InvalidRequest cut() {
        return InvalidRequest.at("", "ends before its Content-Length");
    }

    /** Copies the rest, so that the copy is complete. */
    void finish() throws IOException {
        var buffer = new byte[32 << 10];
        for (int some = receive(buffer, 0, buffer.length);
                some >= 0;
                some = receive(buffer, 0, buffer.length)) {
            copy.write(buffer, 0, some);
        }
        copy.close();
    }
}
