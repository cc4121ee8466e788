package postern.imap.pool;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import postern.account.Account;
import postern.imap.Access;
import postern.imap.ChangeWatch;
import postern.imap.ImapException;
import postern.imap.Lane;
import postern.imap.ListedMailbox;
import postern.imap.MailboxName;
import postern.imap.MailboxRole;
import postern.imap.PoolableConnection;
import postern.imap.SelectedMailbox;
import postern.imap.message.SectionStream;

/**
 * A borrower's hold on a connection, from the loan to the return.
 *
 * <p>A connection that was idle is unproven until the server has answered a command: the server may
 * have closed it. When a command that only reads, or that is idempotent, loses the connection
 * before any answer, the lease gets a fresh connection and sends the command again. A command that
 * is not idempotent is never sent again; when the connection was silent for some time, or has
 * unread input or ended, a probe that only reads is sent first.
 *
 * <p>A server may also accept a login and then answer every command on that connection that it is
 * unavailable. Then one fresh login is tried for a command that may be sent again.
 */
final class Lease implements AutoCloseable {

    private final ConnectionPool pool;
    private final Account account;
    private final PoolEntry entry;
    private long answersBefore;
    private boolean mayRenew;
    private boolean loggedInAnew;
    private boolean reconnectOnRead;
    private boolean ended;
    private @Nullable LeasedMailbox mailbox;
    private @Nullable SectionStream stream;

    Lease(ConnectionPool pool, Account account, PoolEntry entry) {
        this.pool = pool;
        this.account = account;
        this.entry = entry;
        this.mayRenew = entry.idledBefore();
        this.answersBefore = entry.connection().answers();
    }

    /** The current connection; throws IllegalStateException when the lease has ended. */
    PoolableConnection connection() {
        if (ended) {
            throw new IllegalStateException("the connection has been given back");
        }
        return entry.connection();
    }

    /** The mailboxes as the borrower's token shows them. */
    TokenView view() {
        return new TokenView(account);
    }

    /** The names that the provider gives to special mailboxes. */
    Map<MailboxRole, MailboxName> unusualNames() {
        return pool.unusualNames(account.server());
    }

    /** All mailboxes of the account, whatever the token reaches. */
    List<ListedMailbox> listed() {
        return listed(read(connection -> connection.list(Set.of())));
    }

    List<ListedMailbox> listed(List<ListedMailbox> all) {
        pool.located().listed(account, all);
        pool.changes()
                .listed(
                        account,
                        all.stream()
                                .filter(ListedMailbox::selectable)
                                .map(ListedMailbox::name)
                                .toList());
        return all;
    }

    /**
     * The mailbox with the id of that one, by the name that it has now. Throws MailboxNotFound
     * where there is none, and OutOfScope where the token does not reach it.
     */
    MailboxName relocated(PoolableConnection connection, MailboxName mailbox) {
        var now =
                listed(connection.list(Set.of())).stream()
                        .map(ListedMailbox::name)
                        .filter(name -> Objects.equals(mailbox.id(), name.id()))
                        .findFirst()
                        .orElseThrow(() -> new ImapException.MailboxNotFound(null));
        view().require(now);
        return now;
    }

    /** Runs a command that changes nothing, or that is idempotent. */
    <T> T read(Function<PoolableConnection, T> command) {
        var connection = reconnectOnRead ? usableConnection() : connection();
        try {
            return command.apply(connection);
        } catch (ImapException.ConnectionLost | ImapException.OutcomeUnknown lost) {
            boolean closedBefore =
                    unproven() && !(lost.getCause() instanceof ImapException.ServerTimedOut);
            if (!closedBefore && !literalRefused(lost)) {
                throw lost;
            }
            renew(lost);
            return command.apply(connection());
        } catch (ImapException.ServerUnavailable dead) {
            if (connection.usable() || loggedInAnew) {
                throw dead;
            }
            loggedInAnew = true;
            renew(dead);
            return command.apply(connection());
        }
    }

    private static boolean literalRefused(ImapException failure) {
        return failure instanceof ImapException.ConnectionLost lost && lost.literalRefused();
    }

    /** Whether the server may have closed the connection before it was lent. */
    private boolean unproven() {
        return mayRenew && connection().answers() == answersBefore;
    }

    /** Runs a command that changes something and is idempotent. */
    <T> T writeTwice(Function<PoolableConnection, T> command) {
        ChangeWatch.change();
        return read(command);
    }

    /** Like {@link #read}, on a fresh connection where the current one has ended. */
    <T> T readAnew(Function<PoolableConnection, T> command) {
        usableConnection();
        return read(command);
    }

    private PoolableConnection usableConnection() {
        if (!connection().usable()) {
            mayRenew = false;
            pool.renew(entry, account);
        }
        reconnectOnRead = false;
        return connection();
    }

    /**
     * Called after an optional command has failed: the next read gets a fresh connection if this
     * one has ended.
     */
    void reconnectForNextRead() {
        reconnectOnRead = true;
    }

    /** Runs a command that changes something, after a probe where the connection is in doubt. */
    <T> T write(Consumer<PoolableConnection> probe, Function<PoolableConnection, T> command) {
        prove(probe);
        var undo = ChangeWatch.change();
        try {
            return command.apply(connection());
        } catch (ImapException e) {
            if (nothingDone(e)) {
                undo.run();
            }
            throw e;
        }
    }

