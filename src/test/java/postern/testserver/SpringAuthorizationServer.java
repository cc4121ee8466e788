package postern.testserver;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import jakarta.servlet.Filter;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.web.server.servlet.ServletWebServerFactory;
import org.springframework.boot.web.server.servlet.context.AnnotationConfigServletWebServerApplicationContext;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configuration.OAuth2AuthorizationServerConfiguration;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;
import org.springframework.security.oauth2.server.authorization.client.InMemoryRegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.settings.AuthorizationServerSettings;
import org.springframework.security.oauth2.server.authorization.settings.ClientSettings;
import org.springframework.security.oauth2.server.authorization.settings.OAuth2TokenFormat;
import org.springframework.security.oauth2.server.authorization.settings.TokenSettings;
import org.springframework.security.oauth2.server.authorization.token.JwtEncodingContext;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenClaimsContext;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenCustomizer;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;

/**
 * An authorization server that is not ours: Spring Authorization Server, in a context of its own.
 * It wants PKCE and the user's consent, gives opaque access tokens, rotates refresh tokens, and
 * ends a grant when one is used again.
 */
public final class SpringAuthorizationServer implements AutoCloseable {

    public static final String CLIENT = "postern";
    public static final String SECRET = "its secret";
    public static final String REDIRECT = "https://app.example.org/in";

    /** A client that gets tokens without users. */
    public static final String APP_ONLY_CLIENT = "app-only";

    public static final String APP_ONLY_SECRET = "another secret";

    /** Of every user: u1, u2 and so on. */
    public static final String PASSWORD = "of the user";

    private static final int USERS = 20;

    private final AnnotationConfigServletWebServerApplicationContext context;
    private final RotatedTokens tokens = new RotatedTokens();
    private final Map<String, AtomicInteger> refreshes = new ConcurrentHashMap<>();
    private volatile Duration lifetime = Duration.ofHours(1);
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private final Semaphore arrived = new Semaphore(0);

    private SpringAuthorizationServer() {
        context = new AnnotationConfigServletWebServerApplicationContext();
        context.registerBean(SpringAuthorizationServer.class, () -> this);
        context.register(Beans.class);
        context.refresh();
    }

    public static SpringAuthorizationServer start() {
        return new SpringAuthorizationServer();
    }

    public String url(String path) {
        return "http://127.0.0.1:%d%s".formatted(port(), path);
    }

    public int port() {
        return Objects.requireNonNull(context.getWebServer()).getPort();
    }

    /** How long the access tokens last that are issued from now on. */
    public SpringAuthorizationServer lifetime(Duration value) {
        lifetime = value;
        return this;
    }

    /** The token endpoint waits for this before it answers. */
    public SpringAuthorizationServer waitFor(CountDownLatch latch) {
        arrived.drainPermits();
        gate = latch;
        return this;
    }

    /** Waits until a request waits at the token endpoint. */
    public void awaitWaiting() throws InterruptedException {
        arrived.acquire();
    }

