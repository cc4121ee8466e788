package postern.message.change;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.imap.Access;
import postern.imap.BulkChange;
import postern.imap.ImapConnection;
import postern.imap.ImapConnections;
import postern.imap.ImapException;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.imap.MailboxStatus;
import postern.imap.MessageOutcome;
import postern.imap.MessageRef;
import postern.imap.Quota;
import postern.imap.SelectedMailbox;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchItems;
import postern.imap.message.FetchedMessage;
import postern.imap.message.Flag;
import postern.imap.message.FlagChange;
import postern.imap.message.UidSet;
import postern.web.id.MessageId;
import postern.web.idempotency.MessageTrail;
import postern.web.idempotency.UnconfirmedMessage;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

/** Appends messages and determines their UIDs. */
@Component
public class MessageAppender {

    /**
     * A larger message is sent in a lane of its own, after a round trip that checks limits and
     * quota.
     */
    private static final long LARGE = 256 << 10;

    private static final FetchItems STATE = FetchItems.of(FetchItem.FLAGS, FetchItem.MOD_SEQ);

    private final ImapConnections connections;
    private final MessageLocks locks;

    MessageAppender(ImapConnections connections, MessageLocks locks) {
        this.connections = connections;
        this.locks = locks;
    }

    /**
     * Appends a message to a mailbox and returns its location, or null when that is not certain:
     * the server has no UIDPLUS (RFC 4315), and the message has no Message-ID or another message
     * with the same one arrived meanwhile. The stream is read only after the server's limits were
     * checked; if these do not allow the message, throws MessageTooBig, OverQuota or
     * MailboxNotFound first. The stream is read on this thread and never closed. When reading
     * fails, nothing is appended; its RuntimeException is thrown as it is, its IOException in an
     * UncheckedIOException.
     *
     * @param receivedAt now when null
     * @param length the exact number of octets of the stream; a stream that ends early is an error
     */
    public @Nullable MessageRef append(
            Account account,
            MailboxName mailbox,
            Set<Flag> flags,
            @Nullable Instant receivedAt,
            InputStream message,
            long length) {
        try (var connection = connections.borrow(account, lane(length))) {
            var earlier = EarlierAttempt.find(connection);
            if (earlier != null) {
                readToTheEnd(message);
                return earlier;
            }
            requireRoom(connection, mailbox, length, 0);
            return append(connection, mailbox, flags, receivedAt, message, length);
        }
    }

    /**
     * Like {@link #append}, for callers that find the message again by its Message-ID: what earlier
     * attempts of the request have stored is not looked for, and this is not recorded.
     */
    public @Nullable MessageRef appendUntraced(
            Account account,
            MailboxName mailbox,
            Set<Flag> flags,
            InputStream message,
            long length) {
        try (var connection = connections.borrow(account, lane(length))) {
            requireRoom(connection, mailbox, length, 0);
            return stored(connection, mailbox, flags, null, message, length);
        }
    }

    /**
     * Like {@link #appendUntraced}, but without a look at quotas and the limit of the mailbox,
     * which takes two round trips for a large message. For a copy of what is done already, whose
     * refusal needs not be told early.
     */
    public @Nullable MessageRef appendCopy(
            Account account,
            MailboxName mailbox,
            Set<Flag> flags,
            InputStream message,
            long length) {
        try (var connection = connections.borrow(account, lane(length))) {
            requireAllowed(connection, length);
            return stored(connection, mailbox, flags, null, message, length);
        }
    }

    private static Lane lane(long length) {
        return length > LARGE ? Lane.BULK : Lane.INTERACTIVE;
    }

