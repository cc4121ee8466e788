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
     * What the server says of itself (RFC 2971 ID), such as name and version; empty where it has no
     * ID.
     */
    Map<String, String> serverId();

    /**
     * LIST of everything in the personal namespace and of other namespaces, with subscriptions and
     * what is asked for besides: one command where the server has LIST-EXTENDED, LIST-STATUS and
     * LIST-MYRIGHTS, else LSUB and one pipelined STATUS and MYRIGHTS a mailbox.
     */
    List<ListedMailbox> list(Set<ListItem> items);

    default List<ListedMailbox> list(boolean counts) {
        return list(counts ? Set.of(ListItem.COUNTS) : Set.of());
    }

    /** STATUS of one mailbox. */
    MailboxStatus status(MailboxName mailbox);

    /**
     * NAMESPACE (RFC 2342), or the personal one that LIST shows where the server has none; without
     * a trip after {@link #list}.
     */
    Namespaces namespaces();

    /** SELECT or EXAMINE; does nothing when that mailbox is open in that way already. */
    SelectedMailbox select(MailboxName mailbox, Access access);

    /**
     * EXAMINE and what there is to ask in one mailbox after the other, all in as few flushes as
     * will do, and the outcomes in that order. A mailbox that is gone or refuses costs only its own
     * outcome. Whatever was selected before is not any more.
     */
    List<MailboxOutcome<ExaminedMailbox>> visit(List<ExamineRequest> visits);

    default void create(MailboxName mailbox) {
        create(mailbox, null);
    }

    /**
     * CREATE, with the role where the server takes one (RFC 6154 §3); elsewhere, as {@link
     * Capabilities#createSpecialUse()} tells, the mailbox has whatever role its name suggests.
     * Throws {@link ImapException.MailboxExists}, or {@link ImapException.NotPossible} when the
     * server has no use for the role or the name.
     */
    void create(MailboxName mailbox, @Nullable MailboxRole role);

    /**
     * DELETE, with all messages in it. What is below it stays, or makes the server refuse. Throws
     * {@link ImapException.MailboxNotFound} or {@link ImapException.MailboxHasChildren}.
     */
    void delete(MailboxName mailbox);

    /**
     * RENAME; what is below comes along (RFC 9051 §6.3.6), subscriptions may not. Some servers do
     * nothing, and say so of it too, when there is no such mailbox. Throws {@link
     * ImapException.MailboxNotFound} or {@link ImapException.MailboxExists}.
     */
    void rename(MailboxName mailbox, MailboxName to);

    /** SUBSCRIBE to each, in one flush; throws what the first that failed has to say. */
    void subscribe(List<MailboxName> mailboxes);

    /** The same for UNSUBSCRIBE, also from mailboxes that are no more. */
    void unsubscribe(List<MailboxName> mailboxes);

    /**
     * GETQUOTAROOT (RFC 9208 §4.2): every limit that counts for the mailbox. Empty where there is
     * none, where the server does not tell, or has no QUOTA.
     */
    List<Quota> quota(MailboxName mailbox);

    /**
     * STATUS, MYRIGHTS (RFC 4314 §3.5) and GETQUOTAROOT in one flush; what the server has not or
     * does not tell of this mailbox is left out.
     */
    MailboxReport report(MailboxName mailbox);

    /**
     * MYRIGHTS of each (RFC 4314 §3.5), in one flush; without those of which the server does not
     * tell, and of none where it has no ACL.
     */
    Map<MailboxName, Rights> rights(Collection<MailboxName> mailboxes);

    /** GETACL (RFC 4314 §3.3). Only where {@link Capabilities#acl()}. */
    List<Grant> acl(MailboxName mailbox);

    /**
     * SETACL (RFC 4314 §3.1): these rights and no others for that identifier. Throws {@link
     * ImapException.NotPossible} when the server knows no such right or identifier.
     */
    void setAcl(MailboxName mailbox, Grant grant);

    /** DELETEACL (RFC 4314 §3.2); does nothing when the identifier has no entry. */
    void deleteAcl(MailboxName mailbox, String identifier);

    /**
     * The largest message in octets that this mailbox takes, where the server says so (RFC 7889);
     * mostly without a round trip.
     */
    OptionalLong appendLimit(MailboxName mailbox);

    /**
     * APPEND, streamed. There is no limit to the time in which the stream gives its octets. When it
     * fails, which ends this with UncheckedIOException or what else it throws, nothing is appended
     * and the connection is lost.
     *
     * @param octets how many the stream gives, exactly; one that ends early has failed
     * @param internalDate now when null
     */
    Appended append(
            MailboxName mailbox,
            Set<Flag> flags,
            @Nullable Instant internalDate,
            InputStream message,
            long octets);

    /**
     * APPEND of several messages without waiting for one to be stored before the next is sent (RFC
     * 9051 §5.5). Gives what became of each, in that order; a message that fails keeps none of the
     * others out, and a connection that is lost is an outcome and not thrown.
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

    /** Gives the connection back, or ends it when it was never anybody else's; never throws. */
    @Override
    void close();
}
