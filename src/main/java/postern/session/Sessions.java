package postern.session;

import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import postern.account.AccessToken;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.OAuthGrant;
import postern.account.Session;
import postern.account.SessionTokens;
import postern.account.TooManyEndedSessions;
import postern.imap.ImapConnections;
import postern.imap.Lane;
import postern.oauth.Grants;
import postern.provider.MailServers;
import postern.submission.SubmissionLogins;
import postern.subscription.Subscriptions;
import postern.web.Caller;
import postern.web.limit.PasswordGuesses;
import postern.web.problem.InvalidRequest;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;
import postern.web.problem.TooManyRequests;

/** Starts sessions for users whom the mail server authenticates, and ends them. */
@Component
final class Sessions {

    private final MailServers servers;
    private final CodeSignIn codes;
    private final AppOnlySignIn appOnly;
    private final Grants grants;
    private final SessionTokens tokens;
    private final ImapConnections connections;
    private final SessionStart begin;
    private final PasswordGuesses guesses;
    private final SubmissionLogins submission;
    private final Subscriptions subscriptions;
    private final InstantSource clock = InstantSource.system();

    Sessions(
            MailServers servers,
            CodeSignIn codes,
            AppOnlySignIn appOnly,
            Grants grants,
            SessionTokens tokens,
            ImapConnections connections,
            SessionStart begin,
            PasswordGuesses guesses,
            SubmissionLogins submission,
            Subscriptions subscriptions) {
        this.submission = submission;
        this.subscriptions = subscriptions;
        this.guesses = guesses;
        this.begin = begin;
        this.servers = servers;
        this.codes = codes;
        this.appOnly = appOnly;
        this.grants = grants;
        this.tokens = tokens;
        this.connections = connections;
    }

    NewSession start(Login login) {
        if (login.grantType() == Login.GrantType.CLIENT_CREDENTIALS) {
            return answer(appOnly.start(login));
        }
        var code = AuthorizationCode.of(login);
        return answer(code == null ? start(login, login.user()) : codes.start(login, code));
    }

    private Session start(Login login, String user) {
        var account = login.at(server(login, user), clock.instant());
        guesses.begin(account);
        return begin.start(account, account.credential());
    }

    /**
     * Replaces the access token of a session, after a login with the new one as the same user. The
     * session token from before stays valid as well.
     */
    NewSession refresh(Caller caller, AccessTokenUpdate update) {
        var before = caller.session();
        if (before == null || !(before.account().credential() instanceof AccessToken current)) {
            throw InvalidRequest.at(
                    "/accessToken", "is only for a session that was begun with an access token");
        }
        var next =
                SessionAccessToken.of(
                        update.accessToken(), update.accessTokenExpiresAt(), clock.instant());
        var account = before.account().with(current.replacedBy(next.value(), next.expiresAt()));
        connections.logIn(account);
        submission.retire(before.account());
        return answer(before.with(account));
    }

    /** A token proves that its credential was valid; a Basic password must be checked. */
    CurrentSession current(Caller caller) {
        if (caller.session() == null) {
            verify(caller.account());
        }
        return CurrentSession.of(caller, state(caller.account()), subscriptions.count(caller));
    }

    /** Subscriptions go on, unless they are to end as well. */
    void end(Caller caller, SubscriptionsAtLogout atLogout) {
        if (caller.session() != null) {
            revoke(caller.session());
        } else if (atLogout == SubscriptionsAtLogout.END) {
            verify(caller.account());
        }
        if (atLogout == SubscriptionsAtLogout.END) {
            subscriptions.endAll(caller);
        }
        if (caller.session() != null && caller.session().narrowed()) {
            return; // the connections also serve the session that it was narrowed from
        }
        if (caller.account().credential() instanceof OAuthGrant grant
                && !subscriptions.use(caller.account(), grant)) {
            grants.end(grant);
        }
        connections.retire(caller.account());
        submission.retire(caller.account());
    }

    private void revoke(Session session) {
        try {
            tokens.revoke(session);
        } catch (TooManyEndedSessions e) {
            throw new TooManyRequests(
                    "too many narrowed tokens of this session were ended; end the session itself,"
                            + " or let this token expire",
                    e.retryAfter());
        }
    }

    private ImapServer server(Login login, String user) {
        if (login.imap() == null) {
            return server(login.server(), user);
        }
        if (login.server() != null) {
            throw InvalidRequest.at("/imap", "is given beside a server");
        }
        return login.imap().server(servers);
    }

    private ImapServer server(@Nullable String name, String user) {
        if (name == null) {
            return servers.forUser(user).imap();
        }
        var server =
                servers.named(name)
                        .orElseThrow(() ->
                                InvalidRequest.at(
                                        "/server",
                                        "must be one of " + String.join(", ", servers.names())));
        if (!server.allowed()) {
            throw new ProblemException(
                    ProblemCode.SERVER_NOT_ALLOWED,
                    "the operator of this gateway does not allow the preset " + server.name());
        }
        return server.imap();
    }

    private NewSession answer(Session session) {
        return NewSession.of(session, tokens.seal(session), state(session.account()));
    }

    private AccessTokenState state(Account account) {
        return AccessTokenState.of(account.credential(), grants);
    }

    private void verify(Account account) {
        connections.borrow(account, Lane.INTERACTIVE).close();
    }
}
