package postern.smtp;

/** Connects to submission servers. */
public interface SmtpConnector {

    /**
     * Connects and logs in. Throws {@link SmtpException}, or what is thrown where a mail server is
     * logged in to: ImapException.TooManyLogins without a login, and those of a sign-in that ended.
     */
    SmtpConnection connect(Submitter submitter);
}
