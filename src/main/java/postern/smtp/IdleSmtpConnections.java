package postern.smtp;

/** The connections that are kept for later messages. */
public interface IdleSmtpConnections {

    /**
     * Ends those of this user whose credential is this one, or was replaced by it in the same
     * session. Those in use are ended after their message.
     */
    void retire(Submitter submitter);
}
