package postern.session;

import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.account.ImapProperties;
import postern.account.ImapServer;
import postern.account.SessionTokens;
import postern.imap.ImapConnections;
import postern.imap.Lane;
import postern.web.Caller;

/** Starts sessions for those whom the mail server lets in, and ends them. */
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
        // A password that was changed since must not pass for one that is good.
        connections.logIn(account);
        var session = tokens.start(account);
        return new NewSession(
                tokens.seal(session), session.expiresAt(), SessionAccount.of(account));
    }

    /** A token proves that its credential was good; a password that comes along does not. */
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
