package postern.submission;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.account.Scope;
import postern.imap.Access;
import postern.imap.ImapConnections;
import postern.imap.ImapException;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.imap.MailboxRole;
import postern.imap.RequestTime;
import postern.imap.SelectedMailbox;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchItems;
import postern.imap.message.FetchedMessage;
import postern.imap.message.Flag;
import postern.imap.message.FlagChange;
import postern.imap.message.SearchTerm;
import postern.imap.message.UidSet;
import postern.mailbox.directory.MailboxResolver;
import postern.message.part.MessageIds;
import postern.web.problem.ProblemException;

/**
 * Marks the message that a sent one answers where the caller has not named it: it is looked for by
 * its Message-ID. Nothing here throws, since the message is sent.
 */
@Component
final class AnsweredMessages {

    private static final Logger log = LoggerFactory.getLogger(AnsweredMessages.class);

    /**
     * Where it is looked for. Sent mail is last: an answer to a message of one's own is rare, and a
     * list returns a copy of it to the inbox.
     */
    private static final List<MailboxRole> PLACES =
            List.of(MailboxRole.INBOX, MailboxRole.ALL, MailboxRole.ARCHIVE, MailboxRole.SENT);

    /** How long the mail server may search, in all mailboxes together. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** The newest messages with one Message-ID in one mailbox; usually there is one. */
    private static final int MOST = 20;

    private static final FetchItems ITEMS = FetchItems.of(FetchItem.ENVELOPE);

    private static final OriginalResult NOT_FOUND =
            new OriginalResult(false, "the message that In-Reply-To names was not found");

    private static final OriginalResult TOO_LONG = failed("the mail server took too long");

    private final ImapConnections connections;
    private final MailboxResolver mailboxes;
    private final InstantSource clock = InstantSource.system();

    AnsweredMessages(ImapConnections connections, MailboxResolver mailboxes) {
        this.connections = connections;
        this.mailboxes = mailboxes;
    }

    /**
     * Sets {@code $answered}. The caller holds no connection.
     *
     * @param id without angle brackets
     * @return null where the token may not look for messages or mark them
     */
    @Nullable OriginalResult mark(Account account, String id) {
        return mark(account, id, PATIENCE);
    }

    @Nullable OriginalResult mark(Account account, String id, Duration patience) {
        var limits = account.limits();
        if (!limits.permits(Scope.READ) || !limits.permits(Scope.ORGANIZE)) {
            return null;
        }
        try (var _ = RequestTime.beginPart(patience)) {
            return lookAndMark(account, id, clock.instant().plus(patience));
        } catch (ImapException.ServerTimedOut _) {
            return TOO_LONG;
        } catch (ImapException | ProblemException e) {
            return failed(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            log.warn("a message is sent, and looking for the one it answers failed", e);
            return failed("the gateway has failed");
        }
    }

    private OriginalResult lookAndMark(Account account, String id, Instant end) {
        var result = NOT_FOUND;
        for (var role : PLACES) {
            var name = mailboxes.recent(account, role).orElse(null);
            if (name == null) {
                continue;
            }
            if (!clock.instant().isBefore(end)) {
                return TOO_LONG;
            }
            try {
                var marked = mark(account, name, id);
                if (marked != null) {
                    return marked;
                }
            } catch (ImapException.ServerTimedOut e) {
                throw e;
            } catch (ImapException e) { // the others may be open to it
                result = failed(String.valueOf(e.getMessage()));
            }
        }
        return result;
    }

    private static OriginalResult failed(String reason) {
        return new OriginalResult(
                false, "the message that In-Reply-To names could not be looked for: " + reason);
    }

    /** Null where the mailbox does not have it. */
    private @Nullable OriginalResult mark(Account account, MailboxName name, String id) {
        try (var mailbox = connections.select(account, name, Access.READ_WRITE, Lane.INTERACTIVE)) {
            var answered = find(mailbox, id);
            return answered.isEmpty() ? null : mark(mailbox, answered);
        }
    }

    private static @Nullable OriginalResult mark(SelectedMailbox mailbox, UidSet answered) {
        try {
            return mailbox.store(answered, FlagChange.add(Flag.ANSWERED)).isEmpty()
                    ? null
                    : new OriginalResult(true, null);
        } catch (ImapException e) {
            return new OriginalResult(false, e.getMessage());
        }
    }

    /** SEARCH finds parts of the field, without regard to case; the answer to it is compared. */
    private static UidSet find(SelectedMailbox mailbox, String id) {
        mailbox.fetch(List.of()); // if it was selected before, this NOOP updates it
        var similar = mailbox.search(new SearchTerm.Header("Message-ID", id));
        if (similar.isEmpty()) {
            return UidSet.EMPTY;
        }
        var newest = similar.stream().skip(Math.max(0, similar.size() - MOST)).toArray();
        var same =
                mailbox.fetch(UidSet.of(newest), ITEMS).stream()
                        .filter(it -> id.equals(messageId(it)))
                        .map(FetchedMessage::uid)
                        .toList();
        return UidSet.of(same);
    }

    private static @Nullable String messageId(FetchedMessage message) {
        var envelope = message.envelope();
        return envelope == null
                ? null
                : MessageIds.parse(envelope.messageId()).stream().findFirst().orElse(null);
    }
}
