package postern.web.inbox;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The web inbox.
 *
 * @param enabled Whether {@code /inbox} serves the web inbox, a small mail app for the browser. Its
 *     files need no credentials; what it shows needs a login like any other client's. Unit:
 *     boolean. Interplay: where {@code postern.app-keys} names apps, the inbox cannot log in, as it
 *     has no key; it signs in at a provider of {@code postern.oauth.clients} whose {@code
 *     redirect-uris} have its address, {@code https://.../inbox/} with the slash.
 */
@ConfigurationProperties("postern.inbox")
public record InboxProperties(@DefaultValue("false") boolean enabled) {}
