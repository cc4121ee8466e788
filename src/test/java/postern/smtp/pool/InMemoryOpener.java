package postern.smtp.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import postern.smtp.Envelope;
import postern.smtp.OutgoingMessage;
import postern.smtp.PoolableSmtpConnection;
import postern.smtp.SmtpException;
import postern.smtp.SmtpOpener;
import postern.smtp.SmtpReply;
import postern.smtp.Submission;
import postern.smtp.Submitter;

/** A submission server in memory. */
final class InMemoryOpener implements SmtpOpener {

    final List<Connection> opened = new ArrayList<>();

    /** What the next logins throw. */
    final List<SmtpException> refusals = new ArrayList<>();

    /** How many connections it takes at a time. */
    int most = Integer.MAX_VALUE;

    /** A connection of it. */
    static final class Connection implements PoolableSmtpConnection {

        private final CountDownLatch closed = new CountDownLatch(1);
        private volatile boolean usable = true;
        private volatile boolean alive = true;
        private @Nullable Supplier<SmtpException> failure;
        private @Nullable Duration rest;
        int messages;

        /** The server ends it. */
        void end() {
            alive = false;
        }

        void fails(Supplier<SmtpException> with) {
            failure = with;
        }

        boolean open() {
            return closed.getCount() > 0;
        }

        void awaitClosed() throws InterruptedException {
            closed.await();
        }

        @Nullable Duration rest() {
            return rest;
        }

        @Override
        public boolean reusable() {
            return usable;
        }

        @Override
        public void rest(Duration time) {
            rest = time;
        }

        @Override
        public boolean wake() {
            return alive;
        }

        @Override
        public Submission send(Envelope envelope, OutgoingMessage message) {
            if (failure != null) {
                usable = false;
                throw failure.get();
            }
            messages++;
            return new Submission(SmtpReply.of(250, "2.0.0 ok"), List.of());
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }

    @Override
    public PoolableSmtpConnection open(Submitter submitter) {
        if (!refusals.isEmpty()) {
            throw refusals.removeFirst();
        }
        if (opened.stream().filter(Connection::open).count() >= most) {
            throw new SmtpException.Refused(
                    SmtpException.Step.CONNECTION, SmtpReply.of(421, "4.7.0 too many connections"));
        }
        var connection = new Connection();
        opened.add(connection);
        return connection;
    }
}
