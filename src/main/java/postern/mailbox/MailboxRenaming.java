package postern.mailbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import postern.imap.ImapConnection;
import postern.imap.ImapException;
import postern.imap.ListedMailbox;
import postern.imap.MailboxName;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

/** Gives a mailbox, and with it all that is below, another name. */
final class MailboxRenaming {

    private final ImapConnection connection;
    private final MailboxHierarchy before;
    private final ListedMailbox mailbox;
    private final MailboxName to;
    private final List<ListedMailbox> below;

    MailboxRenaming(
            ImapConnection connection,
            MailboxHierarchy before,
            ListedMailbox mailbox,
            MailboxName to) {
        this.connection = connection;
        this.before = before;
        this.mailbox = mailbox;
        this.to = to;
        this.below = before.below(mailbox);
    }

    void run() {
        if (mailbox.name().inbox()) {
            // RENAME would move its messages and leave it where it is (RFC 9051 §6.3.6).
            throw new ProblemException(ProblemCode.NOT_POSSIBLE, "INBOX cannot be renamed");
        }
        // Servers go over mailboxes that exist by name only: Dovecot over one it has yet to make.
        if (before.find(to).isPresent()) {
            throw new ImapException.MailboxExists(null);
        }
        rename();
        renameWhatStayed();
        resubscribe();
    }

    /** What is only a level of others' names is no mailbox for some servers. */
    private void rename() {
        try {
            connection.rename(mailbox.name(), to);
        } catch (ImapException.MailboxNotFound | ImapException.NotPossible e) {
            if (mailbox.selectable() || below.isEmpty()) {
                throw e;
            }
        }
    }

    /** RFC 9051 §6.3.6 has what is below renamed with it; not every server reads that far. */
    private void renameWhatStayed() {
        var now = MailboxHierarchy.of(connection, Set.of());
        if (mailbox.selectable() && now.find(to).isEmpty()) {
            // Courier says OK when there is nothing to rename, GreenMail when it took another name.
            throw now.find(mailbox.name()).isEmpty() && now.size() < before.size()
                    ? new ImapException.MailboxNotFound(null)
                    : new ProblemException(
                            ProblemCode.NOT_POSSIBLE,
                            "the mail server said that it did, but there is no mailbox of the new"
                                    + " name now");
        }
        for (var each : below) {
            if (now.find(each.name()).filter(ListedMailbox::selectable).isPresent()) {
                renameOne(each);
            }
        }
    }

    private void renameOne(ListedMailbox each) {
        try {
            connection.rename(each.name(), renamed(each));
        } catch (ImapException e) {
            throw new ProblemException(
                    ProblemCode.halfway(e),
                    "not all of what is below the mailbox has been renamed: " + e.getMessage());
        }
    }

    private MailboxName renamed(ListedMailbox each) {
        return new MailboxName(
                to.wire() + each.name().wire().substring(mailbox.name().wire().length()));
    }

    /** Subscriptions are to names (RFC 9051 §6.3.7): they stay behind. */
    private void resubscribe() {
        var old = new ArrayList<MailboxName>();
        var renamed = new ArrayList<MailboxName>();
        if (Boolean.TRUE.equals(mailbox.subscribed())) {
            old.add(mailbox.name());
            renamed.add(to);
        }
        for (var each : below) {
            if (Boolean.TRUE.equals(each.subscribed())) {
                old.add(each.name());
                renamed.add(renamed(each));
            }
        }
        try {
            connection.subscribe(renamed);
            connection.unsubscribe(old);
        } catch (ImapException.NotPossible
                | ImapException.PermissionDenied
                | ImapException.MailboxNotFound _) {
            // The mailbox has its name; whether it is subscribed is in the answer.
        }
    }
}
