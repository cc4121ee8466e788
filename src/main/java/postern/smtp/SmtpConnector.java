package postern.smtp;

/** Lends connections to submission servers. */
public interface SmtpConnector {

    /** Whether a connection may be one that has sent other messages. */
    enum Reuse {
        /** One that was logged in with the very same credential, if it still seems to be alive. */
        ALLOWED,
        /** The credential is tried. */
        NEVER
    }

    /**
     * A connection that is logged in. Throws {@link SmtpException}, or what is thrown where a mail
     * server is logged in to: ImapException.TooManyLogins without a login, and those of a sign-in
     * that ended.
     */
    SmtpConnection connect(Submitter submitter, Reuse reuse);
}
