package postern.oauth;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a sign-in.
 *
 * @param client the name of the client that redeemed the code
 * @param issuer that of the mail server when the user signed in
 * @param accessTokenExpiresAt null where that is not known
 * @param refreshToken null where the authorization server gave none
 * @param appOnlyUser the user whose mailbox the client opens without the user; null for what a user
 *     has granted
 * @param until when the session ends
 */
record GrantContent(
        String client,
        URI issuer,
        String accessToken,
        @Nullable Instant accessTokenExpiresAt,
        @Nullable String refreshToken,
        @Nullable String appOnlyUser,
        Instant until) {

    static GrantContent of(OAuthClient client, TokenAnswer answer, Instant until) {
        return new GrantContent(
                client.name(),
                client.issuer(),
                answer.accessToken(),
                answer.expiresAt(),
                answer.refreshToken(),
                null,
                until);
    }

    /**
     * A refresh token would outlive what the operator permits, and none is due (RFC 6749 §4.4.3).
     */
    static GrantContent appOnly(
            OAuthClient client, TokenAnswer answer, String user, Instant until) {
        return new GrantContent(
                client.name(),
                client.issuer(),
                answer.accessToken(),
                answer.expiresAt(),
                null,
                user,
                until);
    }

    /** The refresh token stays where the answer has no other one. */
    GrantContent refreshed(TokenAnswer answer) {
        return new GrantContent(
                client,
                issuer,
                answer.accessToken(),
                answer.expiresAt(),
                appOnlyUser == null && answer.refreshToken() != null
                        ? answer.refreshToken()
                        : refreshToken,
                appOnlyUser,
                until);
    }

    /** Whether there will be another access token when the present one ends. */
    boolean refreshable() {
        return refreshToken != null || appOnlyUser != null;
    }

    GrantContent until(Instant other) {
        return new GrantContent(
                client,
                issuer,
                accessToken,
                accessTokenExpiresAt,
                refreshToken,
                appOnlyUser,
                other);
    }

    /** Whether the access token ends within this time. */
    boolean endsWithin(Duration time, Instant now) {
        return accessTokenExpiresAt != null && !now.plus(time).isBefore(accessTokenExpiresAt);
    }

    String json() {
        var fields = new HashMap<String, @Nullable Object>();
        fields.put("client", client);
        fields.put("issuer", issuer.toString());
        fields.put("accessToken", accessToken);
        fields.put(
                "expiry",
                accessTokenExpiresAt == null ? null : accessTokenExpiresAt.getEpochSecond());
        fields.put("refreshToken", refreshToken);
        fields.put("appOnlyUser", appOnlyUser);
        fields.put("until", until.getEpochSecond());
        return JSONObjectUtils.toJSONString(fields);
    }

    static GrantContent parse(String json) throws ParseException {
        var fields = JSONObjectUtils.parse(json);
        return new GrantContent(
                Objects.requireNonNull(JSONObjectUtils.getString(fields, "client")),
                Objects.requireNonNull(JSONObjectUtils.getURI(fields, "issuer")),
                Objects.requireNonNull(JSONObjectUtils.getString(fields, "accessToken")),
                fields.get("expiry") == null
                        ? null
                        : Instant.ofEpochSecond(JSONObjectUtils.getLong(fields, "expiry")),
                JSONObjectUtils.getString(fields, "refreshToken"),
                JSONObjectUtils.getString(fields, "appOnlyUser"),
                Instant.ofEpochSecond(JSONObjectUtils.getLong(fields, "until")));
    }

    @Override
    public String toString() {
        return "GrantContent[client=%s]".formatted(client);
    }
}
