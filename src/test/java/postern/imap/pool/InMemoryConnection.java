package postern.imap.pool;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import postern.account.Account;
import postern.account.AccountTag;
import postern.imap.Access;
import postern.imap.Appended;
import postern.imap.BulkChange;
import postern.imap.Capabilities;
import postern.imap.Copied;
import postern.imap.ExamineRequest;
import postern.imap.ExaminedMailbox;
import postern.imap.Grant;
import postern.imap.IdleWait;
import postern.imap.ImapException;
import postern.imap.ListItem;
import postern.imap.ListedMailbox;
import postern.imap.MailboxName;
import postern.imap.MailboxOutcome;
import postern.imap.MailboxReport;
import postern.imap.MailboxRole;
import postern.imap.MailboxStatus;
import postern.imap.MessageOutcome;
import postern.imap.Namespaces;
import postern.imap.PoolableConnection;
import postern.imap.Quota;
import postern.imap.Rights;
import postern.imap.SelectedMailbox;
import postern.imap.SelectedState;
import postern.imap.SyncRequest;
import postern.imap.SyncedMailbox;
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

/** A connection that records its commands; a dead one is lost at the next command. */
final class InMemoryConnection implements PoolableConnection {

    private static final Pattern CHANGES =
            Pattern.compile(
                    "^(APPEND|REPLACE|COPY|MOVE|STORE|EXPUNGE|CREATE|DELETE|RENAME|SUBSCRIBE"
                            + "|UNSUBSCRIBE|SETACL|DELETEACL)\\b");

    private final InMemoryConnector server;
    private final Account account;
    private final List<String> commands = new CopyOnWriteArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private @Nullable Mailbox selected;
    private volatile long answers;
    private volatile boolean usable = true;
    private volatile boolean dead;
    private volatile boolean spoke;
    private volatile boolean mute;
    private volatile boolean refusing;
    private volatile boolean nowhere;
    private final AtomicBoolean busy = new AtomicBoolean();

    InMemoryConnection(InMemoryConnector server, Account account) {
        this.server = server;
        this.account = account;
    }

    Account account() {
        return account;
    }

    List<String> commands() {
        return commands;
    }

    /** The server closes the connection silently; the next command fails. */
    void die() {
        dead = true;
    }

    /** The server says BYE. */
    void sayBye() {
        dead = true;
        spoke = true;
    }

    /** The server answers NO to all commands from now on. */
    void refuse() {
        refusing = true;
    }

    /** The server accepted the login, but refuses every command after it. */
    void leadNowhere() {
        nowhere = true;
    }

    /** The server no longer answers, not even to LOGOUT. */
    void fallSilent() {
        mute = true;
    }

    boolean open() {
        return ended.getCount() > 0;
    }

    void awaitEnd() throws InterruptedException {
        ended.await();
    }

    @Override
    public Capabilities capabilities() {
        return Capabilities.of(Set.of("IMAP4REV1"));
    }

    @Override
    public Map<String, String> serverId() {
        return run("ID", Map.of());
    }

    @Override
    public List<ListedMailbox> list(Set<ListItem> items) {
        return run("LIST", List.of());
    }

    @Override
    public MailboxStatus status(MailboxName mailbox) {
        return run(
                "STATUS " + mailbox.wire(),
                new MailboxStatus(0L, 0L, 1L, server.uidValidity(mailbox), null, null, null));
    }

    @Override
    public Namespaces namespaces() {
        return run("NAMESPACE", new Namespaces(List.of(), List.of(), List.of()));
    }

    @Override
    public SelectedMailbox select(MailboxName mailbox, Access access) {
        var current = selected;
        // A mailbox that was opened read-write serves read-only access as well.
        if (current != null
                && current.name.equals(mailbox)
                && (current.access == access || access == Access.READ_ONLY)) {
            return current;
        }
        selected = null;
        var verb = access == Access.READ_ONLY ? "EXAMINE " : "SELECT ";
        var opened =
                run(
                        verb + mailbox.wire(),
                        new Mailbox(mailbox, access, server.uidValidity(mailbox)));
        selected = opened;
        return opened;
    }

