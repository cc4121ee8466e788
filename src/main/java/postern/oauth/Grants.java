package postern.oauth;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;
import postern.account.AccessToken;
import postern.account.ImapServer;
import postern.account.OAuthGrant;
import postern.imap.ImapException;
import postern.provider.MailServers;
import postern.shared.SharedState;

/**
 * The sign-ins whose refresh tokens the gateway keeps. They are in the shared state, encrypted, and
 * never in a session token: a refresh token that rotates is void once it was used, so that a copy
 * in the session token of another tab would end the grant.
 */
@Component
public final class Grants {

    /** An access token that ends sooner is not used for another connection. */
    private static final Duration MARGIN = Duration.ofMinutes(1);

    private final OAuthClients clients;
    private final MailServers servers;
    private final StoredGrants stored;
    private final OwnedGrants owned;
    private final GrantRefresh refresh;
    private final SharedState state;
    private final InstantSource clock;

    @Autowired
    Grants(OAuthClients clients, MailServers servers, SharedState state) {
        this(clients, servers, state, InstantSource.system());
    }

    Grants(OAuthClients clients, MailServers servers, SharedState state, InstantSource clock) {
        this.clients = clients;
        this.servers = servers;
        this.state = state;
        this.clock = clock;
        this.stored = new StoredGrants(state, clock);
        this.owned = new OwnedGrants(state);
        this.refresh = new GrantRefresh(clients, stored, state, clock);
    }

    /**
     * Redeems a code. Nothing is kept of the answer yet. Throws ImapException.SignInUnavailable or
     * ProtocolError as well.
     */
    public TokenAnswer redeem(OAuthClient client, String code, String verifier, String redirectUri)
            throws TokenRefused {
        return clients.endpoint(client.name(), client.issuer())
                .orElseThrow(ImapException.SignInEnded::new)
                .redeemCode(code, verifier, redirectUri);
    }

    /**
     * Keeps what was got for a code until the session ends. The user's oldest grant is lost where
     * there are too many.
     *
     * @param owner the same for all grants of a user; it reveals nothing of the user
     */
    public void keep(
            OAuthGrant grant, String owner, OAuthClient client, TokenAnswer answer, Instant until) {
        stored.put(grant, GrantContent.of(client, answer, until));
        owned.add(owner, grant, Duration.between(clock.instant(), until));
    }

    /**
     * A token of the client itself. It opens all mailboxes of the client, so that nobody else may
     * see it. Throws ImapException.SignInUnavailable or ProtocolError as well.
     */
    public TokenAnswer appOnly(OAuthClient client) throws TokenRefused {
        return clients.endpoint(client.name(), client.issuer())
                .orElseThrow(ImapException.SignInEnded::new)
                .clientCredentials(client.appOnly().scopes());
    }

    /** Like {@link #keep}, for one user whose mailbox the client opens without the user. */
    public void keepAppOnly(
            OAuthGrant grant,
            String owner,
            OAuthClient client,
            TokenAnswer answer,
            String user,
            Instant until) {
        stored.put(grant, GrantContent.appOnly(client, answer, user, until));
        owned.add(owner, grant, Duration.between(clock.instant(), until));
    }

    /** Gives back what was got for a code that led to no session. */
    public void discard(OAuthClient client, TokenAnswer answer) {
        revoke(client.name(), client.issuer(), answer.refreshToken());
    }

    /** Forgets a grant and, where the provider has an endpoint for that, revokes it. */
    public void end(OAuthGrant grant) {
        stored.remove(grant)
                .ifPresent(content ->
                        revoke(content.client(), content.issuer(), content.refreshToken()));
    }

    /**
     * When the present access token ends, if that is known. Throws ImapException.SignInEnded where
     * there is no such grant any more.
     */
    public Optional<Instant> accessTokenExpiresAt(OAuthGrant grant) {
        return Optional.ofNullable(stored.get(grant).content().accessTokenExpiresAt());
    }

    /**
     * Whether there will be other access tokens when the present one ends. Throws
     * ImapException.SignInEnded where there is no such grant any more.
     */
    public boolean refreshable(OAuthGrant grant) {
        return stored.get(grant).content().refreshable();
    }

    /** Keeps a grant at least until then, also where its session ends before. */
    public void keepUntil(OAuthGrant grant, Instant until) {
        for (var present = stored.find(grant);
                present.isPresent()
                        && present.get().content().until().isBefore(until)
                        && !stored.replace(
                                grant, present.get(), present.get().content().until(until));
                present = stored.find(grant)) {
            // somebody has refreshed it in between
        }
    }

    /** Whether grants outlive this process. */
    public boolean durable() {
        return state.durable();
    }

    /**
     * An access token that is good for another minute at least, or that was just issued. Throws
     * ImapException: SignInEnded, SignInUnavailable, NotPossible (the server is not, or no longer,
     * tied to the grant's issuer) or ProtocolError.
     */
    AccessToken current(OAuthGrant grant, ImapServer server) {
        var content = stored.get(grant).content();
        if (!servers.takesAccessTokensOf(content.issuer(), server)) {
            throw new ImapException.NotPossible(
                    "the mail server is no longer tied to the issuer of this session's tokens",
                    null);
        }
        if (content.appOnlyUser() != null) {
            clients.appOnly(content);
        }
        if (content.endsWithin(MARGIN, clock.instant())) {
            content = inTime(grant, content);
        }
        return token(grant, content);
    }

    /**
     * Another access token than the one that a mail server has refused. Throws ImapException:
     * AccessTokenRefused where the authorization server gives the same one again; SignInEnded,
     * SignInUnavailable or ProtocolError.
     */
    AccessToken insteadOf(OAuthGrant grant, AccessToken refused) {
        var content = refresh.unless(grant, it -> !it.accessToken().equals(refused.value()));
        if (content.accessToken().equals(refused.value())) {
            throw new ImapException.AccessTokenRefused(
                    "the mail server refuses the only access token that there is", null);
        }
        return token(grant, content);
    }

    /** The old token serves while it is valid and there is no new one, for whatever reason. */
    private GrantContent inTime(OAuthGrant grant, GrantContent old) {
        try {
            return refresh.unless(
                    grant,
                    content ->
                            !content.accessToken().equals(old.accessToken())
                                    || !content.endsWithin(MARGIN, clock.instant()));
        } catch (ImapException.SignInUnavailable | ImapException.ProtocolError e) {
            if (old.endsWithin(Duration.ZERO, clock.instant())) {
                throw e;
            }
            return old;
        }
    }

    private static AccessToken token(OAuthGrant grant, GrantContent content) {
        return AccessToken.of(grant, content.accessToken(), content.accessTokenExpiresAt());
    }

    /** On a thread of its own: nobody waits for it. */
    private void revoke(String client, URI issuer, @Nullable String refreshToken) {
        if (refreshToken != null) {
            clients.endpoint(client, issuer)
                    .ifPresent(endpoint ->
                            Thread.ofVirtual()
                                    .name("oauth-revoke")
                                    .start(() -> endpoint.revoke(refreshToken)));
        }
    }
}
