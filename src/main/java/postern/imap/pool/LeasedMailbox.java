package postern.imap.pool;

import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import postern.account.AccountTag;
import postern.imap.Access;
import postern.imap.Appended;
import postern.imap.BulkChange;
import postern.imap.Capabilities;
import postern.imap.ChangeWatch;
import postern.imap.Copied;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.MessageOutcome;
import postern.imap.PoolableConnection;
import postern.imap.SelectedMailbox;
import postern.imap.SelectedState;
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

/** A mailbox on a lent connection. It is selected again when the lease gets a fresh connection. */
final class LeasedMailbox implements SelectedMailbox {

    private static final Predicate<FetchRequest> BY_SEQUENCE_NUMBER =
            request -> request.messages() instanceof FetchRequest.BySequenceNumber;

    private final Lease lease;
    private final boolean endsLease;
    private final MailboxName name;
    private final Access access;

    /** The name that it has now. */
    private MailboxName current;

    private @Nullable PoolableConnection connection;
    private @Nullable SelectedMailbox mailbox;
    private @Nullable MailboxIdentity identity;
    private boolean closed;

    /** UIDs denote the same messages only while these are unchanged. */
    private record MailboxIdentity(long uidValidity, @Nullable String mailboxId) {
        static MailboxIdentity of(SelectedState state) {
            return new MailboxIdentity(state.uidValidity(), state.mailboxId());
        }
    }

    private LeasedMailbox(Lease lease, boolean endsLease, MailboxName name, Access access) {
        this.lease = lease;
        this.endsLease = endsLease;
        this.name = name;
        this.current = name;
        this.access = access;
    }

    /** Closing this mailbox ends the lease. */
    static LeasedMailbox endingLease(Lease lease, MailboxName name, Access access) {
        lease.view().require(name);
        return new LeasedMailbox(lease, true, name, access).opened();
    }

    /** Closing this mailbox does not end the lease. */
    static LeasedMailbox keepingLease(Lease lease, MailboxName name, Access access) {
        lease.view().require(name);
        return new LeasedMailbox(lease, false, name, access).opened();
    }

    private LeasedMailbox opened() {
        lease.read(this::selectedOn);
        lease.selected(this);
        return this;
    }

    /** Stays the same when the mailbox turns out to have another name: borrowers look it up. */
    @Override
    public MailboxName name() {
        return name;
    }

    @Override
    public SelectedState state() {
        var state = fromMemory(SelectedMailbox::state);
        identity = MailboxIdentity.of(state);
        return state;
    }

    @Override
    public Capabilities capabilities() {
        return fromMemory(SelectedMailbox::capabilities);
    }

    @Override
    public AccountTag accountTag() {
        return fromMemory(SelectedMailbox::accountTag);
    }

    @Override
    public List<List<FetchedMessage>> fetch(List<FetchRequest> requests, FetchListener listener) {
        boolean knowsNoUid = identity == null && requests.stream().allMatch(BY_SEQUENCE_NUMBER);
        try {
            return read(mailbox -> mailbox.fetch(requests, listener));
        } catch (ImapException e) {
            if (requests.isEmpty() || !BisectingFetch.mayHelp(e)) {
                throw e;
            }
            rememberIdentity();
            try {
                return new BisectingFetch(lease, this::selectedOn, e).fetch(requests);
            } catch (ImapException.MailboxReset renumbered) {
                if (!knowsNoUid) {
                    throw renumbered;
                }
                // Another mailbox has the name now; this is safe because the borrower knows no UID
                // of the old one.
                identity = null;
                return lease.readAnew(current -> selectedOn(current).fetch(requests, listener));
            }
        }
    }

    @Override
    public List<List<FetchedMessage>> fetchExtras(List<FetchRequest> requests) {
        try {
            return read(mailbox -> mailbox.fetch(requests));
        } catch (ImapException e) {
            rememberIdentity();
            lease.reconnectForNextRead();
            throw e;
        }
    }

    /**
     * Remembers which mailbox this is: on another connection it must be the same one, or its UIDs
     * would denote other messages.
     */
    private void rememberIdentity() {
        var open = mailbox;
        if (open != null && identity == null) {
            identity = MailboxIdentity.of(open.state());
        }
    }

    @Override
    public SectionStream open(long uid, SectionRange range) {
        return lease.tie(read(mailbox -> mailbox.open(uid, range)));
    }

    @Override
    public SectionStream openDecoded(long uid, SectionRange range) {
        return lease.tie(read(mailbox -> mailbox.openDecoded(uid, range)));
    }

    @Override
    public OptionalLong decodedSize(long uid, String partId) {
        return read(mailbox -> mailbox.decodedSize(uid, partId));
    }

    @Override
    public List<FetchedMessage> store(UidSet uids, FlagChange change) {
        checkOpen();
        return lease.changing(
                List.of(name),
                () -> lease.writeTwice(connection -> selectedOn(connection).store(uids, change)));
    }

