package postern.session;

import org.jspecify.annotations.Nullable;
import postern.web.problem.InvalidRequest;

/** The code of a login, with what is needed to redeem it (RFC 6749 §4.1.3, RFC 7636). */
record AuthorizationCode(String provider, String value, String verifier, String redirectUri) {

    /** The characters of a code verifier (RFC 7636 §4.1). */
    static final String VERIFIER = "[A-Za-z0-9._~-]{43,128}";

    static final String VERIFIER_RULE = "must be a code verifier (RFC 7636)";

    /** The characters of a code (RFC 6749, appendix A.11). */
    static final String CODE = "[\\x20-\\x7e]+";

    static final String CODE_RULE = "must be printable ASCII";

    /** Null for a login without a code. */
    static @Nullable AuthorizationCode of(Login login) {
        if (login.provider() == null) {
            requireAbsent(login.grantType(), "/grantType", "is given without a provider");
            requireAbsent(login.code(), "/code", "is given without a provider");
            requireAbsent(login.codeVerifier(), "/codeVerifier", "is given without a provider");
            requireAbsent(login.redirectUri(), "/redirectUri", "is given without a provider");
            return null;
        }
        requireAbsent(login.password(), "/password", "is given beside a provider");
        requireAbsent(login.accessToken(), "/accessToken", "is given beside a provider");
        requireAbsent(
                login.accessTokenExpiresAt(),
                "/accessTokenExpiresAt",
                "is given without an access token");
        return new AuthorizationCode(
                login.provider(),
                required(login.code(), "/code"),
                required(login.codeVerifier(), "/codeVerifier"),
                required(login.redirectUri(), "/redirectUri"));
    }

    private static void requireAbsent(@Nullable Object value, String pointer, String otherwise) {
        if (value != null) {
            throw InvalidRequest.at(pointer, otherwise);
        }
    }

    private static String required(@Nullable String value, String pointer) {
        if (value == null) {
            throw InvalidRequest.at(pointer, "is missing");
        }
        return value;
    }

    @Override
    public String toString() {
        return "AuthorizationCode[]";
    }
}
