package postern.attachment;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReadAheadTest {

    private static final Duration LONG = Duration.ofDays(1);

    /** Gives pieces of one octet, counting up, and fails or ends behind the last. */
    private static final class Counting implements ReadAhead.Source {

        private final int last;
        private final @Nullable IOException failure;
        private final CountDownLatch slowed = new CountDownLatch(1);
        private int read;

        Counting(int last, @Nullable IOException failure) {
            this.last = last;
            this.failure = failure;
        }

        @Override
        public int read(byte[] buffer) throws IOException {
            if (read == last && failure != null) {
                throw failure;
            }
            buffer[0] = (byte) ++read;
            return read <= last ? 1 : 0;
        }

        @Override
        public void slowDown() {
            slowed.countDown();
        }
    }

    @Test
    void givesEverythingInOrder() throws Exception {
        var taken = new ArrayList<Byte>();

        try (var ahead = new ReadAhead(new Counting(100, null), LONG)) {
            ahead.start();
            for (var piece = ahead.next(); piece != null; piece = ahead.next()) {
                taken.add(piece.octets()[0]);
            }
        }

        assertThat(taken).hasSize(100).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void aFailureComesBehindWhatWasReadBeforeIt() throws Exception {
        var failure = new IOException("the mail server has gone");

        try (var ahead = new ReadAhead(new Counting(1, failure), LONG)) {
            ahead.start();

            assertThat(requireNonNull(ahead.next()).octets()[0]).isEqualTo((byte) 1);
            assertThatThrownBy(ahead::next).isSameAs(failure);
        }
    }

    @Test
    void whoeverLetsItWaitReadsTheRestForItself() throws Exception {
        var taken = new ArrayList<Byte>();
        var source = new Counting(100, null);

        try (var ahead = new ReadAhead(source, Duration.ofMillis(1))) {
            ahead.start();

            source.slowed.await();
            for (var piece = ahead.next(); piece != null; piece = ahead.next()) {
                taken.add(piece.octets()[0]);
            }
        }

        assertThat(taken).hasSize(100).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void aTakerThatIsSaidToBeSlowIsLeftToItself() throws Exception {
        var source = new Counting(100, null);

        try (var ahead = new ReadAhead(source, LONG)) {
            ahead.start();
            ahead.slowDown();
            ahead.next();
            ahead.next();

            source.slowed.await();
        }

        assertThat(source.read).isLessThan(100);
    }

    @Test
    void nothingIsReadWhenItHasBeenClosed() throws Exception {
        var reading = new CountDownLatch(1);
        var left = new AtomicBoolean();
        var ahead =
                new ReadAhead(
                        new ReadAhead.Source() {
                            @Override
                            public int read(byte[] buffer) throws IOException {
                                reading.countDown();
                                try {
                                    new CountDownLatch(1).await();
                                } catch (InterruptedException e) {
                                    left.set(true);
                                    throw new IOException(e);
                                }
                                return 0;
                            }

                            @Override
                            public void slowDown() {}
                        },
                        LONG);

        ahead.start();
        reading.await();
        ahead.close();

        assertThat(left).isTrue();
    }
}
