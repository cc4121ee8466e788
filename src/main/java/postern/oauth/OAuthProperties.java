package postern.oauth;

import java.time.Duration;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the gateway itself signs in at authorization servers, for users who come with a code.
 *
 * @param clients The registrations of this gateway as an OAuth client, by the name that {@code
 *     provider} of {@code createSession} names. Each has {@code client-id}, {@code client-secret},
 *     {@code redirect-uris}, {@code server}, {@code scopes}, {@code authorization-endpoint}, {@code
 *     authorization-parameters}, {@code token-endpoint}, {@code revocation-endpoint}, {@code
 *     client-authentication}, {@code internal}, {@code ssl-bundle}, {@code listed}, {@code
 *     app-only.domains}, {@code app-only.apps} and {@code app-only.scopes}. When none is
 *     configured, {@code createSession} takes no codes. Unit: map, see docs/how-to/sign-in.md.
 *     Interplay: {@code server} is the default one, one of {@code postern.servers} or a preset that
 *     {@code postern.presets} allows, and it is tied to an issuer.
 * @param timeout How long an authorization server may take for one answer; after that 503 {@code
 *     sign-in-unavailable}. Unit: time. Interplay: a request that needs a new access token waits
 *     that long, beside the time for the mail server.
 */
@ConfigurationProperties("postern.oauth")
record OAuthProperties(
        @DefaultValue Map<String, ClientProperties> clients,
        @DefaultValue("10s") Duration timeout) {

    OAuthProperties {
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("postern.oauth.timeout must be positive");
        }
    }
}
