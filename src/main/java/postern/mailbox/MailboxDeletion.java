package postern.mailbox;

import java.util.ArrayList;
import java.util.List;
import postern.imap.ImapConnection;
import postern.imap.ImapException;
import postern.imap.ListedMailbox;
import postern.imap.MailboxName;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

/** Deletes a mailbox; its children and messages only if requested. */
final class MailboxDeletion {

    private final ImapConnection connection;
    private final ListedMailbox mailbox;
    private final List<ListedMailbox> below;

    MailboxDeletion(ImapConnection connection, MailboxHierarchy hierarchy, ListedMailbox mailbox) {
        this.connection = connection;
        this.mailbox = mailbox;
        this.below = hierarchy.below(mailbox);
    }

    /** Checks everything before it deletes anything. */
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

    /** The number of messages; Long.MAX_VALUE if it cannot be read. */
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

    /** Deletes the deepest first, so that a failure leaves complete branches. */
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
            // A level without a mailbox disappears with its last child.
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

    /** Subscriptions survive the deletion of a mailbox (RFC 9051 §6.3.8). */
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
            // Some servers remove the subscription themselves and then answer NO.
        }
    }
}
