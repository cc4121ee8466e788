package postern.mailbox;

import java.util.ArrayList;
import java.util.List;
import postern.imap.ImapConnection;
import postern.imap.ImapException;
import postern.imap.ListedMailbox;
import postern.imap.MailboxName;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

/** Deletes a mailbox, and what is below or in it only when that is wanted. */
final class MailboxDeletion {

    private final ImapConnection connection;
    private final ListedMailbox mailbox;
    private final List<ListedMailbox> below;

    MailboxDeletion(ImapConnection connection, MailboxHierarchy hierarchy, ListedMailbox mailbox) {
        this.connection = connection;
        this.mailbox = mailbox;
        this.below = hierarchy.below(mailbox);
    }

    /** Nothing is deleted when anything stands in the way. */
    void run(boolean withChildren, boolean withMessages) {
        if (mailbox.name().inbox()) {
            throw new ProblemException(ProblemCode.NOT_POSSIBLE, "INBOX cannot be deleted");
        }
        if (!below.isEmpty() && !withChildren) {
            throw new ImapException.MailboxHasChildren(null);
        }
        var all = new ArrayList<>(below);
        all.add(mailbox);
        if (!withMessages) {
            all.forEach(this::requireEmpty);
        }
        deleteAll(all);
        unsubscribe(all);
    }

    private void requireEmpty(ListedMailbox each) {
        if (each.selectable() && messages(each) > 0) {
            throw new ProblemException(
                    ProblemCode.MAILBOX_NOT_EMPTY,
                    each == mailbox
                            ? "there are messages in the mailbox"
                            : "there are messages in a mailbox below it");
        }
    }

    /** What may not be counted may hold any number. */
    private long messages(ListedMailbox each) {
        if (each.status() != null && each.status().messages() != null) {
            return each.status().messages();
        }
        try {
            var messages = connection.status(each.name()).messages();
            return messages == null ? Long.MAX_VALUE : messages;
        } catch (ImapException.MailboxNotFound | ImapException.PermissionDenied _) {
            return Long.MAX_VALUE;
        }
    }

    /** Leaves first, so that whatever stops it leaves whole branches. */
    private void deleteAll(List<ListedMailbox> all) {
        int deleted = 0;
        for (var each : all) {
            try {
                delete(each);
                deleted++;
            } catch (ImapException e) {
                throw deleted == 0 ? e : partly(deleted, all.size(), e);
            }
        }
    }

    private void delete(ListedMailbox each) {
        try {
            connection.delete(each.name());
        } catch (ImapException.MailboxNotFound | ImapException.NotPossible e) {
            // A level of others' names goes with the last of them.
            if (each.selectable()) {
                throw e;
            }
        }
    }

    private static ProblemException partly(int deleted, int all, ImapException e) {
        return new ProblemException(
                ProblemCode.halfway(e),
                "%d of %d mailboxes have been deleted, then the next failed: %s"
                        .formatted(deleted, all, e.getMessage()));
    }

    /** Subscriptions outlive what they are to (RFC 9051 §6.3.8). */
    private void unsubscribe(List<ListedMailbox> all) {
        List<MailboxName> subscribed =
                all.stream()
                        .filter(it -> Boolean.TRUE.equals(it.subscribed()))
                        .map(ListedMailbox::name)
                        .toList();
        try {
            connection.unsubscribe(subscribed);
        } catch (ImapException.NotPossible
                | ImapException.MailboxNotFound
                | ImapException.PermissionDenied _) {
            // Some servers forget by themselves, and then know nothing of it.
        }
    }
}
