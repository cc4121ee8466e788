package postern.session;

import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.account.ImapProperties;
import postern.account.ImapServer;
import postern.account.SessionTokens;
import postern.imap.ImapConnections;
import postern.imap.Lane;
import postern.web.Caller;

/** Starts sessions for users whom the mail server authenticates, and ends them. */
@Component
final class Sessions {

    private final ImapServer server;
    private final SessionTokens tokens;
    private final ImapConnections connections;

    Sessions(ImapProperties properties, SessionTokens tokens, ImapConnections connections) {
        this.server = properties.server();
        this.tokens = tokens;
        this.connections = connections;
    }

    NewSession start(Login login) {
        var account = login.at(server);
        // Always a real login: a pooled connection may have been authenticated with a password that
        // was changed since.
        connections.logIn(account);
        var session = tokens.start(account);
        return new NewSession(
                tokens.seal(session), session.expiresAt(), SessionAccount.of(account));
    }

    /** A token proves that its credential was valid; a Basic password must be checked. */
    CurrentSession current(Caller caller) {
        if (caller.session() == null) {
            verify(caller.account());
        }
        return CurrentSession.of(caller);
    }

    void end(Caller caller) {
        if (caller.session() != null) {
            tokens.revoke(caller.session());
        }
        connections.retire(caller.account());
    }

    private void verify(Account account) {
        connections.borrow(account, Lane.INTERACTIVE).close();
    }
}
