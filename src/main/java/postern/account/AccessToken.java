package postern.account;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import postern.digest.Sha256;

/**
 * An OAuth access token for OAUTHBEARER or XOAUTH2.
 *
 * @param expiresAt when the token's issuer ends it, in whole seconds; null where that is not known
 * @param family shared by the tokens that replace one another in a session: a hash of the first one
 */
public record AccessToken(String value, @Nullable Instant expiresAt, String family)
        implements Credential {

    /** The characters of a bearer token (RFC 6750 §2.1). */
    public static final String SYNTAX = "[A-Za-z0-9._~+/-]+=*";

    private static final Pattern BEARER_TOKEN = Pattern.compile(SYNTAX);

    public AccessToken {
        if (!BEARER_TOKEN.matcher(value).matches()) {
            throw new IllegalArgumentException("an access token has other characters");
        }
        expiresAt = expiresAt == null ? null : expiresAt.truncatedTo(ChronoUnit.SECONDS);
    }

    /** The first token of a session. */
    public static AccessToken of(String value, @Nullable Instant expiresAt) {
        return new AccessToken(value, expiresAt, hash(value));
    }

    /** A token of a grant. */
    public static AccessToken of(OAuthGrant grant, String value, @Nullable Instant expiresAt) {
        return new AccessToken(value, expiresAt, grant.family());
    }

    /** The token that replaces this one in its session. */
    public AccessToken replacedBy(String next, @Nullable Instant nextExpiresAt) {
        return new AccessToken(next, nextExpiresAt, family);
    }

    public boolean expired(Instant now) {
        return expiresAt != null && !now.isBefore(expiresAt);
    }

    @Override
    public byte[] secret() {
        return octets(value);
    }

    @Override
    public byte[] familySecret() {
        return octets(family);
    }

    @Override
    public String toString() {
        return "AccessToken[expiresAt=%s]".formatted(expiresAt);
    }

    /** A NUL in front, so that no password has the same octets. */
    static byte[] octets(String text) {
        return ('\0' + text).getBytes(StandardCharsets.UTF_8);
    }

    static String hash(String value) {
        return Sha256.base64Url(value.getBytes(StandardCharsets.UTF_8), Sha256.OCTETS);
    }
}
