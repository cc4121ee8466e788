package postern.oauth;

/** The authorization server does not take this code or refresh token, and never will. */
public final class TokenRefused extends Exception {

    TokenRefused() {
        super("the authorization server does not accept this code or refresh token");
    }
}
