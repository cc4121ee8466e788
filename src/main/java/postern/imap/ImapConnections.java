package postern.imap;

import java.util.List;
import java.util.function.Function;
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

    /**
     * Logs in with this very credential, whatever connections there are, and keeps the connection
     * for later; one that is idle may be closed for it. Throws what {@link ImapConnector#connect}
     * throws. A credential that is refused ends the connections that were opened with it before.
     */
    void logIn(Account account);

    /** Lends the connection with that mailbox selected; it is given back by closing the mailbox. */
    SelectedMailbox select(Account account, MailboxName mailbox, Access access, Lane lane);

    /**
     * Visits mailboxes on one interactive connection and on those that the account can spare at the
     * moment: one is always left to others. The outcomes stand in the order of the visits. The
     * caller must not hold a connection of the account. Throws when the mail server fails as a
     * whole.
     */
    List<MailboxOutcome<ExaminedMailbox>> visit(Account account, List<ExamineRequest> visits);

    /**
     * Does some work in each of these mailboxes, on as many connections as {@link #visit}; this is
     * for work whose next command depends on the last answer. Connections of their own threads run
     * it, so that it shares nothing that is not safe to share. A mailbox that is gone or refuses,
     * also in the midst of the work, costs only its own outcome.
     */
    <T> List<MailboxOutcome<T>> each(
            Account account,
            List<MailboxName> mailboxes,
            Access access,
            Function<SelectedMailbox, T> work);

    /**
     * Closes all connections of this account that were opened with this very credential, the lent
     * ones when they come back.
     */
    void retire(Account account);
}
