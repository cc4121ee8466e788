package postern.smtp;

import java.time.Duration;

/** A connection that may be kept for later messages. */
public interface PoolableSmtpConnection extends SmtpConnection {

    /** Whether another message may be sent: nothing has failed. */
    boolean reusable();

    /** Nobody uses it from now on; after this time it is cut. */
    void rest(Duration time);

    /**
     * Ends the rest. False where the server has ended the connection meanwhile, or has said
     * anything. A server that is gone without a word is noticed by {@link #send}.
     */
    boolean wake();
}
