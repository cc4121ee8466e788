package postern.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTParser;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import postern.account.AccessToken;
import postern.imap.ImapException;

/** Reads the JSON of a token endpoint (RFC 6749 §5). */
final class TokenAnswers {

    private static final Pattern ACCESS_TOKEN = Pattern.compile(AccessToken.SYNTAX);
    private static final Pattern ERROR = Pattern.compile("[a-z_]{1,40}");
    private static final Pattern ADDRESS =
            Pattern.compile("[^\\s@\\x00-\\x1f]{1,64}@[^\\s@\\x00-\\x1f]{1,255}");
    private static final Duration LONGEST = Duration.ofDays(366);

    private TokenAnswers() {}

    /** Throws ProtocolError for what is no token for IMAP. */
    static TokenAnswer read(byte[] json, Instant now) {
        try {
            var fields = JSONObjectUtils.parse(new String(json, UTF_8));
            var token = JSONObjectUtils.getString(fields, "access_token");
            var type = JSONObjectUtils.getString(fields, "token_type");
            if (token == null
                    || !ACCESS_TOKEN.matcher(token).matches()
                    || type != null && !type.equalsIgnoreCase("Bearer")) {
                throw improper();
            }
            return new TokenAnswer(token, end(fields, now), refreshToken(fields), user(fields));
        } catch (ParseException _) {
            throw improper();
        }
    }

    /** The error's name where it is a plain word. */
    static String error(byte[] json) {
        try {
            var fields = JSONObjectUtils.parse(new String(json, UTF_8));
            var error = JSONObjectUtils.getString(fields, "error");
            return error != null && ERROR.matcher(error).matches() ? error : "unknown";
        } catch (ParseException _) {
            return "unknown";
        }
    }

    private static @Nullable String refreshToken(Map<String, Object> fields) throws ParseException {
        var token = JSONObjectUtils.getString(fields, "refresh_token");
        return token == null || token.isEmpty() ? null : token;
    }

    /** Some servers send a number as a string. */
    private static @Nullable Instant end(Map<String, Object> fields, Instant now) {
        var seconds = fields.get("expires_in");
        if (seconds == null || !seconds.toString().matches("\\d{1,9}")) {
            return null;
        }
        var life = Duration.ofSeconds(Long.parseLong(seconds.toString()));
        return now.plus(life.compareTo(LONGEST) > 0 ? LONGEST : life);
    }

    /**
     * The user's address in the ID token, or else beside it. The signature is not checked: the name
     * is only tried at the mail server, with the access token of the same answer.
     */
    private static @Nullable String user(Map<String, Object> fields) throws ParseException {
        var idToken = JSONObjectUtils.getString(fields, "id_token");
        if (idToken != null) {
            var claims = claims(idToken);
            for (var name : new String[] {"email", "preferred_username"}) {
                if (address(claims.get(name)) instanceof String found) {
                    return found;
                }
            }
        }
        return address(fields.get("email"));
    }

    private static Map<String, Object> claims(String idToken) {
        try {
            var claims = JWTParser.parse(idToken).getJWTClaimsSet();
            return claims == null ? Map.of() : claims.getClaims();
        } catch (ParseException | RuntimeException _) {
            return Map.of();
        }
    }

    private static @Nullable String address(@Nullable Object value) {
        return value instanceof String text && ADDRESS.matcher(text).matches() ? text : null;
    }

    private static ImapException.ProtocolError improper() {
        return new ImapException.ProtocolError(
                "the authorization server gave no proper answer", null, null);
    }
}
