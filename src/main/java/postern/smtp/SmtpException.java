package postern.smtp;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Why a message was not sent. Only after {@link OutcomeUnknown} it may have been. Its message is
 * safe to log; the words of the server are never in it.
 */
public abstract sealed class SmtpException extends RuntimeException {

    private SmtpException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** What happened in one word, as metrics have it, such as {@code timed-out}. */
    public String word() {
        return getClass()
                .getSimpleName()
                .replaceAll("(?<=[a-z])(?=[A-Z])", "-")
                .toLowerCase(Locale.ROOT);
    }

    /** No connection, no TLS, or a connection that ended too early. */
    public static final class Unreachable extends SmtpException {
        public Unreachable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * A connection that had sent other messages was lost before the last octet of this one: on a
     * new connection it may be sent once more.
     */
    public static final class ReusedConnectionLost extends SmtpException {
        public ReusedConnectionLost(@Nullable Throwable cause) {
            super("the submission server has ended the connection", cause);
        }
    }

    /** The server's certificate is not trusted. */
    public static final class CertificateNotTrusted extends SmtpException {
        public CertificateNotTrusted(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** The server did not answer in time. */
    public static final class TimedOut extends SmtpException {
        public TimedOut(@Nullable Throwable cause) {
            super("the submission server did not answer in time", cause);
        }
    }

    /** What the server said is not SMTP, or is more than the gateway takes. */
    public static final class ProtocolError extends SmtpException {
        public ProtocolError(String message) {
            super(message, null);
        }
    }

    /** The server lacks what this needs. */
    public static final class NotPossible extends SmtpException {
        public NotPossible(String message) {
            super(message, null);
        }
    }

    /** The server's answer is a refusal. */
    public abstract static sealed class Answered extends SmtpException {

        private final SmtpReply reply;

        private Answered(String message, SmtpReply reply) {
            super("%s (%s)".formatted(message, reply.status()), null);
            this.reply = reply;
        }

        public SmtpReply reply() {
            return reply;
        }
    }

    /** The credential is not accepted. */
    public static final class LoginRefused extends Answered {
        public LoginRefused(SmtpReply reply) {
            super("the submission server does not accept the credential", reply);
        }
    }

    /** The server refuses something else. */
    public static final class Refused extends Answered {

        private final Step step;

        public Refused(Step step, SmtpReply reply) {
            super("the submission server refuses " + step.what, reply);
            this.step = step;
        }

        public Step step() {
            return step;
        }
    }

    /** What was refused. */
    public enum Step {
        CONNECTION("the connection"),
        SENDER("the sender"),
        MESSAGE("the message");

        private final String what;

        Step(String what) {
            this.what = what;
        }
    }

    /** No recipient is accepted, or not each of them where all were wanted. */
    public static final class RecipientsRefused extends SmtpException {

        private final List<RecipientReply> recipients;

        public RecipientsRefused(List<RecipientReply> recipients) {
            super(
                    "the submission server refuses %d of %d recipients"
                            .formatted(
                                    recipients.stream().filter(it -> !it.accepted()).count(),
                                    recipients.size()),
                    null);
            this.recipients = List.copyOf(recipients);
        }

        public List<RecipientReply> recipients() {
            return recipients;
        }
    }

    /** The message is larger than the server takes; it was not offered. */
    public static final class TooBig extends SmtpException {
        public TooBig(long most) {
            super(
                    "the submission server takes messages of %d octets at most".formatted(most),
                    null);
        }
    }

    /** The connection was lost after the last octet of the message, and before the answer. */
    public static final class OutcomeUnknown extends SmtpException {
        public OutcomeUnknown(@Nullable Throwable cause) {
            super(
                    "the submission server has got the whole message, but its answer has not come",
                    cause);
        }
    }
}
