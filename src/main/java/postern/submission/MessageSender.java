package postern.submission;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import postern.imap.ChangeWatch;
import postern.imap.ImapException;
import postern.smtp.Envelope;
import postern.smtp.SmtpConnection;
import postern.smtp.SmtpConnector;
import postern.smtp.SmtpConnector.Reuse;
import postern.smtp.SmtpException;
import postern.smtp.Submission;
import postern.smtp.Submitter;

/** Hands messages to a submission server. */
@Component
final class MessageSender {

    private static final Logger log = LoggerFactory.getLogger(MessageSender.class);

    private final SmtpConnector connector;
    private final SubmissionMetrics metrics;

    MessageSender(SmtpConnector connector, SubmissionMetrics metrics) {
        this.connector = connector;
        this.metrics = metrics;
    }

    /**
     * Logs in, claims the message and sends it. After every exception but that of an unknown
     * outcome, nothing was sent.
     */
    Submission send(
            Submitter submitter, Envelope envelope, ReadyMessage message, Claiming claiming) {
        try {
            return metrics.timed(
                    message, () -> claimAndSend(submitter, envelope, message, claiming));
        } catch (SmtpException e) {
            throw SubmissionProblems.of(e);
        }
    }

    private Submission claimAndSend(
            Submitter submitter, Envelope envelope, ReadyMessage message, Claiming claiming) {
        try (var connection = connector.connect(submitter, Reuse.ALLOWED)) {
            var undo = ChangeWatch.change();
            try {
                claiming.take();
                return send(connection, submitter, envelope, message);
            } catch (SmtpException.OutcomeUnknown | ImapException.OutcomeUnknown e) {
                throw e;
            } catch (RuntimeException e) {
                if (released(claiming)) {
                    undo.run();
                }
                throw e;
            }
        }
    }

    /** Whether everything is as before. A failure must not hide why the message was not sent. */
    private static boolean released(Claiming claiming) {
        try {
            return claiming.release();
        } catch (RuntimeException e) {
            log.warn("a message was not sent, and is still claimed", e);
            return false;
        }
    }

    /** On another connection where this one was kept from an earlier message, and has ended. */
    private Submission send(
            SmtpConnection connection,
            Submitter submitter,
            Envelope envelope,
            ReadyMessage message) {
        try {
            return connection.send(envelope, message);
        } catch (SmtpException.ReusedConnectionLost _) {
            try (var another = connector.connect(submitter, Reuse.NEVER)) {
                return another.send(envelope, message);
            }
        }
    }
}
