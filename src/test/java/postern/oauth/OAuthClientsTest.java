package postern.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import postern.provider.KnownServers;
import postern.shared.InMemorySharedState;

class OAuthClientsTest {

    private static final String GMAIL = "gmail.client-id=it,gmail.client-secret=secret";
    private static final String REDIRECT = "gmail.redirect-uris=https://app.example.org/in";
    private static final String WORK =
            "work.client-id=it,work.client-secret=secret,work.redirect-uris=app.example:/in,"
                    + "work.scopes=mail,work.token-endpoint=https://login.work.example/token";

    @Test
    void aPresetKnowsItsEndpointsAndScopes() {
        var client = clients(GMAIL, REDIRECT).named("gmail").orElseThrow();

        assertThat(client.issuer()).isEqualTo(URI.create("https://accounts.google.com"));
        assertThat(client.authorizationEndpoint())
                .isEqualTo(URI.create("https://accounts.google.com/o/oauth2/v2/auth"));
        assertThat(client.authorizationParameters())
                .isEqualTo(Map.of("access_type", "offline", "prompt", "consent"));
        assertThat(client.scopes()).isEqualTo(List.of("https://mail.google.com/"));
        assertThat(client.server().name()).isEqualTo("gmail");
        assertThat(client.toString()).doesNotContain("secret");
    }

    @Test
    void aProviderMayHaveSeveralClientsAndSomeAreNotListed() {
        var clients =
                clients(
                        GMAIL,
                        REDIRECT,
                        "tenant.server=gmail,tenant.client-id=b,tenant.client-secret=c",
                        "tenant.redirect-uris=https://b.example/in,tenant.listed=false");

        assertThat(clients.named("tenant")).isPresent();
        var gmail = clients.named("gmail").orElseThrow();
        assertThat(clients.listed()).containsExactly(gmail);
        assertThat(clients.listed(gmail.server())).containsExactly(gmail);
    }

    @Test
    void aConfiguredServerTiedToAnIssuerHasClientsToo() {
        assertThat(clients(WORK).named("work").orElseThrow().issuer())
                .isEqualTo(URI.create("https://login.work.example"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gmail.client-id=x | gmail.redirect-uris is missing",
                "gmail.redirect-uris=https://a/ | gmail.client-id is missing",
                "gmail.redirect-uris=https://a/,gmail.client-id=x | gmail.client-secret is missing",
                "gmail.redirect-uris=/in | gmail.redirect-uris has something",
                "gmail.redirect-uris=https://a/#b | gmail.redirect-uris has something",
                "nobody.client-id=x | nobody.server must be one of default, gmail, plain, work",
                "yahoo.client-id=x | yahoo.server is a preset that postern.presets does not allow",
                "plain.client-id=x | plain.server is tied to no issuer",
                "work.client-id=x | work.scopes is missing",
                "work.scopes=a,work.redirect-uris=https://a/,work.client-id=x,work.client-secret=s |"
                        + " work.token-endpoint is missing",
                WORK
                        + ",work.token-endpoint=http://login.work.example/ |"
                        + " work.token-endpoint is no https URL",
                WORK
                        + ",work.token-endpoint=https://127.0.0.1/ |"
                        + " work.token-endpoint has no host of the public DNS",
                WORK
                        + ",work.token-endpoint=https://login.work.example:444/ |"
                        + " work.token-endpoint has another port than 443",
                WORK
                        + ",work.token-endpoint=https://10.0.0.1:65536/,work.internal=true |"
                        + " work.token-endpoint has a port that does not exist",
                WORK
                        + ",work.revocation-endpoint=https://10.0.0.1:0/,work.internal=true |"
                        + " work.revocation-endpoint has a port that does not exist"
            })
    void aWrongClientEndsTheStartAndNamesTheProperty(String properties, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> clients(properties))
                .withMessageStartingWith("postern.oauth.clients." + message)
                .satisfies(failure -> assertThat(failure).hasNoCause());
    }

    private static OAuthClients clients(String... properties) {
        var source = new MapConfigurationPropertySource();
        Stream.of(properties)
                .flatMap(some -> Stream.of(some.split(",")))
                .map(property -> property.split("=", 2))
                .forEach(property ->
                        source.put("postern.oauth.clients." + property[0], property[1]));
        var bound = new Binder(source).bindOrCreate("postern.oauth", OAuthProperties.class);
        var servers =
                KnownServers.of(
                        "postern.presets=gmail",
                        "postern.servers.plain.host=imap.plain.example",
                        "postern.servers.work.host=imap.work.example",
                        "postern.servers.work.oauth-issuer=https://login.work.example");
        return new OAuthClients(
                bound,
                servers,
                (_, _, _) -> {
                    throw new AssertionError("nothing is asked at the start");
                },
                new DefaultSslBundleRegistry(),
                new InMemorySharedState(InstantSource.system()));
    }
}
