package postern.attachment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WatchedWriterTest {

    private static final Duration LONG = Duration.ofDays(1);
    private static final Duration SHORT = Duration.ofMillis(1);
    private static final byte[] OCTETS = {1, 2, 3};

    @Test
    void writesWhatItIsGiven() throws Exception {
        var out = new ByteArrayOutputStream();

        try (var writer = new WatchedWriter(out, LONG, () -> {})) {
            writer.write(OCTETS, 3);
            writer.write(OCTETS, 2);
        }

        assertThat(out.toByteArray()).containsExactly(1, 2, 3, 1, 2);
    }

    @Test
    void aWriteThatLastsTooLongIsNoticedWhileItLasts() throws Exception {
        var noticed = new CountDownLatch(1);
        var out = new Stuck(noticed);

        try (var writer = new WatchedWriter(out, SHORT, noticed::countDown)) {
            writer.write(OCTETS, 3);
        }

        assertThat(out.written).isEqualTo(3);
    }

    @Test
    void itIsNoticedOnce() throws Exception {
        var first = new CountDownLatch(1);
        var times = new AtomicInteger();
        Runnable stalled =
                () -> {
                    times.incrementAndGet();
                    first.countDown();
                };

        try (var writer = new WatchedWriter(new Stuck(first), SHORT, stalled)) {
            writer.write(OCTETS, 3);
            writer.write(OCTETS, 3);
        }

        assertThat(times).hasValue(1);
    }

    @Test
    void theWriterGoesOnWhenWhatWasToBeGivenUpHasBeen() throws Exception {
        var noticed = new CountDownLatch(1);
        var written = new CountDownLatch(1);
        var givenUp = new AtomicBoolean();
        var out = new Stuck(noticed, written);
        Runnable stalled =
                () -> {
                    noticed.countDown();
                    awaitUnchecked(written);
                    givenUp.set(true);
                };

        try (var writer = new WatchedWriter(out, SHORT, stalled)) {
            writer.write(OCTETS, 3);

            assertThat(givenUp).isTrue();
        }
    }

    @Test
    void aFailedWriteIsTheCallers() {
        var failure = new IOException("the client has left");
        var out =
                new OutputStream() {
                    @Override
                    public void write(int octet) throws IOException {
                        throw failure;
                    }
                };

        try (var writer = new WatchedWriter(out, LONG, () -> {})) {
            assertThatThrownBy(() -> writer.write(OCTETS, 3)).isSameAs(failure);
        }
    }

    /** Blocks until the watchdog has noticed. */
    private static final class Stuck extends OutputStream {

        private final CountDownLatch noticed;
        private final CountDownLatch done;
        private int written;

        Stuck(CountDownLatch noticed) {
            this(noticed, new CountDownLatch(1));
        }

        Stuck(CountDownLatch noticed, CountDownLatch done) {
            this.noticed = noticed;
            this.done = done;
        }

        @Override
        public void write(int octet) throws IOException {
            try {
                noticed.await();
            } catch (InterruptedException e) {
                throw new InterruptedIOException();
            }
            written++;
            done.countDown();
        }
    }

    private static void awaitUnchecked(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
