package postern.smtp.client;

import java.io.IOException;
import java.time.Duration;
import postern.smtp.Envelope;
import postern.smtp.OutgoingMessage;
import postern.smtp.SmtpConnection;
import postern.smtp.SmtpException;
import postern.smtp.SmtpProperties;
import postern.smtp.Submission;

/** A connection that is logged in, for one message. */
final class ClientConnection implements SmtpConnection {

    /** For QUIT, which nothing depends on. */
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    private final SmtpTransport transport;
    private final Extensions extensions;
    private final SmtpProperties properties;
    private boolean usable = true;

    ClientConnection(SmtpTransport transport, Extensions extensions, SmtpProperties properties) {
        this.transport = transport;
        this.extensions = extensions;
        this.properties = properties;
    }

    @Override
    public Submission send(Envelope envelope, OutgoingMessage message) {
        var transaction = new Transaction(transport, extensions, properties, envelope, message);
        usable = false;
        try {
            var submission = transaction.run();
            usable = true;
            return submission;
        } catch (SmtpException.Answered e) {
            throw e;
        } catch (SmtpException.ProtocolError e) {
            throw transaction.complete() ? new SmtpException.OutcomeUnknown(e) : e;
        } catch (IOException e) {
            throw transaction.complete()
                    ? new SmtpException.OutcomeUnknown(e)
                    : SmtpClient.failed(transport, e);
        }
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
