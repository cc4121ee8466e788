package postern.session;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
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
import postern.web.limit.AppKeys;
import postern.web.problem.InvalidRequest;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

/**
 * Starts sessions without the user, for apps and domains that the operator has named. What the
 * authorization server gives opens all mailboxes of the client: it is never in a session token, and
 * the grant that keeps it is for one user.
 */
@Component
final class AppOnlySignIn {

    private final OAuthClients clients;
    private final Grants grants;
    private final SessionTokens tokens;
    private final SessionStart begin;
    private final AppKeys keys;

    AppOnlySignIn(
            OAuthClients clients,
            Grants grants,
            SessionTokens tokens,
            SessionStart begin,
            AppKeys keys) {
        this.clients = clients;
        this.grants = grants;
        this.tokens = tokens;
        this.begin = begin;
        this.keys = keys;
        clients.all().forEach(client -> requireKeys(client, keys.apps()));
    }

    Session start(Login login) {
        requireNothingElse(login);
        var user = login.user();
        var client = client(login.provider(), user);
        if (login.server() != null && !login.server().equals(client.server().name())) {
            throw InvalidRequest.at(
                    "/server", "must be %s with this provider".formatted(client.server().name()));
        }
        var answer = token(client);
        var grant = OAuthGrant.random();
        var account = login.account(client.server().imap(), user, grant);
        var token = AccessToken.of(grant, answer.accessToken(), answer.expiresAt());
        var session = begin.start(account, token);
        var owner = tokens.ownerTag(account);
        grants.keepAppOnly(grant, owner, client, answer, user, session.expiresAt());
        return session;
    }

    /** One refusal for all reasons: an app does not learn what is configured for others. */
    private OAuthClient client(@Nullable String provider, String user) {
        if (provider == null) {
            throw InvalidRequest.at("/provider", "is missing");
        }
        var app = keys.present();
        return clients.named(provider)
                .filter(client -> app != null && client.appOnly().permits(app, user))
                .orElseThrow(() ->
                        new ProblemException(
                                ProblemCode.APP_NOT_ALLOWED,
                                "this app may not open this user's mailbox without the user"));
    }

    private TokenAnswer token(OAuthClient client) {
        try {
            return grants.appOnly(client);
        } catch (TokenRefused _) {
            throw new ProblemException(
                    ProblemCode.AUTHENTICATION_FAILED,
                    "the authorization server gives this gateway no access without the user");
        }
    }

    private static void requireNothingElse(Login login) {
        requireAbsent(login.password(), "/password");
        requireAbsent(login.accessToken(), "/accessToken");
        requireAbsent(login.accessTokenExpiresAt(), "/accessTokenExpiresAt");
        requireAbsent(login.code(), "/code");
        requireAbsent(login.codeVerifier(), "/codeVerifier");
        requireAbsent(login.redirectUri(), "/redirectUri");
        // The user that is checked is the one that the mail server is told.
        requireAbsent(login.actAs(), "/actAs");
        requireAbsent(login.imap(), "/imap");
    }

    private static void requireAbsent(@Nullable Object value, String pointer) {
        if (value != null) {
            throw InvalidRequest.at(pointer, "is given beside the grant type clientCredentials");
        }
    }

    private static void requireKeys(OAuthClient client, Set<String> apps) {
        var unknown =
                List.copyOf(client.appOnly().apps()).stream().filter(it -> !apps.contains(it));
        unknown.findFirst()
                .ifPresent(app -> {
                    throw new IllegalArgumentException(
                            "postern.oauth.clients.%s.app-only.apps: postern.app-keys has no app %s"
                                    .formatted(client.name(), app));
                });
    }
}
