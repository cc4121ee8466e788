package postern.session;

import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.account.Credential;
import postern.account.Session;
import postern.account.SessionTokens;
import postern.imap.ImapConnections;
import postern.submission.SubmissionLogins;

/** What every new session begins with, however its user signs in. */
@Component
final class SessionStart {

    private final SessionTokens tokens;
    private final ImapConnections connections;
    private final AssignedRoles roles;
    private final SubmissionLogins submission;

    SessionStart(
            SessionTokens tokens,
            ImapConnections connections,
            AssignedRoles roles,
            SubmissionLogins submission) {
        this.tokens = tokens;
        this.connections = connections;
        this.roles = roles;
        this.submission = submission;
    }

    /**
     * Always logs in: a pooled connection may have been authenticated with a password that was
     * changed since.
     *
     * @param first what is logged in with; the session keeps the credential of the account
     */
    Session start(Account account, Credential first) {
        var proven = account.with(first);
        connections.logIn(proven);
        submission.check(proven);
        return tokens.start(account.withRoles(roles.located(proven).roles()));
    }
}
