package postern.imap;

import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.imap.message.Flag;
import postern.imap.message.MessageToAppend;

/**
 * An authenticated connection to a mail server (RFC 9051). One borrower, one thread; every method
 * throws {@link ImapException}.
 */
public interface ImapConnection extends AutoCloseable {

    Capabilities capabilities();

    /**
     * The server's ID parameters (RFC 2971), such as name and version; empty where it has no ID.
     */
    Map<String, String> serverId();

    /**
     * LIST of the personal namespace and the other namespaces, with subscriptions and the requested
     * items. This is one command where the server has LIST-EXTENDED, LIST-STATUS and LIST-MYRIGHTS;
     * otherwise LSUB, and one pipelined STATUS and MYRIGHTS for each mailbox.
     */
    List<ListedMailbox> list(Set<ListItem> items);

    default List<ListedMailbox> list(boolean counts) {
        return list(counts ? Set.of(ListItem.COUNTS) : Set.of());
    }

    /** STATUS of one mailbox. */
    MailboxStatus status(MailboxName mailbox);

    /**
     * NAMESPACE (RFC 2342), or the personal namespace derived from LIST where the server has no
     * NAMESPACE. Costs no round trip after {@link #list}.
     */
    Namespaces namespaces();

    /** SELECT or EXAMINE; does nothing when that mailbox is already open with that access. */
    SelectedMailbox select(MailboxName mailbox, Access access);

    /**
     * EXAMINE of each mailbox in turn with the requested commands, in as few flushes as possible.
     * Returns the outcomes in the order of the requests. A mailbox that does not exist or refuses
     * affects only its own outcome. The mailbox that was selected before is no longer selected.
     */
    List<MailboxOutcome<ExaminedMailbox>> visit(List<ExamineRequest> visits);

    /**
     * EXAMINEs the mailbox anew and reads what the request asks for, in one flush. Requires a
     * connection of {@link Lane#SYNC}. The mailbox that was selected before is no longer selected.
     */
    SyncedMailbox sync(MailboxName mailbox, SyncRequest request);

    /**
     * EXAMINEs the mailbox, unless it is selected, and waits for what the server reports of it
     * (IDLE, RFC 2177), until the wait is over. Throws {@link ImapException.NotPossible} where the
     * server has no IDLE or refuses it. The mailbox that was selected before is no longer selected.
     */
    void idle(MailboxName mailbox, IdleWait wait);

    /**
     * Waits for what the server reports of all mailboxes in the personal namespaces (NOTIFY, RFC
     * 5465), with none selected, until the wait is over. The server goes on reporting between two
     * of these, and what it has reported is told in the next one, until {@link #endReports()}.
     * Throws {@link ImapException.NotPossible} where the server has no NOTIFY, refuses it, or has
     * stopped reporting because there was too much (NOTIFICATIONOVERFLOW).
     */
    void idleEverywhere(IdleWait wait);

    /** NOTIFY NONE, where the server reports because of {@link #idleEverywhere}. */
    void endReports();

    default void create(MailboxName mailbox) {
        create(mailbox, null);
    }

    /**
     * CREATE, with the role where the server supports CREATE-SPECIAL-USE (RFC 6154 §3, {@link
     * Capabilities#createSpecialUse()}); elsewhere the role follows from the name alone. Throws
     * {@link ImapException.MailboxExists}, or {@link ImapException.NotPossible} when the server
     * rejects the role or the name.
     */
    void create(MailboxName mailbox, @Nullable MailboxRole role);

    /**
     * DELETE, with all messages in the mailbox. Child mailboxes stay, or make the server refuse.
     * Throws {@link ImapException.MailboxNotFound} or {@link ImapException.MailboxHasChildren}.
     */
    void delete(MailboxName mailbox);

    /**
     * RENAME; child mailboxes are renamed as well (RFC 9051 §6.3.6), subscriptions may not be. Some
     * servers answer OK although there is no such mailbox. Throws {@link
     * ImapException.MailboxNotFound} or {@link ImapException.MailboxExists}.
     */
    void rename(MailboxName mailbox, MailboxName to);

    /** SUBSCRIBE to each, in one flush; throws the first failure. */
    void subscribe(List<MailboxName> mailboxes);

    /**
     * UNSUBSCRIBE from each, in one flush, also from mailboxes that no longer exist; throws the
     * first failure.
     */
    void unsubscribe(List<MailboxName> mailboxes);

    /**
     * GETQUOTAROOT (RFC 9208 §4.2): every limit that applies to the mailbox. Empty where there is
     * none, or where the server refuses or has no QUOTA.
     */
    List<Quota> quota(MailboxName mailbox);

    /**
     * STATUS, MYRIGHTS (RFC 4314 §3.5) and GETQUOTAROOT in one flush. What the server does not
     * support, or refuses for this mailbox, is left out.
     */
    MailboxReport report(MailboxName mailbox);

    /**
     * MYRIGHTS of each (RFC 4314 §3.5), in one flush. Mailboxes for which the server gives no
     * rights are left out; empty where it has no ACL.
     */
    Map<MailboxName, Rights> rights(Collection<MailboxName> mailboxes);

    /** GETACL (RFC 4314 §3.3). Requires {@link Capabilities#acl()}. */
    List<Grant> acl(MailboxName mailbox);

    /**
     * SETACL (RFC 4314 §3.1): replaces the rights of that identifier. Throws {@link
     * ImapException.NotPossible} when the server does not know such a right or identifier.
     */
    void setAcl(MailboxName mailbox, Grant grant);

    /** DELETEACL (RFC 4314 §3.2); does nothing when the identifier has no entry. */
    void deleteAcl(MailboxName mailbox, String identifier);

    /**
     * The largest message in octets that this mailbox accepts, where the server says so (RFC 7889);
     * usually needs no round trip.
     */
    OptionalLong appendLimit(MailboxName mailbox);

    /**
     * APPEND, streamed. The stream may take any time to deliver its octets. When it fails, this
     * method throws UncheckedIOException or the stream's own exception; nothing is appended and the
     * connection is closed.
     *
     * @param octets the exact length of the stream; a stream that ends early is a failure
     * @param internalDate now when null
     */
    Appended append(
            MailboxName mailbox,
            Set<Flag> flags,
            @Nullable Instant internalDate,
            InputStream message,
            long octets);

    /**
     * APPEND of several messages, pipelined: each is sent without waiting for the one before to be
     * stored (RFC 9051 §5.5). Returns the outcomes in the order of the messages. A message that
     * fails does not affect the others; a lost connection is reported as an outcome, not thrown.
     */
    default List<AppendOutcome> append(MailboxName mailbox, List<MessageToAppend> messages) {
        var outcomes = new ArrayList<AppendOutcome>();
        for (var message : messages) {
            try {
                outcomes.add(
                        new AppendOutcome.Stored(
                                append(
                                        mailbox,
                                        message.flags(),
                                        message.internalDate(),
                                        message.content(),
                                        message.octets())));
            } catch (ImapException.OutcomeUnknown e) {
                outcomes.add(new AppendOutcome.Unknown(e));
            } catch (ImapException e) {
                outcomes.add(new AppendOutcome.NotStored(e));
            }
        }
        return outcomes;
    }

    /** Returns the connection to its pool, or closes it when it is not pooled; never throws. */
    @Override
    void close();
}
