package postern.session;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import postern.account.AccessToken;
import postern.account.Credential;
import postern.account.OAuthGrant;
import postern.account.Password;
import postern.oauth.Grants;

/**
 * What a caller may know of the access token of a session.
 *
 * @param expiresAt null where it has none, or that is not known
 * @param durable null where the gateway keeps nothing for the session
 */
record AccessTokenState(@Nullable Instant expiresAt, @Nullable Boolean durable) {

    /** Throws ImapException.SignInEnded for a grant that is gone. */
    static AccessTokenState of(Credential credential, Grants grants) {
        return switch (credential) {
            case Password _ -> new AccessTokenState(null, null);
            case AccessToken token -> new AccessTokenState(token.expiresAt(), null);
            case OAuthGrant grant ->
                    new AccessTokenState(
                            grants.accessTokenExpiresAt(grant).orElse(null), grants.durable());
        };
    }
}