    /**
     * Whether nothing was changed. Only the first step fails in these ways; other failures may come
     * after a step that changed something.
     */
    private static boolean nothingDone(ImapException failure) {
        return switch (failure) {
            case ImapException.ConnectionLost _,
                    ImapException.ServerTimedOut _,
                    ImapException.ConnectionLimit _,
                    ImapException.ServerUnavailable _,
                    ImapException.MailboxInUse _,
                    ImapException.MessageNotFound _,
                    ImapException.MessageModified _ ->
                    true;
            default -> false;
        };
    }

    /** Like {@link #write}, for a command that the server carries out completely or not at all. */
    <T> T writeWhole(Consumer<PoolableConnection> probe, Function<PoolableConnection, T> command) {
        prove(probe);
        return repeatIfLiteralRefused(() -> attempt(command, ChangeWatch.change()), () -> true);
    }

    /** Like {@link #write}, for a command that uploads a message. */
    <T> T upload(
            Consumer<PoolableConnection> probe,
            TrackedUpload message,
            Function<PoolableConnection, T> command) {
        prove(probe);
        return repeatIfLiteralRefused(() -> attempt(command, message::refused), message::rewind);
    }

    /**
     * Runs the command once more, on a fresh connection, when the server refused a literal of it.
     */
    private <T> T repeatIfLiteralRefused(Supplier<T> attempt, BooleanSupplier repeatable) {
        try {
            return attempt.get();
        } catch (ImapException.ConnectionLost refused) {
            if (!refused.literalRefused() || !repeatable.getAsBoolean()) {
                throw refused;
            }
            renew(refused);
            return attempt.get();
        }
    }

    /**
     * Runs a command that renames or deletes a mailbox. The pool is told before and after: before,
     * so that no idle connection on that mailbox is lent while the command runs; after, for those
     * that were lent in the meantime.
     */
    void whileNameIsLost(MailboxName mailbox, Runnable command) {
        pool.nameLost(account, mailbox);
        try {
            command.run();
        } finally {
            pool.located().forget(account);
            pool.nameLost(account, mailbox);
        }
    }

    /** Runs a command that changes messages of these mailboxes, and says so. */
    <T> T changing(List<MailboxName> mailboxes, Supplier<T> command) {
        try {
            return command.get();
        } finally {
            mailboxes.forEach(mailbox -> pool.changes().messagesChanged(account, mailbox));
        }
    }

    /** Runs a command that creates, renames or deletes a mailbox, and says so. */
    void changing(@Nullable MailboxName from, @Nullable MailboxName to, Runnable command) {
        try {
            command.run();
        } finally {
            pool.changes().mailboxChanged(account, from, to);
        }
    }

    private <T> T attempt(Function<PoolableConnection, T> command, Runnable refused) {
        try {
            return command.apply(connection());
        } catch (ImapException e) {
            if (!(e instanceof ImapException.OutcomeUnknown)) {
                refused.run();
            }
            throw e;
        }
    }

    private void prove(Consumer<PoolableConnection> probe) {
        if (unproven() && (pool.idleForLong(entry) || connection().hasUnreadInput())) {
            read(c -> {
                probe.accept(c);
                return c;
            });
        }
        mayRenew = false;
    }

    /** SELECT or EXAMINE on this connection. */
    SelectedMailbox select(PoolableConnection connection, MailboxName name, Access access) {
        var mailbox = connection.select(name, access);
        entry.selected(access);
        return mailbox;
    }

    /** Makes that mailbox the selected one. */
    void selected(LeasedMailbox latest) {
        mailbox = latest;
    }

    /** The selected mailbox is no longer selected; another one is, read-only. */
    void selectionLost() {
        mailbox = null;
        entry.selected(Access.READ_ONLY);
    }

    boolean hasSelected(LeasedMailbox which) {
        return mailbox == which;
    }

    /** Sends a harmless command that works in any state of the connection. */
    void probe(PoolableConnection connection) {
        try {
            var selection = entry.selection();
            if (selection != null && selection.access() != null) {
                select(connection, selection.mailbox(), selection.access()).fetch(List.of());
            } else {
                connection.status(MailboxName.INBOX);
            }
        } catch (ImapException e) {
            // A refusal shows as well that the server is alive.
            if (!connection.usable()) {
                throw e;
            }
        }
    }

    /** Ties the stream to the lease, so that it cannot be read after the lease has ended. */
    SectionStream tie(SectionStream opened) {
        stream = opened;
        return new LeasedStream(this, opened);
    }

    /** How long a stream must pause after this many octets, in nanoseconds. */
    long pauseAfter(int octets) {
        return entry.servesLane(Lane.BULK) ? pool.pauseAfter(octets) : 0;
    }

    @Override
    public void close() {
        if (ended) {
            return;
        }
        try {
            if (stream != null) {
                stream.close();
            }
        } finally {
            ended = true;
            entry.connection().answersReleased();
            pool.giveBack(entry);
        }
    }

    private void renew(ImapException lost) {
        mayRenew = false;
        try {
            pool.renew(entry, account);
        } catch (RuntimeException e) {
            e.addSuppressed(lost);
            throw e;
        }
    }
}
