package postern.imap;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import postern.account.Account;

/** Lends connections; every feature gets its connections here. The borrower must close them. */
public interface ImapConnections {

    /**
     * Lends a connection of this account. Throws {@link ImapException}: what {@link
     * ImapConnector#connect} throws, or ConnectionLimit when none became free in time.
     */
    ImapConnection borrow(Account account, Lane lane);

    /**
     * Logs in with this credential on a new connection, even when others are open, and keeps the
     * connection for later. An idle connection may be closed to make room. Throws what {@link
     * ImapConnector#connect} throws. When the credential is refused, the connections that were
     * opened with it before are closed.
     */
    void logIn(Account account);

    /**
     * That mailbox with its name, where only its id is known (RFC 8474): from memory, else by a
     * list of the account's mailboxes. Returns it as it is where there is none with that id; such a
     * name cannot be used. The name may be out of date. That does no harm where the mailbox is
     * opened: if it has another id, it is looked for again. The caller must not hold a connection
     * of the account.
     */
    default MailboxName locate(Account account, MailboxName mailbox) {
        return locate(account, Set.of(mailbox)).getOrDefault(mailbox, mailbox);
    }

    /** Locates several mailboxes, by one list at most; by the mailboxes as they were given. */
    Map<MailboxName, MailboxName> locate(Account account, Set<MailboxName> mailboxes);

    /**
     * Like {@link #locate}, with a name that was listed at most that long ago: for a mailbox that
     * is not opened but named, as a destination.
     */
    MailboxName locate(Account account, MailboxName mailbox, Duration age);

    /**
     * Lends a connection with that mailbox selected; closing the mailbox returns the connection.
     */
    SelectedMailbox select(Account account, MailboxName mailbox, Access access, Lane lane);

    /** Selects the mailbox of that message; throws what {@link SelectedMailbox#require} throws. */
    default SelectedMailbox select(Account account, MessageRef message, Access access, Lane lane) {
        var mailbox = select(account, message.mailbox(), access, lane);
        try {
            mailbox.require(message);
            return mailbox;
        } catch (RuntimeException e) {
            mailbox.close();
            throw e;
        }
    }

    /**
     * Examines mailboxes on one interactive connection and on the account's spare ones; one
     * connection is always left to other borrowers. Returns the outcomes in the order of the
     * requests. The caller must not hold a connection of the account. Throws when the mail server
     * as a whole fails.
     */
    List<MailboxOutcome<ExaminedMailbox>> visit(Account account, List<ExamineRequest> visits);

    /**
     * Runs a task in each of these mailboxes, on as many connections as {@link #visit}; for tasks
     * whose next command depends on the last answer. The task runs on several threads at once, so
     * that it must share only thread-safe objects. A mailbox that does not exist or refuses, even
     * in the middle of the task, affects only its own outcome.
     */
    <T> List<MailboxOutcome<T>> each(
            Account account,
            List<MailboxName> mailboxes,
            Access access,
            Function<SelectedMailbox, T> work);

    /**
     * Closes all connections of this account that were opened with this credential, or with another
     * access token of the same session; lent ones when they are returned.
     */
    void retire(Account account);
}
