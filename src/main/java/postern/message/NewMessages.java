package postern.message;

import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.imap.Access;
import postern.imap.FetchItem;
import postern.imap.FetchItems;
import postern.imap.FetchedMessage;
import postern.imap.Flag;
import postern.imap.ImapConnection;
import postern.imap.ImapConnections;
import postern.imap.ImapException;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.imap.MailboxStatus;
import postern.imap.MessageRef;
import postern.imap.Quota;
import postern.imap.SelectedMailbox;
import postern.imap.UidSet;
import postern.web.MessageId;
import postern.web.ProblemCode;
import postern.web.ProblemException;

/** Appends messages and tells where they are. */
@Component
public class NewMessages {

    /**
     * What is larger has its own lane, and is worth a round trip to learn whether there is a place
     * for it.
     */
    private static final long LARGE = 256 << 10;

    private static final FetchItems STATE = FetchItems.of(FetchItem.FLAGS, FetchItem.MOD_SEQ);

    private final ImapConnections connections;

    NewMessages(ImapConnections connections) {
        this.connections = connections;
    }

    /**
     * Appends a message to a mailbox, and gives its place, or null where it is not known beyond
     * doubt: the server has no UIDPLUS (RFC 4315) and the message no Message-ID, or is not the only
     * one like it that came meanwhile. The stream is not read before the server's limits allow the
     * message: throws MessageTooBig, OverQuota or MailboxNotFound first. It is read on this thread
     * and never closed; when it fails nothing is appended, and its RuntimeException, or its
     * IOException in an UncheckedIOException, comes out of here.
     *
     * @param receivedAt now when null
     * @param length how many octets the stream gives, exactly; one that ends early has failed
     */
    public @Nullable MessageRef append(
            Account account,
            MailboxName mailbox,
            Set<Flag> flags,
            @Nullable Instant receivedAt,
            InputStream message,
            long length) {
        var lane = length > LARGE ? Lane.DOWNLOAD : Lane.INTERACTIVE;
        try (var connection = connections.borrow(account, lane)) {
            requireRoom(connection, mailbox, length, 0);
            return append(connection, mailbox, flags, receivedAt, message, length);
        }
    }

    private static @Nullable MessageRef append(
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
     * Appends a message to the mailbox of another one and then removes that one, and none besides,
     * for good: in one step where the server has REPLACE (RFC 8508). Gives the new one's place as
     * {@link #append} does, and treats the stream as that does.
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
        var lane = length > LARGE ? Lane.DOWNLOAD : Lane.INTERACTIVE;
        try (var connection = connections.borrow(account, lane)) {
            var mailbox = connection.select(old.mailbox(), Access.READ_WRITE);
            mailbox.requireUidValidity(old.uidValidity());
            var state = mailbox.fetch(old.uid(), STATE.with(FetchItem.SIZE));
            var states = IfMatch.parse(ifMatch);
            if (!states.allows(MessageETag.of(state))) {
                throw new ImapException.MessageModified(null);
            }
            if (state.flags() == null || !state.flags().containsAll(required)) {
                throw new ImapException.NotPossible("only a draft can be replaced", null);
            }
            requireRoom(connection, old.mailbox(), length, freed(connection, state));
            var kept = flags == null ? kept(state.flags()) : flags;
            if (connection.capabilities().replace()) {
                return mailbox.replace(old.uid(), kept, receivedAt, message, length).message();
            }
            var added = append(connection, old.mailbox(), kept, receivedAt, message, length);
            remove(connection, old, states, added);
            return added;
        }
    }

    /** What REPLACE makes room for; without it both messages are there for a while. */
    private static long freed(ImapConnection connection, FetchedMessage old) {
        return connection.capabilities().replace() && old.size() != null ? old.size() : 0;
    }

    private static Set<Flag> kept(Set<Flag> flags) {
        return flags.stream()
                .filter(flag -> flag.storable() && !flag.equals(Flag.DELETED))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The upload took its time, so that what was asked of the old one is asked once more. */
    private static void remove(
            ImapConnection connection,
            MessageRef old,
            IfMatch ifMatch,
            @Nullable MessageRef added) {
        try (var mailbox = connection.select(old.mailbox(), Access.READ_WRITE)) {
            mailbox.requireUidValidity(old.uidValidity());
            if (!ifMatch.any() && !allowed(mailbox, old, ifMatch)) {
                throw storedOnly(
                        added, ProblemCode.MESSAGE_MODIFIED, "it has been changed meanwhile");
            }
            mailbox.expunge(UidSet.of(old.uid()));
        } catch (ImapException e) {
            throw storedOnly(added, ProblemCode.of(e), e.getMessage());
        }
    }

    /** One that is gone has no state that could be allowed (RFC 9110 §13.1.1). */
    private static boolean allowed(SelectedMailbox mailbox, MessageRef old, IfMatch ifMatch) {
        return mailbox.fetch(UidSet.of(old.uid()), STATE).stream()
                .anyMatch(message -> ifMatch.allows(MessageETag.of(message)));
    }

    private static ProblemException storedOnly(
            @Nullable MessageRef added, ProblemCode code, @Nullable String reason) {
        var which = added == null ? "" : " as " + MessageId.of(added);
        return new ProblemException(
                code,
                "the new message is stored%s, but the old one is not removed: %s"
                        .formatted(which, reason));
    }

    /**
     * Throws MessageTooBig, OverQuota or MailboxNotFound when a message of so many octets would be
     * refused.
     */
    public void requireRoom(Account account, MailboxName mailbox, long length) {
        try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
            requireRoom(connection, mailbox, length, 0);
        }
    }

    /** The same for a message that takes the place of another one. */
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
        mailbox.requireUidValidity(old.uidValidity());
        return freed(connection, mailbox.fetch(old.uid(), FetchItems.of(FetchItem.SIZE)));
    }

    private static void requireRoom(
            ImapConnection connection, MailboxName mailbox, long length, long freed) {
        var everywhere = connection.capabilities().appendLimit();
        if (everywhere.isPresent() && everywhere.getAsLong() < length) {
            throw new ImapException.MessageTooBig(null);
        }
        if (length <= LARGE) {
            return; // sent as fast as asked
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
        var likeness = Likeness.announced(copy.fields(), length);
        return appended != null || likeness == null
                ? appended
                : found(connection, mailbox, before, likeness);
    }

    private static @Nullable MessageRef found(
            ImapConnection connection, MailboxName name, MailboxStatus before, Likeness likeness) {
        try (var mailbox = connection.select(name, Access.READ_ONLY)) {
            mailbox.fetch(List.of()); // hears of it, where the mailbox was open before
            return mailbox.state().uidValidity() == before.uidValidity()
                    ? likeness.only(mailbox, before.uidNext())
                    : null;
        } catch (ImapException _) {
            return null; // it is appended all the same
        }
    }
}
