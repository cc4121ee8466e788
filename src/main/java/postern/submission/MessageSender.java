package postern.submission;

import org.springframework.stereotype.Component;
import postern.imap.ChangeWatch;
import postern.imap.ImapException;
import postern.smtp.Envelope;
import postern.smtp.SmtpConnector;
import postern.smtp.SmtpException;
import postern.smtp.Submission;
import postern.smtp.Submitter;

/** Hands messages to a submission server. */
@Component
final class MessageSender {

    private final SmtpConnector connector;

    MessageSender(SmtpConnector connector) {
        this.connector = connector;
    }

    /**
     * Logs in, claims the message and sends it. After every exception but that of an unknown
     * outcome, nothing was sent.
     */
    Submission send(
            Submitter submitter, Envelope envelope, ReadyMessage message, Claiming claiming) {
        try (var connection = connector.connect(submitter)) {
            var undo = ChangeWatch.change();
            try {
                claiming.take();
                return connection.send(envelope, message);
            } catch (SmtpException.OutcomeUnknown | ImapException.OutcomeUnknown e) {
                throw e;
            } catch (RuntimeException e) {
                if (claiming.release()) {
                    undo.run();
                }
                throw e;
            }
        } catch (SmtpException e) {
            throw SubmissionProblems.of(e);
        }
    }
}
