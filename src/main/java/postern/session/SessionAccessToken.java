package postern.session;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import postern.account.AccessToken;
import postern.web.problem.InvalidRequest;

/** The bounds of an access token in a request. */
final class SessionAccessToken {

    /** With a longer one the session token would not fit into the headers of a request. */
    static final int LONGEST = 8_000;

    static final String SYNTAX = AccessToken.SYNTAX;
    static final String RULE = "must be a bearer token (RFC 6750)";

    private SessionAccessToken() {}

    static AccessToken of(String value, @Nullable Instant expiresAt, Instant now) {
        var token = AccessToken.of(value, expiresAt);
        if (token.expired(now)) {
            throw InvalidRequest.at("/accessTokenExpiresAt", "is in the past");
        }
        return token;
    }
}
