package postern.submission;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import postern.account.Account;
import postern.imap.ImapException;
import postern.imap.OriginatingAddress;
import postern.imap.RequestTime;
import postern.trace.RequestTrace;

/**
 * The copy of a large message, uploaded while the message is sent, so that both take as long as the
 * slower one. Its last octet is held back until the submission server has accepted the message: a
 * mail server that has not got all octets stores nothing (RFC 9051 §6.3.12).
 */
final class CopyUnderWay implements Claiming, AutoCloseable {

    /** A smaller message is sent so soon that it is no use to hold a connection for its copy. */
    static final long SMALLEST = 1 << 20;

    private final Filing filing;
    private final Account account;
    private final ReadyMessage message;
    private final CountDownLatch accepted = new CountDownLatch(1);
    private final FutureTask<CopyResult> upload = new FutureTask<>(this::upload);
    private volatile boolean whole;

    CopyUnderWay(Filing filing, Account account, ReadyMessage message) {
        this.filing = filing;
        this.account = account;
        this.message = message;
    }

    /** Begins; called once the submission server has let the user in. */
    @Override
    public void take() {
        Thread.ofVirtual()
                .name("sent-copy")
                .start(RequestTrace.shared(OriginatingAddress.shared(RequestTime.shared(upload))));
    }

    @Override
    public boolean release() {
        close();
        return true;
    }

    /** The message was sent: stores the copy. */
    CopyResult finish() {
        accepted.countDown();
        try {
            return upload.get();
        } catch (ExecutionException e) {
            return again(Objects.requireNonNullElse(e.getCause(), e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return filing.failed(e);
        }
    }

    private CopyResult again(Throwable failure) {
        if (!whole) {
            return filing.store(account, message); // nothing of it is stored
        }
        return failure instanceof ImapException.OutcomeUnknown
                ? filing.storeIfNotStored(account, message)
                : filing.failed(failure);
    }

    /** Without {@link #finish}, nothing is stored. */
    @Override
    public void close() {
        upload.cancel(true);
    }

    private CopyResult upload() {
        try (var octets = new HeldBack(message.open(), message.length())) {
            return filing.append(account, octets, message.length());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final class HeldBack extends InputStream {

        private final InputStream octets;
        private long left;

        HeldBack(InputStream octets, long length) {
            this.octets = octets;
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (left == 1) {
                awaitAcceptance();
            }
            int most = (int) Math.min(length, Math.max(1, left - 1));
            int count = octets.read(target, offset, most);
            left -= Math.max(0, count);
            return count;
        }

        private void awaitAcceptance() throws IOException {
            try {
                accepted.await();
                whole = true;
            } catch (InterruptedException e) {
                throw new IOException("the message was not sent", e);
            }
        }

        @Override
        public void close() throws IOException {
            octets.close();
        }
    }
}
