package postern.submission;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.compose.SendOptions;
import postern.imap.Access;
import postern.imap.BulkChange;
import postern.imap.ImapConnections;
import postern.imap.ImapException;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.imap.MailboxRole;
import postern.imap.MessageOutcome;
import postern.imap.MessageRef;
import postern.imap.message.Flag;
import postern.imap.message.FlagChange;
import postern.imap.message.UidSet;
import postern.mailbox.directory.MailboxResolver;
import postern.message.change.MessageAppender;
import postern.web.id.MailboxId;
import postern.web.id.MessageId;
import postern.web.problem.ProblemException;

/**
 * What is done in the mailboxes once a message is sent. None of it throws: a failure must not look
 * as if the message were not sent.
 */
@Component
final class Filing {

    private static final Logger log = LoggerFactory.getLogger(Filing.class);

    private static final Flag FORWARDED = new Flag("$Forwarded");

    private final ImapConnections connections;
    private final MailboxResolver mailboxes;
    private final MessageAppender messages;
    private final AnsweredMessages answered;
    private final SentCopies copies;

    Filing(
            ImapConnections connections,
            MailboxResolver mailboxes,
            MessageAppender messages,
            AnsweredMessages answered,
            SentCopies copies) {
        this.connections = connections;
        this.mailboxes = mailboxes;
        this.messages = messages;
        this.answered = answered;
        this.copies = copies;
    }

    /** What became of a draft and of the copy. */
    record Filed(CopyResult copy, DraftResult draft) {}

    /**
     * @param failure why something failed, for the caller
     */
    private record Attempt<T>(@Nullable T result, @Nullable String failure) {}

    private static <T> Attempt<T> attempt(Supplier<T> work) {
        try {
            return new Attempt<>(work.get(), null);
        } catch (RuntimeException e) {
            return new Attempt<>(null, failure(e));
        }
    }

    private static String failure(Throwable reason) {
        if (reason instanceof ImapException || reason instanceof ProblemException) {
            return String.valueOf(reason.getMessage());
        }
        log.warn("a message is sent, and then something failed", reason);
        return "the gateway has failed";
    }

    /** Runs it; returns why it failed, or null. */
    @Nullable String failureOf(Runnable work) {
        return attempt(
                        () -> {
                            work.run();
                            return true;
                        })
                .failure();
    }

