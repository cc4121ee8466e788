package postern.smtp.client;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import postern.smtp.Envelope;
import postern.smtp.OutgoingMessage;
import postern.smtp.PoolableSmtpConnection;
import postern.smtp.SmtpException;
import postern.smtp.SmtpProperties;
import postern.smtp.Submission;
import postern.trace.Step;

/** A connection that is logged in. */
final class ClientConnection implements PoolableSmtpConnection {

    /** For QUIT, which nothing depends on. */
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    /** Nobody on the way forgets a connection sooner, and a server says when it ends one. */
    private static final Duration SURE = Duration.ofSeconds(5);

    private final SmtpTransport transport;
    private final Extensions extensions;
    private final SmtpProperties properties;
    private final LongSupplier nanos;
    private boolean usable = true;
    private boolean rested;
    private long heard;

    /**
     * @param nanos the time in nanoseconds, from whatever origin
     */
    ClientConnection(
            SmtpTransport transport,
            Extensions extensions,
            SmtpProperties properties,
            LongSupplier nanos) {
        this.transport = transport;
        this.extensions = extensions;
        this.properties = properties;
        this.nanos = nanos;
        this.heard = nanos.getAsLong();
    }

    @Override
    public boolean reusable() {
        return usable;
    }

    @Override
    public void rest(Duration time) {
        rested = true;
        try {
            transport.within(time);
        } catch (RejectedExecutionException _) {
            usable = false; // the process ends; what was sent remains sent
        }
    }

    @Override
    public boolean wake() {
        transport.within(properties.commandTimeout());
        return usable && transport.quiet();
    }

    @Override
    public Submission send(Envelope envelope, OutgoingMessage message) {
        boolean sure = nanos.getAsLong() - heard < SURE.toNanos();
        var transaction =
                new Transaction(transport, extensions, properties, envelope, message, rested, sure);
        usable = false;
        long started = System.nanoTime();
        int trips = transport.trips();
        var outcome = "fault";
        try {
            var submission = transaction.run();
            usable = true;
            heard = nanos.getAsLong();
            outcome = "ok";
            return submission;
        } catch (SmtpException.ProtocolError e) {
            var failure = failed(transaction, e, e);
            outcome = failure.word();
            throw failure;
        } catch (SmtpException e) {
            outcome = e.word();
            throw e;
        } catch (IOException e) {
            var failure = failed(transaction, SmtpClient.failed(transport, e), e);
            outcome = failure.word();
            throw failure;
        } catch (RejectedExecutionException e) {
            // the process ends, and there are no deadlines any more
            throw failed(transaction, new SmtpException.Unreachable("the gateway ends", e), e);
        } finally {
            transport.trace(Step.Kind.SMTP, outcome, trips, started);
        }
    }

    /**
     * @param failure what it is where nothing was sent
     */
    private SmtpException failed(Transaction transaction, SmtpException failure, Exception cause) {
        if (transaction.maybeAccepted()) {
            return new SmtpException.OutcomeUnknown(cause);
        }
        boolean slow = transport.timedOut() && transaction.answered();
        return rested && !slow ? new SmtpException.ReusedConnectionLost(cause) : failure;
    }

    @Override
    public void close() {
        try (transport) {
            if (usable) {
                transport.within(FAREWELL);
                transport.exchange("QUIT");
            }
        } catch (IOException | RuntimeException _) {
            // The message is sent or not, whatever the server says now. There are no deadlines any
            // more when the process ends.
        }
    }
}
