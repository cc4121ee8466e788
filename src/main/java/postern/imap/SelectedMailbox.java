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
 * A mailbox that is open on a connection (RFC 9051 §3.3). One borrower, one thread. Every method
 * throws {@link ImapException}; every number is a UID.
 */
public interface SelectedMailbox extends AutoCloseable {

    MailboxName name();

    SelectedState state();

    Capabilities capabilities();

    /** The tag of the account that has opened it. */
    AccountTag accountTag();

    /** Names a message of this mailbox, whether or not there is one with that UID. */
    default MessageRef message(long uid) {
        return new MessageRef(name(), state().uidValidity(), uid, accountTag());
    }

    /**
     * Throws when the message is not in this mailbox because the UIDVALIDITY is another one: {@link
     * ImapException.MailboxReset}, or {@link ImapException.MessageNotFound} where the reference was
     * made for another account.
     */
    default void require(MessageRef message) {
        if (state().uidValidity() != message.uidValidity()) {
            throw message.absence(accountTag());
        }
    }

    /**
     * Throws {@link ImapException.MailboxReset} when the mailbox has another UIDVALIDITY than this.
     */
    default void requireUidValidity(long uidValidity) {
        if (state().uidValidity() != uidValidity) {
            throw new ImapException.MailboxReset();
        }
    }

    /**
     * Sends a NOOP and all requests in one flush, and gives the answers in the order of the
     * requests, each in ascending UIDs. Places are those that {@link #state()} knew before, or what
     * the NOOP made of them: that is up to the server. Afterwards {@link #state()} and the places
     * of the messages are those of this very moment, so that whoever wants the end of the mailbox
     * looks whether it has moved on. Messages that went meanwhile are left out. Places past the end
     * answer nothing.
     *
     * @param listener hears of the messages as they come in
     */
    List<List<FetchedMessage>> fetch(List<FetchRequest> requests, FetchListener listener);

    /** The same for somebody who waits for the whole answer. */
    default List<List<FetchedMessage>> fetch(List<FetchRequest> requests) {
        return fetch(requests, FetchListener.NONE);
    }

    /**
     * The same for what can be done without: a refusal is not looked into. After a failure the next
     * command has a connection that works.
     */
    default List<List<FetchedMessage>> fetchExtras(List<FetchRequest> requests) {
        return fetch(requests);
    }

    /** UID FETCH, in ascending UIDs; messages that are gone are left out. */
    default List<FetchedMessage> fetch(UidSet uids, FetchItems items) {
        return fetch(List.of(FetchRequest.uids(uids, items))).getFirst();
    }

    /** UID FETCH of one message; throws {@link ImapException.MessageNotFound} when it is gone. */
    default FetchedMessage fetch(long uid, FetchItems items) {
        var messages = fetch(UidSet.of(uid), items);
        if (messages.isEmpty()) {
            throw new ImapException.MessageNotFound();
        }
        return messages.getFirst();
    }

    /**
     * Opens a section for streaming: one literal, nothing piled up. The stream must be closed
     * before anything else is done with this mailbox. Throws MessageNotFound, or PartNotFound when
     * the message has no such section.
     */
    SectionStream open(long uid, SectionRange range);

    /**
     * The same with the transfer encoding taken off by the server (RFC 3516 BINARY); offsets then
     * count decoded octets. Throws {@link ImapException.UnknownEncoding} when the server cannot.
     * Only where {@link Capabilities#binary()}.
     */
    SectionStream openDecoded(long uid, SectionRange range);

    /**
     * The part's size with the transfer encoding taken off (RFC 3516 BINARY.SIZE), where the server
     * offers and knows it.
     */
    OptionalLong decodedSize(long uid, String partId);

    /** UID STORE; gives the new flags of the messages that still exist, in ascending UIDs. */
    List<FetchedMessage> store(UidSet uids, FlagChange change);

    /**
     * UID STORE unless changed since that mod-sequence (RFC 7162 §3.1.3); throws {@link
     * ImapException.MessageModified} when any of them was. Only where {@link
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
     * Removes just these messages for good: UID EXPUNGE, or where there is no UIDPLUS an EXPUNGE
     * that spares all others. Throws {@link ImapException.MailboxInUse} where others go on marking
     * messages meanwhile.
     */
    void expunge(UidSet uids);

    /**
     * Does this to many messages, in the fewest commands, and tells what became of each, in
     * ascending UIDs. A refusal or a lost connection is part of what is told.
     */
    List<MessageOutcome> apply(UidSet uids, BulkChange change);

    /**
     * UID REPLACE (RFC 8508) by a message in this same mailbox: the new one is there and the old
     * one gone, or nothing has happened. The stream is treated as by {@link ImapConnection#append}.
     * Only where {@link Capabilities#replace()}.
     */
    Appended replace(
            long uid,
            Set<Flag> flags,
            @Nullable Instant internalDate,
            InputStream message,
            long octets);

    /**
     * UID THREAD of all messages by References (RFC 5256, draft-ietf-morg-inthread). Only where
     * {@link Capabilities#threadRefs()}.
     */
    ThreadedUids thread();

    /** UID SEARCH. */
    UidSet search(SearchTerm term);

    /**
     * UID SORT, ascending; only where {@link Capabilities#sorts}. Messages with the same key stand
     * in whatever order the server puts them, most often that of their UIDs.
     */
    SortedUids sort(SearchTerm term, SortKey key);

    /** Gives the connection back; never throws. */
    @Override
    void close();
}
