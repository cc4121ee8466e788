package postern.provider;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

/**
 * The authorization server of a provider (RFC 6749).
 *
 * @param issuer The issuer whose access tokens the provider's mail servers take.
 * @param authorizationEndpoint Where the user gives consent.
 * @param tokenEndpoint Where a code or a refresh token is redeemed.
 * @param authorizationParameters What a request for consent needs beyond the standard parameters,
 *     so that a refresh token is given.
 * @param imapScopes The scopes of a token for IMAP.
 * @param smtpScopes The further scopes of a token for submission.
 */
public record OAuthEndpoints(
        URI issuer,
        @Nullable URI authorizationEndpoint,
        @Nullable URI tokenEndpoint,
        @DefaultValue Map<String, String> authorizationParameters,
        @DefaultValue List<String> imapScopes,
        @DefaultValue List<String> smtpScopes) {

    public OAuthEndpoints {
        Assert.isTrue(https(issuer), "issuer is not an https URI");
        Assert.isTrue(
                authorizationEndpoint == null || https(authorizationEndpoint),
                "authorization-endpoint is not an https URI");
        Assert.isTrue(
                tokenEndpoint == null || https(tokenEndpoint),
                "token-endpoint is not an https URI");
        authorizationParameters = Map.copyOf(authorizationParameters);
        imapScopes = List.copyOf(imapScopes);
        smtpScopes = List.copyOf(smtpScopes);
    }

    private static boolean https(@Nullable URI uri) {
        return uri != null && "https".equals(uri.getScheme()) && uri.getHost() != null;
    }
}
