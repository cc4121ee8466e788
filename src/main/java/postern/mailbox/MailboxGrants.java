package postern.mailbox;

import java.util.List;
import java.util.function.BiFunction;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.imap.Grant;
import postern.imap.ImapConnection;
import postern.imap.ImapConnections;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.mailbox.directory.MailboxResolver;
import postern.web.id.MailboxId;
import postern.web.problem.InvalidRequest;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

/** Reads and changes the rights of others to a mailbox. */
@Component
final class MailboxGrants {

    private static final int LONGEST_IDENTIFIER = 255;

    private final ImapConnections connections;
    private final MailboxResolver mailboxes;

    MailboxGrants(ImapConnections connections, MailboxResolver mailboxes) {
        this.connections = connections;
        this.mailboxes = mailboxes;
    }

    RightsList list(Account account, MailboxId id) {
        return with(
                account,
                id,
                (connection, mailbox) ->
                        new RightsList(
                                connection.acl(mailbox).stream()
                                        .map(grant -> GrantedRights.of(mailbox, grant))
                                        .toList()));
    }

    /** Returns the rights that the server stored, which may be more than requested. */
    GrantedRights put(Account account, MailboxId id, String identifier, RightsRequest request) {
        requireIdentifier(identifier);
        var wanted = request.checked();
        return with(
                account,
                id,
                (connection, mailbox) -> {
                    var grant = new Grant(identifier, wanted.rights(connection.capabilities()));
                    connection.setAcl(mailbox, grant);
                    return GrantedRights.of(mailbox, now(connection.acl(mailbox), grant));
                });
    }

    /** Some servers do not list an entry without rights. */
    private static Grant now(List<Grant> acl, Grant grant) {
        return acl.stream()
                .filter(it -> it.identifier().equals(grant.identifier()))
                .findFirst()
                .orElse(grant);
    }

    void delete(Account account, MailboxId id, String identifier) {
        requireIdentifier(identifier);
        with(
                account,
                id,
                (connection, mailbox) -> {
                    connection.deleteAcl(mailbox, identifier);
                    return mailbox;
                });
    }

    private <T> T with(
            Account account, MailboxId id, BiFunction<ImapConnection, MailboxName, T> action) {
        var mailbox = mailboxes.resolveNow(account, id);
        try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
            if (!connection.capabilities().acl()) {
                throw new ProblemException(
                        ProblemCode.NOT_POSSIBLE, "the mail server has no access control lists");
            }
            return action.apply(connection, mailbox);
        }
    }

    private static void requireIdentifier(String identifier) {
        if (identifier.isBlank()
                || identifier.length() > LONGEST_IDENTIFIER
                || identifier.chars().anyMatch(Character::isISOControl)) {
            throw InvalidRequest.parameter("identifier", "is nobody's name");
        }
    }
}
