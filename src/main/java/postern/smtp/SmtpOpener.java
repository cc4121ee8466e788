package postern.smtp;

/** Opens connections to submission servers. */
public interface SmtpOpener {

    /** Connects and logs in. Throws {@link SmtpException}. */
    PoolableSmtpConnection open(Submitter submitter);
}
