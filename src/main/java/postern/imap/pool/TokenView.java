package postern.imap.pool;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import postern.account.Account;
import postern.imap.ExamineRequest;
import postern.imap.ImapException;
import postern.imap.ListedMailbox;
import postern.imap.MailboxName;
import postern.imap.MailboxRole;
import postern.imap.MailboxRoles;

/**
 * The mailboxes as the token of the request shows them: a narrowed token reaches only some, and the
 * user may have said which ones have a role. Every command that names a mailbox is checked here, so
 * that no feature can forget it.
 */
final class TokenView {

    private final Account account;

    TokenView(Account account) {
        this.account = account;
    }

    void require(MailboxName mailbox) {
        ImapException.OutOfScope.require(account, mailbox);
    }

    void requireAll(Collection<MailboxName> mailboxes) {
        mailboxes.forEach(this::require);
    }

    /** Mailboxes without a name are refused one by one, as others that do not exist. */
    void requireReached(Collection<MailboxName> mailboxes) {
        mailboxes.stream().filter(MailboxName::located).forEach(this::require);
    }

    void requireVisits(List<ExamineRequest> visits) {
        requireReached(visits.stream().map(ExamineRequest::mailbox).toList());
    }

    void requireEveryMailbox() {
        if (!account.limits().reachesAll()) {
            throw new ImapException.OutOfScope("the token does not reach every mailbox");
        }
    }

    /**
     * For a mailbox that is created, renamed or deleted: the mailboxes below it change as well, and
     * another mailbox may get the name that a token reaches.
     */
    void requireAllMailboxes() {
        if (!account.limits().reachesAll()) {
            throw new ImapException.OutOfScope(
                    "a token for certain mailboxes does not create, rename or delete any");
        }
    }

    /**
     * @param unusualNames the names that the provider gives to special mailboxes
     */
    List<ListedMailbox> of(List<ListedMailbox> listed, Map<MailboxRole, MailboxName> unusualNames) {
        var all = withAssignedRoles(named(listed, unusualNames));
        return account.limits().reachesAll()
                ? all
                : MailboxRoles.settled(all).stream()
                        .filter(mailbox -> account.limits().reaches(mailbox.name().wire()))
                        .toList();
    }

    /** What is known of the provider holds where the mail server says nothing of a role. */
    private static List<ListedMailbox> named(
            List<ListedMailbox> listed, Map<MailboxRole, MailboxName> unusualNames) {
        var all = listed;
        for (var unusual : unusualNames.entrySet()) {
            var role = unusual.getKey();
            if (all.stream().noneMatch(mailbox -> mailbox.role().equals(Optional.of(role)))) {
                all =
                        all.stream()
                                .map(mailbox ->
                                        mailbox.role().isEmpty()
                                                        && mailbox.name().equals(unusual.getValue())
                                                ? mailbox.assigned(role)
                                                : mailbox)
                                .toList();
            }
        }
        return all;
    }

    /** An assigned role belongs to its mailbox alone, as long as that exists. */
    private List<ListedMailbox> withAssignedRoles(List<ListedMailbox> listed) {
        var all = listed;
        for (var assigned : account.roles().entrySet()) {
            var role = MailboxRole.ofId(assigned.getKey()).orElseThrow();
            var owner = new MailboxName(assigned.getValue());
            if (all.stream().anyMatch(mailbox -> mailbox.name().equals(owner))) {
                all =
                        all.stream()
                                .map(mailbox ->
                                        mailbox.name().equals(owner)
                                                ? mailbox.assigned(role)
                                                : mailbox.without(role))
                                .toList();
            }
        }
        return all;
    }
}
