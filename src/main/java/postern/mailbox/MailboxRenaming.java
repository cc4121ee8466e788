package postern.mailbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import postern.imap.ImapConnection;
import postern.imap.ImapException;
import postern.imap.ListedMailbox;
import postern.imap.MailboxName;
import postern.web.id.MailboxId;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

/** Renames a mailbox with all its descendants. */
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

    /** The mailboxes that have other ids afterwards: those whose ids are made from names. */
    List<RenamedMailbox> renamed() {
        var renamed = new ArrayList<RenamedMailbox>();
        Stream.concat(Stream.of(mailbox), below.stream())
                .map(ListedMailbox::name)
                .filter(name -> name.id() == null)
                .forEach(name ->
                        renamed.add(
                                new RenamedMailbox(
                                        MailboxId.of(name), MailboxId.of(renamed(name)))));
        return renamed;
    }

    void run() {
        if (mailbox.name().inbox()) {
            // RENAME of INBOX moves its messages and keeps INBOX (RFC 9051 §6.3.6).
            throw new ProblemException(ProblemCode.NOT_POSSIBLE, "INBOX cannot be renamed");
        }
        // Some servers overwrite a mailbox that exists only as a name: Dovecot one that it has not
        // created yet.
        if (before.find(to).isPresent()) {
            throw new ImapException.MailboxExists(null);
        }
        rename();
        renameWhatStayed();
        resubscribe();
    }

    /** Some servers do not rename a level that is not a mailbox. */
    private void rename() {
        try {
            connection.rename(mailbox.name(), to);
        } catch (ImapException.MailboxNotFound | ImapException.NotPossible e) {
            if (mailbox.selectable() || below.isEmpty()) {
                throw e;
            }
        }
    }

    /** Renames descendants that the server did not rename, although RFC 9051 §6.3.6 requires it. */
    private void renameWhatStayed() {
        var now = MailboxHierarchy.of(connection, Set.of());
        if (mailbox.selectable() && now.find(to).isEmpty()) {
            // Courier answers OK if there is nothing to rename, GreenMail if it chose another name.
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
            connection.rename(each.name(), renamed(each.name()));
        } catch (ImapException e) {
            throw new ProblemException(
                    ProblemCode.halfway(e),
                    "not all of what is below the mailbox has been renamed: " + e.getMessage());
        }
    }

    private MailboxName renamed(MailboxName name) {
        return new MailboxName(to.wire() + name.wire().substring(mailbox.name().wire().length()));
    }

    /** Moves the subscriptions, since they are to names (RFC 9051 §6.3.7) and are not renamed. */
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
                renamed.add(renamed(each.name()));
            }
        }
        try {
            connection.subscribe(renamed);
            connection.unsubscribe(old);
        } catch (ImapException.NotPossible
                | ImapException.PermissionDenied
                | ImapException.MailboxNotFound _) {
            // Ignored: the mailbox is renamed, and the response says whether it is subscribed.
        }
    }
}
