package postern.session;

import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import postern.account.AccessToken;
import postern.account.OAuthGrant;
import postern.account.Session;
import postern.account.SessionTokens;
import postern.oauth.Grants;
import postern.oauth.OAuthClient;
import postern.oauth.OAuthClients;
import postern.oauth.TokenAnswer;
import postern.oauth.TokenRefused;
import postern.web.problem.InvalidRequest;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

/** Starts sessions for users who come back from an authorization server with a code. */
@Component
final class CodeSignIn {

    private final OAuthClients clients;
    private final Grants grants;
    private final SessionTokens tokens;
    private final SessionStart begin;

    CodeSignIn(OAuthClients clients, Grants grants, SessionTokens tokens, SessionStart begin) {
        this.clients = clients;
        this.grants = grants;
        this.tokens = tokens;
        this.begin = begin;
    }

    /** All that can be checked is checked before the code is sent: it serves only once. */
    Session start(Login login, AuthorizationCode code) {
        var client = client(code.provider());
        if (!client.redirectUris().contains(code.redirectUri())) {
            throw InvalidRequest.at("/redirectUri", "is none that this provider is configured for");
        }
        if (login.imap() != null) {
            throw InvalidRequest.at("/imap", "is given beside a provider");
        }
        if (login.server() != null && !login.server().equals(client.server().name())) {
            throw InvalidRequest.at(
                    "/server", "must be %s with this provider".formatted(client.server().name()));
        }
        var answer = redeem(client, code);
        boolean started = false;
        try {
            var session = start(login, client, answer);
            started = true;
            return session;
        } finally {
            if (!started) {
                grants.discard(client, answer);
            }
        }
    }

    private Session start(Login login, OAuthClient client, TokenAnswer answer) {
        var user = login.username() == null ? answer.user() : login.username();
        if (user == null) {
            throw InvalidRequest.at("/username", "is missing, and the provider names none either");
        }
        var grant = OAuthGrant.random();
        var account = login.account(client.server().imap(), user, grant);
        // Only the mail server knows whose token it is. One that was just issued is tried once.
        var token = AccessToken.of(grant, answer.accessToken(), answer.expiresAt());
        var session = begin.start(account, token);
        grants.keep(grant, tokens.ownerTag(account), client, answer, session.expiresAt());
        return session;
    }

    private OAuthClient client(String provider) {
        return clients.named(provider)
                .orElseThrow(() ->
                        InvalidRequest.at(
                                "/provider",
                                clients.listed().stream()
                                        .map(OAuthClient::name)
                                        .collect(
                                                Collectors.joining(
                                                        ", ",
                                                        "is not configured; there are: ",
                                                        ""))));
    }

    private TokenAnswer redeem(OAuthClient client, AuthorizationCode code) {
        try {
            return grants.redeem(client, code.value(), code.verifier(), code.redirectUri());
        } catch (TokenRefused _) {
            throw new ProblemException(
                    ProblemCode.AUTHENTICATION_FAILED,
                    "the authorization server does not accept this code");
        }
    }
}
