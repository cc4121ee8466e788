package postern.smtp;

/** A connection to a submission server that is logged in. For one thread. */
public interface SmtpConnection extends AutoCloseable {

    /**
     * Sends one message. Fields {@code Bcc} and {@code Resent-Bcc} are left out on the way, and
     * lines end with CRLF; nothing else is changed. The message is opened once.
     *
     * <p>Throws {@link SmtpException}. Only {@link SmtpException.OutcomeUnknown} means that the
     * message may have been sent; after any other exception, of any type, it was not.
     */
    Submission send(Envelope envelope, OutgoingMessage message);

    /** Gives the connection up; never throws. */
    @Override
    void close();
}
