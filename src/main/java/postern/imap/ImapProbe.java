package postern.imap;

import java.time.Duration;
import postern.account.ImapServer;

/** Asks a mail server whether it is there, without a credential. */
public interface ImapProbe {

    /**
     * Connects, waits for the greeting, and for TLS where the server has it, and ends the
     * connection.
     *
     * @param patience how long all of that may take
     * @throws ImapException as {@link ImapConnector#connect} does; {@link ImapException#outage()}
     *     says why
     */
    void greet(ImapServer server, Duration patience);
}
