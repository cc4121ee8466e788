package postern.imap;

import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.account.AccountTag;
import postern.imap.message.FetchItems;
import postern.imap.message.FetchListener;
import postern.imap.message.FetchRequest;
import postern.imap.message.FetchedMessage;
import postern.imap.message.Flag;
import postern.imap.message.FlagChange;
import postern.imap.message.SearchTerm;
import postern.imap.message.SectionRange;
import postern.imap.message.SectionStream;
import postern.imap.message.SortKey;
import postern.imap.message.SortedUids;
import postern.imap.message.ThreadedUids;
import postern.imap.message.UidSet;

/**
 * A mailbox that is selected on a connection (RFC 9051 §3.3). One borrower, one thread. Every
 * method throws {@link ImapException}; messages are named by UID.
 */
public interface SelectedMailbox extends AutoCloseable {

    /** As it was asked for, also where the mailbox has another name now and was found by its id. */
    MailboxName name();

    SelectedState state();

    Capabilities capabilities();

    /** The tag of the account that opened the mailbox. */
    AccountTag accountTag();

    /** A reference to a UID of this mailbox, whether or not the message exists. */
    default MessageRef message(long uid) {
        return new MessageRef(name(), state().uidValidity(), uid, accountTag());
    }

    /**
     * Throws when the UIDVALIDITY of the reference is not that of this mailbox: {@link
     * ImapException.MailboxReset}, or {@link ImapException.MessageNotFound} where the reference was
     * made for another account.
     */
    default void require(MessageRef message) {
        if (state().uidValidity() != message.uidValidity()) {
            throw message.absence(accountTag());
        }
    }

    /**
     * Throws {@link ImapException.MailboxReset} when the UIDVALIDITY of the mailbox differs from
     * this.
     */
    default void requireUidValidity(long uidValidity) {
        if (state().uidValidity() != uidValidity) {
            throw new ImapException.MailboxReset();
        }
    }

    /**
     * Whether the messages from this UIDNEXT on are those that arrived since the mailbox had it,
     * under this UIDVALIDITY. A mailbox whose UIDNEXT was 1 had no message, so that all that are
     * there now have arrived since, whatever its UIDVALIDITY was ({@link MailboxStatus#neverUsed}).
     */
    default boolean numbersOn(long uidValidity, long uidNext) {
        return uidNext == 1 || state().uidValidity() == uidValidity;
    }

    /**
     * Sends a NOOP and all requests in one flush. Returns the answers in the order of the requests,
     * each in ascending UIDs. Sequence numbers are those that {@link #state()} knew before the
     * call, or those after the NOOP: that is up to the server. Afterwards {@link #state()} and the
     * sequence numbers of the messages are current, so that a caller that wants the end of the
     * mailbox can check whether it has changed. Expunged messages are left out, and sequence
     * numbers past the end match nothing.
     *
     * @param listener called for each message as it arrives
     */
    List<List<FetchedMessage>> fetch(List<FetchRequest> requests, FetchListener listener);

    /** {@link #fetch(List, FetchListener)} without a listener. */
    default List<List<FetchedMessage>> fetch(List<FetchRequest> requests) {
        return fetch(requests, FetchListener.NONE);
    }

    /**
     * FETCH of optional items: a request that fails is not repeated in smaller steps. After a
     * failure the next command gets a working connection.
     */
    default List<List<FetchedMessage>> fetchExtras(List<FetchRequest> requests) {
        return fetch(requests);
    }

    /** UID FETCH, in ascending UIDs; expunged messages are left out. */
    default List<FetchedMessage> fetch(UidSet uids, FetchItems items) {
        return fetch(List.of(FetchRequest.uids(uids, items))).getFirst();
    }

    /**
     * UID FETCH of one message; throws {@link ImapException.MessageNotFound} when it does not
     * exist.
     */
    default FetchedMessage fetch(long uid, FetchItems items) {
        var messages = fetch(UidSet.of(uid), items);
        if (messages.isEmpty()) {
            throw new ImapException.MessageNotFound();
        }
        return messages.getFirst();
    }

    /**
     * Opens a section for streaming, without holding it in memory. The stream must be closed before
     * any other use of this mailbox. Throws MessageNotFound, or PartNotFound when the message has
     * no such section.
     */
    SectionStream open(long uid, SectionRange range);

    /**
     * Opens a section that the server decodes (RFC 3516 BINARY); offsets count decoded octets.
     * Throws {@link ImapException.UnknownEncoding} when the server cannot decode it. Requires
     * {@link Capabilities#binary()}.
     */
    SectionStream openDecoded(long uid, SectionRange range);

    /**
     * The decoded size of the part (RFC 3516 BINARY.SIZE), where the server supports and knows it.
     */
    OptionalLong decodedSize(long uid, String partId);

    /** UID STORE; returns the new flags of the messages that still exist, in ascending UIDs. */
    List<FetchedMessage> store(UidSet uids, FlagChange change);

    /**
     * UID STORE with UNCHANGEDSINCE (RFC 7162 §3.1.3); throws {@link ImapException.MessageModified}
     * when any of the messages was changed since that mod-sequence. Requires {@link
     * Capabilities#condStore()}.
     */
    List<FetchedMessage> store(UidSet uids, FlagChange change, long unchangedSince);

    /**
     * UID COPY; throws {@link ImapException.MailboxNotFound} when the destination does not exist.
     */
    Copied copy(UidSet uids, MailboxName destination);

    /** UID MOVE, or COPY, STORE and {@link #expunge} where the server has no MOVE. */
    Copied move(UidSet uids, MailboxName destination);

    /**
     * Removes only these messages: UID EXPUNGE, or without UIDPLUS an EXPUNGE that spares all other
     * marked messages. Throws {@link ImapException.MailboxInUse} where other clients keep marking
     * messages at the same time.
     */
    void expunge(UidSet uids);

    /**
     * Applies the change to many messages in as few commands as possible. Returns the outcomes in
     * ascending UIDs; refusals and a lost connection are outcomes, too.
     */
    List<MessageOutcome> apply(UidSet uids, BulkChange change);

    /**
     * UID REPLACE (RFC 8508) by a message in this same mailbox; atomic. The stream is treated as by
     * {@link ImapConnection#append}. Requires {@link Capabilities#replace()}.
     */
    Appended replace(
            long uid,
            Set<Flag> flags,
            @Nullable Instant internalDate,
            InputStream message,
            long octets);

    /**
     * UID THREAD of all messages by References (RFC 5256, draft-ietf-morg-inthread). Requires
     * {@link Capabilities#threadRefs()}.
     */
    ThreadedUids thread();

    /** UID SEARCH. */
    UidSet search(SearchTerm term);

    /**
     * UID SORT, ascending. Messages with equal keys are in the server's order, usually by UID.
     * Requires {@link Capabilities#sorts}.
     */
    SortedUids sort(SearchTerm term, SortKey key);

    /** Returns the connection; never throws. */
    @Override
    void close();
}