    /** Clients do not expect a response before they have sent the entire body. */
    private static void readToTheEnd(InputStream message) {
        try {
            message.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a message to the mail server. */
    private interface Storing {
        @Nullable MessageRef store(InputStream message);
    }

    /** Records how to find the message again, if the request has an idempotency key. */
    private static @Nullable MessageRef traced(
            ImapConnection connection,
            MailboxName mailbox,
            InputStream message,
            long length,
            Storing storing) {
        var trail = MessageTrail.current();
        if (trail == null) {
            return storing.store(message);
        }
        var before = connection.status(mailbox);
        var uidValidity = before.uidValidity();
        var uidNext = before.uidNext();
        if (uidValidity == null || uidNext == null) {
            return storing.store(message); // without UIDNEXT the message could not be found again
        }
        var beginning = new BeginningDigest(message);
        boolean stored = true;
        try {
            return storing.store(beginning);
        } catch (ImapException.OutcomeUnknown e) {
            throw e;
        } catch (RuntimeException e) {
            stored = false;
            throw e;
        } finally {
            if (stored) {
                trail.storing(
                        new UnconfirmedMessage(
                                mailbox,
                                uidValidity,
                                uidNext,
                                length,
                                beginning.value(),
                                Instant.now()));
            }
        }
    }

    private static @Nullable MessageRef append(
            ImapConnection connection,
            MailboxName mailbox,
            Set<Flag> flags,
            @Nullable Instant receivedAt,
            InputStream message,
            long length) {
        return traced(
                connection,
                mailbox,
                message,
                length,
                octets -> stored(connection, mailbox, flags, receivedAt, octets, length));
    }

    private static @Nullable MessageRef stored(
            ImapConnection connection,
            MailboxName mailbox,
            Set<Flag> flags,
            @Nullable Instant receivedAt,
            InputStream message,
            long length) {
        return connection.capabilities().uidPlus()
                ? connection.append(mailbox, flags, receivedAt, message, length).message()
                : appendAndFind(connection, mailbox, flags, receivedAt, message, length);
    }

    /**
     * Appends a message to the mailbox of an old one, then expunges that old one and no other
     * message; in one command where the server has REPLACE (RFC 8508). Returns the new location and
     * reads the stream as {@link #append} does.
     *
     * @param ifMatch the states in which the old one may be replaced: a value of If-Match
     * @param required flags that it must have; throws NotPossible when it lacks any
     * @param flags those of the old one when null
     */
    public @Nullable MessageRef replace(
            Account account,
            MessageRef old,
            @Nullable String ifMatch,
            Set<Flag> required,
            @Nullable Set<Flag> flags,
            @Nullable Instant receivedAt,
            InputStream message,
            long length) {
        try (var _ = locks.take(account, old);
                var connection = connections.borrow(account, lane(length))) {
            var states = IfMatch.parse(ifMatch);
            var earlier = EarlierAttempt.find(connection);
            if (earlier != null) {
                readToTheEnd(message);
                if (exists(connection, old)) {
                    remove(connection, old, states, earlier);
                }
                return earlier;
            }
            var mailbox = connection.select(old.mailbox(), Access.READ_WRITE);
            mailbox.require(old);
            var state = state(mailbox, old, states);
            if (state.flags() == null || !state.flags().containsAll(required)) {
                throw new ImapException.NotPossible("only a draft can be replaced", null);
            }
            requireRoom(connection, old.mailbox(), length, freed(connection, state));
            var kept = flags == null ? kept(state.flags()) : flags;
            if (connection.capabilities().replace()) {
                return replaced(connection, old, kept, receivedAt, message, length);
            }
            var added = append(connection, old.mailbox(), kept, receivedAt, message, length);
            remove(connection, old, states, added);
            return added;
        }
    }

    private static @Nullable MessageRef replaced(
            ImapConnection connection,
            MessageRef old,
            Set<Flag> flags,
            @Nullable Instant receivedAt,
            InputStream message,
            long length) {
        return traced(
                connection,
                old.mailbox(),
                message,
                length,
                octets -> {
                    try (var mailbox = connection.select(old.mailbox(), Access.READ_WRITE)) {
                        mailbox.require(old);
                        return mailbox.replace(old.uid(), flags, receivedAt, octets, length)
                                .message();
                    }
                });
    }

    private static boolean exists(ImapConnection connection, MessageRef message) {
        try (var mailbox = connection.select(message.mailbox(), Access.READ_ONLY)) {
            mailbox.require(message);
            return !mailbox.fetch(UidSet.of(message.uid()), STATE).isEmpty();
        }
    }

    /** A message that is gone is in no state that If-Match could name (RFC 9110 §13.1.1). */
    private static FetchedMessage state(
            SelectedMailbox mailbox, MessageRef message, IfMatch states) {
        var found = mailbox.fetch(UidSet.of(message.uid()), STATE.with(FetchItem.SIZE));
        if (found.isEmpty() && states.any()) {
            throw new ImapException.MessageNotFound();
        }
        if (found.isEmpty() || !states.allows(MessageETag.of(found.getFirst()))) {
            throw new ImapException.MessageModified(null);
        }
        return found.getFirst();
    }

    /** The octets that REPLACE frees; without REPLACE both messages exist for a while. */
    private static long freed(ImapConnection connection, FetchedMessage old) {
        return connection.capabilities().replace() && old.size() != null ? old.size() : 0;
    }

    private static Set<Flag> kept(Set<Flag> flags) {
        return flags.stream()
                .filter(flag -> flag.storable() && !flag.equals(Flag.DELETED))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Checks the conditions on the old message again, because the upload took some time. */
    private static void remove(
            ImapConnection connection,
            MessageRef old,
            IfMatch ifMatch,
            @Nullable MessageRef added) {
        try (var mailbox = connection.select(old.mailbox(), Access.READ_WRITE)) {
            mailbox.require(old);
            if (!ifMatch.any() && !claimed(mailbox, old, ifMatch)) {
                throw storedOnly(
                        added, ProblemCode.MESSAGE_MODIFIED, "it has been changed meanwhile");
            }
            var outcome = mailbox.apply(UidSet.of(old.uid()), new BulkChange.Expunge()).getFirst();
            switch (outcome) {
                case MessageOutcome.Done _ -> {}
                case MessageOutcome.Gone _ -> {
                    if (!ifMatch.any()) {
                        throw storedOnly(
                                added,
                                ProblemCode.MESSAGE_MODIFIED,
                                "somebody else has removed it meanwhile");
                    }
                }
                case MessageOutcome.Refused(var _, var reason, var _) -> {
                    release(mailbox, old, ifMatch);
                    throw reason;
                }
                case MessageOutcome.Unknown(var _, var reason, var _) -> throw reason;
            }
        } catch (ImapException e) {
            throw storedOnly(added, e);
        }
    }

    /**
     * Checks the state of the old message again. With CONDSTORE, setting {@code \Deleted} claims
     * the message: of several gateways that replace it at the same time, only one succeeds (RFC
     * 7162 §3.1.3). A message that is gone is in no state that If-Match could name (RFC 9110
     * §13.1.1).
     */
    private static boolean claimed(SelectedMailbox mailbox, MessageRef old, IfMatch ifMatch) {
        var uid = UidSet.of(old.uid());
        var messages = mailbox.fetch(uid, STATE);
        if (messages.isEmpty() || !ifMatch.allows(MessageETag.of(messages.getFirst()))) {
            return false;
        }
        var modSeq = messages.getFirst().modSeq();
        if (modSeq == null || !mailbox.capabilities().condStore()) {
            return true;
        }
        try {
            return !mailbox.store(uid, FlagChange.add(Flag.DELETED), modSeq).isEmpty();
        } catch (ImapException.MessageModified _) {
            return false;
        }
    }

    /**
     * Removes {@code \Deleted} again, so that the next EXPUNGE of another client does not remove
     * it.
     */
    private static void release(SelectedMailbox mailbox, MessageRef old, IfMatch ifMatch) {
        if (ifMatch.any()) {
            return;
        }
        try {
            mailbox.store(UidSet.of(old.uid()), new FlagChange(Set.of(), Set.of(Flag.DELETED)));
        } catch (ImapException _) {
            // the caller reports why the message was not removed
        }
    }

    private static ProblemException storedOnly(@Nullable MessageRef added, ImapException reason) {
        if (!(reason instanceof ImapException.OutcomeUnknown)) {
            return storedOnly(added, ProblemCode.halfway(reason), reason.getMessage());
        }
        return new ProblemException(
                ProblemCode.OUTCOME_UNKNOWN,
                "the new message is stored%s, but nobody knows whether the old one is removed"
                        .formatted(which(added)));
    }

    private static String which(@Nullable MessageRef added) {
        return added == null ? "" : " as " + MessageId.of(added);
    }

    private static ProblemException storedOnly(
            @Nullable MessageRef added, ProblemCode code, @Nullable String reason) {
        return new ProblemException(
                code,
                "the new message is stored%s, but the old one is not removed: %s"
                        .formatted(which(added), reason));
    }

    /**
     * Throws MessageTooBig, OverQuota or MailboxNotFound when the server would refuse a message of
     * this length.
     */
    public void requireRoom(Account account, MailboxName mailbox, long length) {
        try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
            requireRoom(connection, mailbox, length, 0);
        }
    }

    /** As above, for a message that replaces another one. */
    public void requireRoom(Account account, MessageRef old, long length) {
        try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
            requireRoom(connection, old.mailbox(), length, freed(connection, old));
        }
    }

    private static long freed(ImapConnection connection, MessageRef old) {
        if (!connection.capabilities().replace()) {
            return 0;
        }
        var mailbox = connection.select(old.mailbox(), Access.READ_ONLY);
        mailbox.require(old);
        return freed(connection, mailbox.fetch(old.uid(), FetchItems.of(FetchItem.SIZE)));
    }

    private static void requireRoom(
            ImapConnection connection, MailboxName mailbox, long length, long freed) {
        requireAllowed(connection, length);
        if (length <= LARGE) {
            return; // small enough to be sent without asking first
        }
        connection.status(mailbox);
        var limit = connection.appendLimit(mailbox);
        if (limit.isPresent() && limit.getAsLong() < length) {
            throw new ImapException.MessageTooBig(null);
        }
        for (var quota : connection.quota(mailbox)) {
            if (quota.resource() == Quota.Resource.STORAGE
                    && quota.limit() - quota.used() < length - freed) {
                throw new ImapException.OverQuota(null);
            }
        }
    }

    /** By the limit of all mailboxes, which the server has told at the login. */
    private static void requireAllowed(ImapConnection connection, long length) {
        var everywhere = connection.capabilities().appendLimit();
        if (everywhere.isPresent() && everywhere.getAsLong() < length) {
            throw new ImapException.MessageTooBig(null);
        }
    }

    private static @Nullable MessageRef appendAndFind(
            ImapConnection connection,
            MailboxName mailbox,
            Set<Flag> flags,
            @Nullable Instant receivedAt,
            InputStream message,
            long length) {
        var before = connection.status(mailbox);
        var copy = new HeaderCopy(message);
        var appended = connection.append(mailbox, flags, receivedAt, copy, length).message();
        var fingerprint = MessageFingerprint.announced(copy.fields(), length);
        return appended != null || fingerprint == null
                ? appended
                : found(connection, mailbox, before, fingerprint);
    }

    private static @Nullable MessageRef found(
            ImapConnection connection,
            MailboxName name,
            MailboxStatus before,
            MessageFingerprint fingerprint) {
        try (var mailbox = connection.select(name, Access.READ_ONLY)) {
            mailbox.fetch(List.of()); // if it was selected before, this NOOP updates it
            return before.uidNext() != null
                            && before.uidValidity() != null
                            && mailbox.numbersOn(before.uidValidity(), before.uidNext())
                    ? fingerprint.only(mailbox, before.uidNext())
                    : null;
        } catch (ImapException _) {
            return null; // the message was appended all the same
        }
    }
}
