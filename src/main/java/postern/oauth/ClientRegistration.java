package postern.oauth;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;
import postern.egress.Endpoint;
import postern.egress.FormPost;
import postern.provider.MailServer;
import postern.provider.MailServers;
import postern.provider.OAuthEndpoints;

/**
 * Completes what the operator configured by what is known of the provider. A failure names the
 * property that is wrong, and never its value.
 */
final class ClientRegistration {

    private static final Pattern DOMAIN = Pattern.compile("[a-z0-9-]+(?:\\.[a-z0-9-]+)+");

    private final String name;
    private final ClientProperties properties;
    private final MailServer server;
    private final OAuthEndpoints known;

    ClientRegistration(String name, ClientProperties properties, MailServers servers) {
        this.name = name;
        this.properties = properties;
        this.server = server(servers);
        this.known = required(server.provider().oauth(), "server", "is tied to no issuer");
    }

    OAuthClient client() {
        var scopes = properties.scopes().isEmpty() ? known.imapScopes() : properties.scopes();
        var parameters = Map.copyOf(properties.authorizationParameters());
        var appOnly = appOnly();
        require(!scopes.isEmpty() || !appOnly.none(), "scopes", "is missing");
        require(
                !properties.redirectUris().isEmpty() || !appOnly.none(),
                "redirect-uris",
                "is missing");
        require(
                properties.redirectUris().stream().allMatch(ClientRegistration::redirectUri),
                "redirect-uris",
                "has something that is no absolute URI without a fragment");
        return new OAuthClient(
                name,
                server,
                known.issuer(),
                text(properties.clientId(), "client-id"),
                List.copyOf(properties.redirectUris()),
                List.copyOf(scopes),
                either(properties.authorizationEndpoint(), known.authorizationEndpoint()),
                parameters.isEmpty() ? known.authorizationParameters() : parameters,
                // one without redirect URIs is of no use to users
                properties.listed() && !properties.redirectUris().isEmpty(),
                appOnly);
    }

    private AppOnly appOnly() {
        var configured = properties.appOnly();
        if (configured == null) {
            return AppOnly.NONE;
        }
        var domains =
                configured.domains().stream()
                        .map(it -> it.strip().toLowerCase(Locale.ROOT))
                        .collect(Collectors.toUnmodifiableSet());
        require(!domains.isEmpty(), "app-only.domains", "is missing");
        require(
                domains.stream().allMatch(DOMAIN.asMatchPredicate()),
                "app-only.domains",
                "has something that is no domain");
        require(!configured.apps().isEmpty(), "app-only.apps", "is missing");
        require(!configured.scopes().isEmpty(), "app-only.scopes", "is missing");
        return new AppOnly(
                domains, Set.copyOf(configured.apps()), List.copyOf(configured.scopes()));
    }

    TokenEndpoint endpoint(
            FormPost forms,
            Duration timeout,
            ClientPause pause,
            CodeLimits codes,
            InstantSource clock) {
        var token = either(properties.tokenEndpoint(), known.tokenEndpoint());
        var revocation = properties.revocationEndpoint();
        return new TokenEndpoint(
                name,
                new ClientSecret(
                        text(properties.clientId(), "client-id"),
                        text(properties.clientSecret(), "client-secret"),
                        properties.clientAuthentication()),
                endpoint(required(token, "token-endpoint", "is missing"), "token-endpoint"),
                revocation == null ? null : endpoint(revocation, "revocation-endpoint"),
                forms,
                timeout,
                pause,
                codes,
                clock);
    }

    private MailServer server(MailServers servers) {
        var called = properties.server() == null ? name : properties.server();
        var found =
                required(
                        servers.named(called).orElse(null),
                        "server",
                        "must be one of " + String.join(", ", servers.names()));
        require(found.allowed(), "server", "is a preset that postern.presets does not allow");
        return found;
    }

    private Endpoint endpoint(URI uri, String property) {
        try {
            return new Endpoint(uri, properties.internal());
        } catch (IllegalArgumentException e) {
            throw failure(property, String.valueOf(e.getMessage()));
        }
    }

    private static boolean redirectUri(String text) {
        try {
            var uri = URI.create(text);
            return uri.isAbsolute() && uri.getFragment() == null;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static @Nullable URI either(@Nullable URI one, @Nullable URI other) {
        return one == null ? other : one;
    }

    private String text(@Nullable String value, String property) {
        require(StringUtils.hasText(value), property, "is missing");
        return required(value, property, "is missing");
    }

    private void require(boolean holds, String property, String otherwise) {
        if (!holds) {
            throw failure(property, otherwise);
        }
    }

    private <T> T required(@Nullable T value, String property, String otherwise) {
        if (value == null) {
            throw failure(property, otherwise);
        }
        return value;
    }

    private IllegalArgumentException failure(String property, String detail) {
        return new IllegalArgumentException(
                "postern.oauth.clients.%s.%s %s".formatted(name, property, detail));
    }
}