    /** The header with which the client proves itself. */
    public String credentials() {
        var pair = CLIENT + ":" + SECRET.replace(' ', '+');
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(US_ASCII));
    }

    /** The user of an access token that is valid. */
    public Optional<String> user(String accessToken) {
        return Optional.ofNullable(tokens.findByToken(accessToken, OAuth2TokenType.ACCESS_TOKEN))
                .filter(grant -> Objects.requireNonNull(grant.getAccessToken()).isActive())
                .map(grant -> grant.getPrincipalName());
    }

    /** How often a refresh token of this user was used. */
    public int refreshes(String user) {
        return refreshes.getOrDefault(user, new AtomicInteger()).get();
    }

    /** How many grants of this user have not ended. */
    public int living(String user) {
        return tokens.living(user);
    }

    /** The refresh token of the user's grant. */
    public String refreshToken(String user) {
        return tokens.refreshToken(user);
    }

    /** The access tokens that the user has got so far are expired; the grants live. */
    public void expireAccessTokens(String user) {
        tokens.expireAccessTokens(user);
    }

    /** The user's grants end. */
    public void withdraw(String user) {
        tokens.withdraw(user);
    }

    @Override
    public void close() {
        context.close();
    }

    /** No configuration class by annotation: the component scan of the gateway would find it. */
    @EnableWebSecurity
    static final class Beans {

        private final SpringAuthorizationServer server;

        Beans(SpringAuthorizationServer server) {
            this.server = server;
        }

        @Bean
        ServletWebServerFactory webServer() {
            // on all addresses: mail servers in containers ask it about tokens
            return new JettyServletWebServerFactory(0);
        }

        @Bean
        FilterRegistrationBean<Filter> gate() {
            Filter waiting =
                    (request, response, chain) -> {
                        server.arrived.release();
                        awaitQuietly(server.gate);
                        chain.doFilter(request, response);
                    };
            var registration = new FilterRegistrationBean<Filter>(waiting);
            registration.addUrlPatterns("/oauth2/token");
            registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
            return registration;
        }

        @Bean
        SecurityFilterChain security(HttpSecurity http) {
            return http.oauth2AuthorizationServer(it -> it.oidc(Customizer.withDefaults()))
                    .authorizeHttpRequests(it -> it.anyRequest().authenticated())
                    .formLogin(Customizer.withDefaults())
                    .build();
        }

        @Bean
        UserDetailsService users() {
            return new InMemoryUserDetailsManager(
                    IntStream.rangeClosed(1, USERS)
                            .mapToObj(i ->
                                    User.withUsername("u" + i)
                                            .password("{noop}" + PASSWORD)
                                            .roles("USER")
                                            .build())
                            .toList());
        }

        @Bean
        RegisteredClientRepository clients() {
            var postern =
                    RegisteredClient.withId("1")
                            .clientId(CLIENT)
                            .clientSecret("{noop}" + SECRET)
                            .clientAuthenticationMethod(
                                    ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                            .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
                            .authorizationGrantType(AuthorizationGrantType.REFRESH_TOKEN)
                            .redirectUri(REDIRECT)
                            // of any port (RFC 8252 §7.3)
                            .redirectUri("http://127.0.0.1/in")
                            .redirectUri("http://127.0.0.1/inbox/")
                            .scopes(it -> it.addAll(List.of("openid", "mail")))
                            .clientSettings(
                                    ClientSettings.builder()
                                            .requireProofKey(true)
                                            .requireAuthorizationConsent(true)
                                            .build())
                            .tokenSettings(
                                    TokenSettings.builder()
                                            .accessTokenFormat(OAuth2TokenFormat.REFERENCE)
                                            .reuseRefreshTokens(false)
                                            .build())
                            .build();
            var mailServer =
                    RegisteredClient.withId("2")
                            .clientId(OauthDovecot.CLIENT)
                            .clientSecret("{noop}" + OauthDovecot.SECRET)
                            .clientAuthenticationMethod(
                                    ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                            .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
                            .build();
            var appOnly =
                    RegisteredClient.withId("3")
                            .clientId(APP_ONLY_CLIENT)
                            .clientSecret("{noop}" + APP_ONLY_SECRET)
                            .clientAuthenticationMethod(
                                    ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                            .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
                            .scope("mail")
                            .tokenSettings(
                                    TokenSettings.builder()
                                            .accessTokenFormat(OAuth2TokenFormat.REFERENCE)
                                            .build())
                            .build();
            return new InMemoryRegisteredClientRepository(postern, mailServer, appOnly);
        }

        @Bean
        OAuth2AuthorizationService authorizations() {
            return server.tokens;
        }

        private static String nameOf(@Nullable Authentication user) {
            return requireNonNull(user).getName();
        }

        @Bean
        OAuth2TokenCustomizer<OAuth2TokenClaimsContext> accessTokens() {
            return context -> {
                var user = nameOf(context.getPrincipal());
                if (AuthorizationGrantType.REFRESH_TOKEN.equals(
                        context.getAuthorizationGrantType())) {
                    server.refreshes
                            .computeIfAbsent(user, _ -> new AtomicInteger())
                            .incrementAndGet();
                }
                // what Dovecot compares with the name of the login
                context.getClaims()
                        .claim("username", user)
                        .expiresAt(Instant.now().plus(server.lifetime));
            };
        }

        @Bean
        OAuth2TokenCustomizer<JwtEncodingContext> idTokens() {
            return context ->
                    context.getClaims()
                            .claim("email", nameOf(context.getPrincipal()) + "@example.org");
        }

        @Bean
        JWKSource<SecurityContext> keys() throws JOSEException {
            return new ImmutableJWKSet<>(
                    new JWKSet(new RSAKeyGenerator(2048).keyID("1").generate()));
        }

        @Bean
        JwtDecoder jwtDecoder(JWKSource<SecurityContext> keys) {
            return OAuth2AuthorizationServerConfiguration.jwtDecoder(keys);
        }

        @Bean
        AuthorizationServerSettings settings() {
            return AuthorizationServerSettings.builder().build();
        }

        private static void awaitQuietly(CountDownLatch latch) {
            try {
                latch.await();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