    @Override
    public List<MailboxOutcome<ExaminedMailbox>> visit(List<ExamineRequest> visits) {
        var outcomes = new ArrayList<MailboxOutcome<ExaminedMailbox>>();
        for (var visit : visits) {
            var mailbox = select(visit.mailbox(), Access.READ_ONLY);
            var visited =
                    new ExaminedMailbox(mailbox.state(), UidSet.EMPTY, SortedUids.EMPTY, List.of());
            outcomes.add(new MailboxOutcome.Done<>(visit.mailbox(), visited));
        }
        return outcomes;
    }

    @Override
    public @Nullable MailboxName selected() {
        var current = selected;
        return current == null ? null : current.name;
    }

    @Override
    public void create(MailboxName mailbox, @Nullable MailboxRole role) {
        run("CREATE " + mailbox.wire(), mailbox);
    }

    @Override
    public void delete(MailboxName mailbox) {
        run("DELETE " + mailbox.wire(), mailbox);
    }

    @Override
    public void rename(MailboxName mailbox, MailboxName to) {
        run("RENAME " + mailbox.wire() + " " + to.wire(), mailbox);
    }

    @Override
    public void subscribe(List<MailboxName> mailboxes) {
        run("SUBSCRIBE", mailboxes);
    }

    @Override
    public void unsubscribe(List<MailboxName> mailboxes) {
        run("UNSUBSCRIBE", mailboxes);
    }

    @Override
    public List<Quota> quota(MailboxName mailbox) {
        return run("GETQUOTAROOT " + mailbox.wire(), List.of());
    }

    @Override
    public MailboxReport report(MailboxName mailbox) {
        return run("STATUS " + mailbox.wire(), MailboxReport.NOTHING);
    }

    @Override
    public Map<MailboxName, Rights> rights(Collection<MailboxName> mailboxes) {
        return run("MYRIGHTS", Map.of());
    }

    @Override
    public List<Grant> acl(MailboxName mailbox) {
        return run("GETACL " + mailbox.wire(), List.of());
    }

    @Override
    public void setAcl(MailboxName mailbox, Grant grant) {
        run("SETACL " + mailbox.wire(), mailbox);
    }

    @Override
    public void deleteAcl(MailboxName mailbox, String identifier) {
        run("DELETEACL " + mailbox.wire(), mailbox);
    }

    @Override
    public OptionalLong appendLimit(MailboxName mailbox) {
        return run("STATUS " + mailbox.wire(), OptionalLong.empty());
    }

    @Override
    public Appended append(
            MailboxName mailbox,
            Set<Flag> flags,
            @Nullable Instant internalDate,
            InputStream message,
            long octets) {
        try {
            message.skipNBytes(octets);
        } catch (IOException e) {
            dead = true;
        }
        return run("APPEND " + mailbox.wire(), new Appended(null));
    }

    @Override
    public boolean syncsQuickly() {
        return true;
    }

    @Override
    public boolean reportsVanished() {
        return false;
    }

    @Override
    public void idle(MailboxName mailbox, IdleWait wait) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void idleEverywhere(IdleWait wait) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void endReports() {
        throw new UnsupportedOperationException();
    }

    @Override
    public SyncedMailbox sync(MailboxName mailbox, SyncRequest request) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean usable() {
        return usable;
    }

    @Override
    public void answersReleased() {}

    @Override
    public long answers() {
        return answers;
    }

    @Override
    public boolean hasUnreadInput() {
        return spoke;
    }

    @Override
    public void abort() {
        usable = false;
        if (open()) {
            ended.countDown();
            server.ended(this);
        }
    }

    @Override
    public void close() {
        if (mute) {
            awaitAbort();
        } else if (usable) {
            commands.add("LOGOUT");
            abort();
        }
    }

