package postern.submission;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.imap.MailboxName;
import postern.imap.MailboxRole;
import postern.imap.MessageRef;
import postern.imap.message.Flag;
import postern.mailbox.directory.MailboxResolver;
import postern.message.change.MessageAppender;
import postern.message.part.StoredParts;
import postern.web.id.MailboxId;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;
import postern.web.transfer.SpoolSpace;
import postern.web.transfer.SpooledOctets;

/** Where messages are before they are sent and afterwards, and what they are made of. */
@Component
final class StoredDrafts {

    private final MailboxResolver mailboxes;
    private final MessageAppender messages;
    private final StoredParts stored;
    private final SpoolSpace space;

    StoredDrafts(
            MailboxResolver mailboxes,
            MessageAppender messages,
            StoredParts stored,
            SpoolSpace space) {
        this.mailboxes = mailboxes;
        this.messages = messages;
        this.stored = stored;
        this.space = space;
    }

    /** The mailbox with that role; null where there is none. Throws OutOfScope. */
    @Nullable MailboxName mailbox(Account account, MailboxRole role) {
        try {
            return mailboxes.resolve(account, MailboxId.parse(role.id()));
        } catch (ProblemException e) {
            if (e.code() == ProblemCode.MAILBOX_NOT_FOUND) {
                return null;
            }
            throw e;
        }
    }

    /** As it is stored; it must be closed. */
    ReadyMessage read(Account account, MessageRef draft) {
        return ReadyMessage.of(spooled(account, draft));
    }

    private SpooledOctets spooled(Account account, MessageRef draft) {
        var octets = new SpooledOctets(space);
        boolean whole = false;
        try {
            stored.copy(account, draft, "", null, octets);
            whole = true;
            return octets;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            if (!whole) {
                ReadyMessage.discard(octets);
            }
        }
    }

    /**
     * Stores a message that is found again by its Message-ID; null where the mail server does not
     * tell its UID.
     */
    @Nullable MessageRef store(Account account, MailboxName mailbox, ReadyMessage message) {
        try (var octets = message.open()) {
            return messages.appendUntraced(
                    account, mailbox, Set.of(Flag.DRAFT, Flag.SEEN), octets, message.length());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
