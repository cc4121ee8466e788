package postern.smtp;

/** Connects to submission servers. */
public interface SmtpConnector {

    /** Connects and logs in; throws {@link SmtpException}. */
    SmtpConnection connect(Submitter submitter);
}
