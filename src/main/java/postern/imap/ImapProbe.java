package postern.imap;

import postern.account.ImapServer;

/** Asks a mail server whether it is there, without a credential. */
public interface ImapProbe {

    /**
     * Connects, waits for the greeting, and for TLS where the server has it, and ends the
     * connection.
     *
     * @throws ImapException as {@link ImapConnector#connect} does; {@link ImapException#outage()}
     *     says why
     */
    void greet(ImapServer server);
}
