package postern.imap.pool;

import java.util.List;
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
import postern.imap.MailboxName;
import postern.imap.PoolableConnection;
import postern.imap.SelectedMailbox;
import postern.imap.message.SectionStream;

/**
 * A borrower's hold on a connection, from the loan to the return.
 *
 * <p>A connection that was idle is unproven until the server has answered a command: it may have
 * left. When a command that only reads, or that may be done twice, finds the connection lost before
 * any answer, the lease goes on with a fresh one and the command is sent once more. A command that
 * must not be done twice is never sent again; after some time of silence, or when the server has
 * said something or hung up meanwhile, a probe goes ahead of it, which is only a read.
 *
 * <p>A server may also accept a login that leads nowhere, and refuse every command after it with
 * 503. Then one fresh login is tried for a command that may be sent again.
 */
final class Lease implements AutoCloseable {

    private final ConnectionPool pool;
    private final Account account;
    private final PoolEntry entry;
    private long answersBefore;
    private boolean mayRenew;
    private boolean loggedInAnew;
    private boolean goesOnAnew;
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

    /** The connection at the moment; throws IllegalStateException when the lease has ended. */
    PoolableConnection connection() {
        if (ended) {
            throw new IllegalStateException("the connection has been given back");
        }
        return entry.connection();
    }

    /** Runs a command that changes nothing, or that may be done twice. */
    <T> T read(Function<PoolableConnection, T> command) {
        var connection = goesOnAnew ? usableConnection() : connection();
        try {
            return command.apply(connection);
        } catch (ImapException.ConnectionLost | ImapException.OutcomeUnknown lost) {
            boolean leftBefore =
                    unproven() && !(lost.getCause() instanceof ImapException.ServerTimedOut);
            if (!leftBefore && !literalRefused(lost)) {
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

    /** Whether the server may have left before it was lent. */
    private boolean unproven() {
        return mayRenew && connection().answers() == answersBefore;
    }

    /**
     * Runs a command that changes something and may be done twice: the second time does nothing.
     */
    <T> T writeTwice(Function<PoolableConnection, T> command) {
        ChangeWatch.change();
        return read(command);
    }

    /** The same on a fresh connection where the one at hand has ended. */
    <T> T readAnew(Function<PoolableConnection, T> command) {
        usableConnection();
        return read(command);
    }

    private PoolableConnection usableConnection() {
        if (!connection().usable()) {
            mayRenew = false;
            pool.renew(entry, account);
        }
        goesOnAnew = false;
        return connection();
    }

    /**
     * What has failed was not needed: the next read has a fresh connection where this one ended.
     */
    void goOnAnew() {
        goesOnAnew = true;
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

    /** Whether the first step of it failed; any other failure may have a step behind it. */
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

    /** The same for a command that the server carries out as a whole or refuses as a whole. */
    <T> T writeWhole(Consumer<PoolableConnection> probe, Function<PoolableConnection, T> command) {
        prove(probe);
        return whole(() -> whole(command, ChangeWatch.change()), () -> true);
    }

    /** The same for a command that brings a message. */
    <T> T upload(
            Consumer<PoolableConnection> probe,
            TrackedUpload message,
            Function<PoolableConnection, T> command) {
        prove(probe);
        return whole(() -> whole(command, message::refused), message::rewind);
    }

    /** Sends on a fresh connection what the server refused for the sake of a literal. */
    private <T> T whole(Supplier<T> attempt, BooleanSupplier repeatable) {
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
     * Runs what takes a mailbox's name away. Before and after, so that neither a connection that
     * was idle all the time is lent while it happens, nor one that was lent meanwhile afterwards.
     */
    void unnaming(MailboxName mailbox, Runnable command) {
        pool.unname(account, mailbox);
        try {
            command.run();
        } finally {
            pool.unname(account, mailbox);
        }
    }

    private <T> T whole(Function<PoolableConnection, T> command, Runnable refused) {
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
        if (unproven() && (pool.quietForLong(entry) || connection().spoke())) {
            read(c -> {
                probe.accept(c);
                return c;
            });
        }
        mayRenew = false;
    }

    /** SELECT or EXAMINE on this very connection. */
    SelectedMailbox select(PoolableConnection connection, MailboxName name, Access access) {
        var mailbox = connection.select(name, access);
        entry.selected(access);
        return mailbox;
    }

    /** From now on that mailbox is the one to work in. */
    void selected(LeasedMailbox latest) {
        mailbox = latest;
    }

    /** The mailbox that was open is not any more; another one is, for reading. */
    void wanderedOff() {
        mailbox = null;
        entry.selected(Access.READ_ONLY);
    }

    boolean hasSelected(LeasedMailbox which) {
        return mailbox == which;
    }

    /** A command that does no harm, in whatever state the connection is. */
    void probe(PoolableConnection connection) {
        try {
            var selection = entry.selection();
            if (selection != null && selection.access() != null) {
                select(connection, selection.mailbox(), selection.access()).fetch(List.of());
            } else {
                connection.status(MailboxName.INBOX);
            }
        } catch (ImapException e) {
            // A refusal is a sign of life, too.
            if (!connection.usable()) {
                throw e;
            }
        }
    }

    /** Sees to it that the stream does not outlive the lease. */
    SectionStream streaming(SectionStream opened) {
        stream = opened;
        return new LeasedStream(this, opened);
    }

    /** How long a stream is to rest behind so many octets, in nanoseconds. */
    long restBehind(int octets) {
        return entry.servesLane(Lane.DOWNLOAD) ? pool.restBehind(octets) : 0;
    }

    @Override
    public void close() {
        if (ended) {
            return;
        }
        if (stream != null) {
            stream.close();
        }
        ended = true;
        pool.giveBack(entry);
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
