package postern.imap;

import postern.account.Account;

/**
 * Lends connections; the way in for every feature. What it lends must be closed by the borrower.
 */
public interface ImapConnections {

    /**
     * Lends a connection of this account. Throws {@link ImapException}: what {@link
     * ImapConnector#connect} throws, or ConnectionLimit when none came free in time.
     */
    ImapConnection borrow(Account account, Lane lane);

    /** Lends the connection with that mailbox selected; it is given back by closing the mailbox. */
    SelectedMailbox select(Account account, MailboxName mailbox, Access access, Lane lane);

    /**
     * Closes all connections of this account that were opened with this very credential, the lent
     * ones when they come back.
     */
    void retire(Account account);
}