    private void awaitAbort() {
        try {
            ended.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private <T> T run(String command, T answer) {
        if (!busy.compareAndSet(false, true)) {
            throw new IllegalStateException("two threads on one connection");
        }
        commands.add(command);
        Thread.yield(); // gives a second borrower the chance to be detected
        busy.set(false);
        if (dead || !usable) {
            usable = false;
            var lost = new ImapException.ConnectionLost("the connection was lost", null);
            throw CHANGES.matcher(command).find() ? new ImapException.OutcomeUnknown(lost) : lost;
        }
        answers = answers + 1;
        if (nowhere) {
            usable = false;
            throw new ImapException.ServerUnavailable(Duration.ofSeconds(30), null);
        }
        if (refusing) {
            throw new ImapException.OverQuota(null);
        }
        return answer;
    }

    private final class Mailbox implements SelectedMailbox {

        private final MailboxName name;
        private final Access access;
        private final long uidValidity;

        Mailbox(MailboxName name, Access access, long uidValidity) {
            this.name = name;
            this.access = access;
            this.uidValidity = uidValidity;
        }

        @Override
        public MailboxName name() {
            return name;
        }

        @Override
        public SelectedState state() {
            return new SelectedState(0, uidValidity, 1, null, true, null, null, null, false);
        }

        @Override
        public AccountTag accountTag() {
            return AccountTag.of(account);
        }

        @Override
        public Capabilities capabilities() {
            return InMemoryConnection.this.capabilities();
        }

        @Override
        public List<List<FetchedMessage>> fetch(
                List<FetchRequest> requests, FetchListener listener) {
            var answer =
                    run("NOOP", requests.stream().map(_ -> List.<FetchedMessage>of()).toList());
            requests.forEach(_ -> run("FETCH", answer));
            return answer;
        }

        @Override
        public SectionStream open(long uid, SectionRange range) {
            return run("FETCH " + uid, new Section());
        }

        @Override
        public SectionStream openDecoded(long uid, SectionRange range) {
            return run("FETCH " + uid, new Section());
        }

        @Override
        public OptionalLong decodedSize(long uid, String partId) {
            return run("FETCH " + uid, OptionalLong.empty());
        }

        @Override
        public List<FetchedMessage> store(UidSet uids, FlagChange change) {
            return run("STORE " + uids, List.of());
        }

        @Override
        public List<FetchedMessage> store(UidSet uids, FlagChange change, long unchangedSince) {
            return run("STORE " + uids, List.of());
        }

        @Override
        public Copied copy(UidSet uids, MailboxName destination) {
            return run("COPY " + uids, Copied.UNKNOWN);
        }

        @Override
        public Copied move(UidSet uids, MailboxName destination) {
            return run("MOVE " + uids, Copied.UNKNOWN);
        }

        @Override
        public void expunge(UidSet uids) {
            run("EXPUNGE " + uids, uids);
        }

        @Override
        public SortedUids sort(SearchTerm term, SortKey key) {
            return run("SORT", SortedUids.EMPTY);
        }

        @Override
        public List<MessageOutcome> apply(UidSet uids, BulkChange change) {
            return run(
                    change.getClass().getSimpleName().toUpperCase(Locale.ROOT) + " " + uids,
                    List.of());
        }

        @Override
        public Appended replace(
                long uid,
                Set<Flag> flags,
                @Nullable Instant internalDate,
                InputStream message,
                long octets) {
            return run("REPLACE " + uid, new Appended(null));
        }

        @Override
        public ThreadedUids thread() {
            return run("THREAD", ThreadedUids.NONE);
        }

        @Override
        public UidSet search(SearchTerm term) {
            return run("SEARCH", UidSet.EMPTY);
        }

        @Override
        public void close() {
            InMemoryConnection.this.close();
        }
    }

    /** A section of two octets; closing it before both are read closes the connection. */
    private final class Section extends SectionStream {

        private final InputStream octets = new ByteArrayInputStream(new byte[] {1, 2});

        @Override
        public long length() {
            return 2;
        }

        @Override
        public int read() throws IOException {
            return octets.read();
        }

        @Override
        public void close() {
            try {
                if (octets.available() > 0) {
                    abort();
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