    /** Stores a new message among the sent ones. */
    CopyResult store(Account account, ReadyMessage message) {
        var stored =
                attempt(() -> {
                    try (var octets = message.open()) {
                        return append(account, octets, message.length());
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
        return stored.result() == null ? CopyResult.failed(stored.failure()) : stored.result();
    }

    /**
     * Stores these octets among the sent messages. Unlike everything else here it throws, what
     * {@link MessageAppender#appendCopy} throws.
     */
    CopyResult append(Account account, InputStream octets, long length) {
        var sent = sent(account);
        // A repetition that went on from the copy would send once more, so that it is not recorded.
        var ref = messages.appendCopy(account, sent, Set.of(Flag.SEEN), octets, length);
        return CopyResult.stored(ref, sent);
    }

    /** Like {@link #store}, after an attempt of which nobody knows whether it has stored it. */
    CopyResult storeIfNotStored(Account account, ReadyMessage message) {
        var stored =
                attempt(() -> {
                    var sent = sent(account);
                    var id = message.messageId();
                    var copy = id == null ? null : copies.await(account, sent, List.of(id));
                    return copy == null ? null : CopyResult.stored(copy.message(), sent);
                });
        return stored.result() == null ? store(account, message) : stored.result();
    }

    /** A copy that could not be stored for that reason. */
    CopyResult failed(Throwable reason) {
        return CopyResult.failed(failure(reason));
    }

    /** Like {@link #store}, unless a message with its Message-ID is there already. */
    CopyResult storeIfAbsent(Account account, ReadyMessage message) {
        var copy = existingCopy(account, message.messageId());
        return copy == null ? store(account, message) : CopyResult.byProvider(copy.message());
    }

    /**
     * Like {@link #move}; where a message with its Message-ID is there already, the draft is
     * removed instead.
     *
     * @param messageId without angle brackets
     */
    Filed moveIfAbsent(Account account, MessageRef draft, @Nullable String messageId) {
        var copy = existingCopy(account, messageId);
        return copy == null || copy.message().equals(draft)
                ? move(account, draft)
                : new Filed(CopyResult.byProvider(copy.message()), remove(account, draft));
    }

    private @Nullable StoredRequest existingCopy(Account account, @Nullable String messageId) {
        var sent = attempt(() -> sent(account)).result();
        return sent == null || messageId == null
                ? null
                : copies.find(account, sent, List.of(messageId));
    }

    private MailboxName sent(Account account) {
        return mailboxes.resolve(account, MailboxId.parse(MailboxRole.SENT.id()));
    }

    /** Makes a draft that was sent the copy. */
    Filed move(Account account, MessageRef draft) {
        var moved =
                attempt(() -> {
                    var sent = sent(account);
                    if (sent.same(draft.mailbox())) {
                        return CopyResult.stored(draft, sent);
                    }
                    return CopyResult.stored(done(account, draft, new BulkChange.Move(sent)), sent);
                });
        var copy = moved.result();
        return copy == null
                ? new Filed(
                        CopyResult.failed(moved.failure()),
                        new DraftResult(DraftResult.Outcome.KEPT, moved.failure()))
                : new Filed(copy, new DraftResult(DraftResult.Outcome.MOVED, null));
    }

    /** Removes a draft that was sent. */
    DraftResult remove(Account account, MessageRef draft) {
        var removed =
                attempt(() -> {
                    try {
                        done(account, draft, new BulkChange.Expunge());
                    } catch (ImapException.MessageNotFound _) {
                        // another client has removed it
                    }
                    return DraftResult.Outcome.REMOVED;
                });
        return new DraftResult(
                removed.result() == null ? DraftResult.Outcome.KEPT : removed.result(),
                removed.failure());
    }

    private @Nullable MessageRef done(Account account, MessageRef draft, BulkChange change) {
        try (var mailbox =
                connections.select(account, draft, Access.READ_WRITE, Lane.INTERACTIVE)) {
            return switch (mailbox.apply(UidSet.of(draft.uid()), change).getFirst()) {
                case MessageOutcome.Done(var _, var _, var successor) -> successor;
                case MessageOutcome.Gone _ -> throw new ImapException.MessageNotFound();
                case MessageOutcome.Refused(var _, var reason, var _) -> throw reason;
                case MessageOutcome.Unknown(var _, var reason, var _) -> throw reason;
            };
        }
    }

    /**
     * Marks the message that was answered or passed on. Where the options name none, the one that
     * is named by In-Reply-To is looked for.
     *
     * @return null where none is named, or the token may not look for it
     */
    @Nullable OriginalResult mark(Account account, SendOptions options, ReadyMessage message) {
        if (options.answers() != null || options.forwards() != null) {
            return mark(account, options);
        }
        var id = message.inReplyTo();
        return id == null ? null : answered.mark(account, id);
    }

    /** Marks the message that was answered or passed on; null where none is named. */
    @Nullable OriginalResult mark(Account account, SendOptions options) {
        var answered = mark(account, options.answers(), Flag.ANSWERED);
        var forwarded = mark(account, options.forwards(), FORWARDED);
        return answered == null || forwarded != null && answered.marked() ? forwarded : answered;
    }

    private @Nullable OriginalResult mark(Account account, @Nullable MessageId id, Flag flag) {
        if (id == null) {
            return null;
        }
        var marked =
                attempt(() -> {
                    var message = id.ref(); // an attached one has no flags
                    try (var mailbox =
                            connections.select(
                                    account, message, Access.READ_WRITE, Lane.INTERACTIVE)) {
                        var uid = UidSet.of(message.uid());
                        if (mailbox.store(uid, FlagChange.add(flag)).isEmpty()) {
                            throw new ImapException.MessageNotFound();
                        }
                        return true;
                    }
                });
        return new OriginalResult(marked.result() != null, marked.failure());
    }
}
