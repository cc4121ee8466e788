package postern.testserver;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.server.authorization.InMemoryOAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;

/**
 * The grants of Spring Authorization Server. A refresh token that was replaced and is used again
 * ends its grant, which Spring leaves to the store.
 */
final class RotatedTokens implements OAuth2AuthorizationService {

    private final InMemoryOAuth2AuthorizationService store =
            new InMemoryOAuth2AuthorizationService();
    private final Map<String, String> grantOfRefreshToken = new ConcurrentHashMap<>();

    @Override
    public void save(OAuth2Authorization grant) {
        store.save(grant);
        var refreshToken = grant.getRefreshToken();
        if (refreshToken != null) {
            grantOfRefreshToken.put(refreshToken.getToken().getTokenValue(), grant.getId());
        }
    }

    @Override
    public void remove(OAuth2Authorization grant) {
        store.remove(grant);
    }

    @Override
    public @Nullable OAuth2Authorization findById(String id) {
        return store.findById(id);
    }

    @Override
    public @Nullable OAuth2Authorization findByToken(String token, @Nullable OAuth2TokenType type) {
        var found = store.findByToken(token, type);
        var replaced = found == null ? grantOfRefreshToken.get(token) : null;
        if (replaced != null && store.findById(replaced) instanceof OAuth2Authorization grant) {
            store.remove(grant);
        }
        return found;
    }

    int living(String user) {
        return (int)
                of(user).stream()
                        .filter(grant -> Objects.requireNonNull(grant.getRefreshToken()).isActive())
                        .count();
    }

    String refreshToken(String user) {
        return Objects.requireNonNull(of(user).getFirst().getRefreshToken())
                .getToken()
                .getTokenValue();
    }

    void expireAccessTokens(String user) {
        for (var grant : of(user)) {
            var token = Objects.requireNonNull(grant.getAccessToken()).getToken();
            var ended =
                    new OAuth2AccessToken(
                            token.getTokenType(),
                            token.getTokenValue(),
                            Instant.now().minusSeconds(3600),
                            Instant.now().minusSeconds(1),
                            token.getScopes());
            store.save(OAuth2Authorization.from(grant).accessToken(ended).build());
        }
    }

    void withdraw(String user) {
        of(user).forEach(store::remove);
    }

    /** The grants of a user that have led to tokens. */
    private List<OAuth2Authorization> of(String user) {
        return grantOfRefreshToken.values().stream()
                .distinct()
                .map(store::findById)
                .filter(Objects::nonNull)
                .filter(grant -> grant.getPrincipalName().equals(user))
                .toList();
    }
}