    @Override
    public List<FetchedMessage> store(UidSet uids, FlagChange change, long unchangedSince) {
        return write(mailbox -> mailbox.store(uids, change, unchangedSince));
    }

    @Override
    public Copied copy(UidSet uids, MailboxName destination) {
        lease.view().require(destination);
        checkOpen();
        return lease.changing(
                List.of(destination),
                () ->
                        lease.writeWhole(
                                this::probe,
                                connection -> selectedOn(connection).copy(uids, destination)));
    }

    @Override
    public Copied move(UidSet uids, MailboxName destination) {
        lease.view().require(destination);
        return lease.changing(
                List.of(destination), () -> write(mailbox -> mailbox.move(uids, destination)));
    }

    @Override
    public void expunge(UidSet uids) {
        write(mailbox -> {
            mailbox.expunge(uids);
            return mailbox;
        });
    }

    @Override
    public List<MessageOutcome> apply(UidSet uids, BulkChange change) {
        var destinations = destinations(change);
        destinations.forEach(lease.view()::require);
        var undo = ChangeWatch.change();
        var outcomes =
                lease.changing(destinations, () -> write(mailbox -> mailbox.apply(uids, change)));
        if (outcomes.stream().allMatch(LeasedMailbox::nothingDone)) {
            undo.run();
        }
        return outcomes;
    }

    private static List<MailboxName> destinations(BulkChange change) {
        return switch (change) {
            case BulkChange.Copy(var destination) -> List.of(destination);
            case BulkChange.Move(var destination) -> List.of(destination);
            case BulkChange.Store _, BulkChange.Expunge _ -> List.of();
        };
    }

    private static boolean nothingDone(MessageOutcome outcome) {
        return switch (outcome) {
            case MessageOutcome.Gone _ -> true;
            case MessageOutcome.Refused(long _, var _, var successor) -> successor == null;
            case MessageOutcome.Done _, MessageOutcome.Unknown _ -> false;
        };
    }

    @Override
    public Appended replace(
            long uid,
            Set<Flag> flags,
            @Nullable Instant internalDate,
            InputStream message,
            long octets) {
        checkOpen();
        var upload = new TrackedUpload(message, octets);
        return lease.changing(
                List.of(name),
                () ->
                        lease.upload(
                                connection -> selectedOn(connection).fetch(List.of()),
                                upload,
                                connection ->
                                        selectedOn(connection)
                                                .replace(
                                                        uid, flags, internalDate, upload, octets)));
    }

    @Override
    public ThreadedUids thread() {
        return read(SelectedMailbox::thread);
    }

    @Override
    public UidSet search(SearchTerm term) {
        return read(mailbox -> mailbox.search(term));
    }

    @Override
    public SortedUids sort(SearchTerm term, SortKey key) {
        return read(mailbox -> mailbox.sort(term, key));
    }

    @Override
    public void close() {
        closed = true;
        if (endsLease) {
            lease.close();
        }
    }

    /** Answers from memory, so that no fresh connection is opened. */
    private <T> T fromMemory(Function<SelectedMailbox, T> question) {
        checkOpen();
        var open = mailbox;
        return open != null && connection == lease.connection()
                ? question.apply(open)
                : read(question);
    }

    private <T> T read(Function<SelectedMailbox, T> command) {
        checkOpen();
        return lease.read(connection -> command.apply(selectedOn(connection)));
    }

    private <T> T write(Function<SelectedMailbox, T> command) {
        checkOpen();
        return lease.changing(
                List.of(name),
                () ->
                        lease.write(
                                this::probe, connection -> command.apply(selectedOn(connection))));
    }

    private void probe(PoolableConnection connection) {
        selectedOn(connection).fetch(List.of());
    }

    private void checkOpen() {
        if (closed || !lease.hasSelected(this)) {
            throw new IllegalStateException("the mailbox is closed, or another one was selected");
        }
    }

    /** Selects this mailbox on that connection. */
    private SelectedMailbox selectedOn(PoolableConnection current) {
        var known = mailbox;
        if (known != null && connection == current) {
            return known;
        }
        var selected = open(current);
        // The borrower's UIDs belong to the old UIDVALIDITY.
        if (identity != null && !identity.equals(MailboxIdentity.of(selected.state()))) {
            throw new ImapException.MailboxReset();
        }
        connection = current;
        mailbox = selected;
        return selected;
    }

    /** Where another mailbox has the name, or none, the mailbox is looked for by its id. */
    private SelectedMailbox open(PoolableConnection on) {
        if (name.id() == null) {
            return lease.select(on, name, access);
        }
        try {
            var selected = lease.select(on, current, access);
            if (name.id().equals(selected.state().mailboxId())) {
                return selected;
            }
        } catch (ImapException.MailboxNotFound _) {
            // It may have been renamed.
        }
        var now = lease.relocated(on, name);
        // A mailbox that had the name before may be selected still.
        lease.select(on, MailboxName.INBOX, Access.READ_ONLY);
        var selected = lease.select(on, now, access);
        LeasedConnection.requireId(now, selected.state());
        current = now;
        return selected;
    }
}
