package postern.oauth;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.provider.MailServer;

/**
 * The gateway as a client of an authorization server.
 *
 * @param name what {@code createSession} calls it
 * @param server the mail server that its access tokens are for
 * @param issuer the issuer that the server is tied to
 * @param redirectUris compared octet by octet
 * @param authorizationParameters what a request for consent needs beyond the standard parameters
 * @param listed whether discovery tells it
 * @param appOnly whose mailboxes it opens without the users
 */
public record OAuthClient(
        String name,
        MailServer server,
        URI issuer,
        String clientId,
        List<String> redirectUris,
        List<String> scopes,
        @Nullable URI authorizationEndpoint,
        Map<String, String> authorizationParameters,
        boolean listed,
        AppOnly appOnly) {}
