package postern.oauth;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * One registration of the gateway at an authorization server.
 *
 * @param clientId The public name of the registration.
 * @param clientSecret Its secret.
 * @param redirectUris The URLs of apps that the authorization server may send users back to.
 * @param server The mail server whose issuer this is; the name of the client if it is null.
 * @param scopes The scopes that apps ask for; those of the preset if there are none.
 * @param authorizationEndpoint Where the user gives consent; that of the preset if it is null.
 * @param authorizationParameters What a request for consent needs beyond the standard parameters;
 *     those of the preset if there are none.
 * @param tokenEndpoint Where codes and refresh tokens are redeemed; that of the preset if it is
 *     null.
 * @param revocationEndpoint Where tokens are revoked at a logout (RFC 7009).
 * @param clientAuthentication How the secret is sent.
 * @param internal Whether the endpoints may have any address and port; on the gateway's own host
 *     also plain http.
 * @param sslBundle The Spring SSL bundle whose authorities are trusted for the endpoints.
 * @param listed Whether discovery tells it to anybody who asks.
 * @param appOnly Whose mailboxes it opens without the users; nobody's if it is null.
 */
record ClientProperties(
        @Nullable String clientId,
        @Nullable String clientSecret,
        @DefaultValue List<String> redirectUris,
        @Nullable String server,
        @DefaultValue List<String> scopes,
        @Nullable URI authorizationEndpoint,
        @DefaultValue Map<String, String> authorizationParameters,
        @Nullable URI tokenEndpoint,
        @Nullable URI revocationEndpoint,
        @DefaultValue("basic") ClientAuthentication clientAuthentication,
        @DefaultValue("false") boolean internal,
        @Nullable String sslBundle,
        @DefaultValue("true") boolean listed,
        @Nullable AppOnlyProperties appOnly) {

    /** How a client proves itself at the token endpoint (RFC 6749 §2.3.1). */
    enum ClientAuthentication {
        /** By HTTP Basic. */
        BASIC,
        /** By fields of the form. */
        POST
    }

    @Override
    public String toString() {
        return "ClientProperties[clientId=%s]".formatted(clientId);
    }
}
