package postern.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.oauth.ClientProperties.ClientAuthentication;

/** Proves who the client is (RFC 6749 §2.3.1). */
record ClientSecret(String clientId, String secret, ClientAuthentication how) {

    /** The value of the header; null where the form has the secret. */
    @Nullable String authorization() {
        if (how == ClientAuthentication.POST) {
            return null;
        }
        var pair = URLEncoder.encode(clientId, UTF_8) + ":" + URLEncoder.encode(secret, UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
    }

    void addTo(Map<String, String> form) {
        if (how == ClientAuthentication.POST) {
            form.put("client_id", clientId);
            form.put("client_secret", secret);
        }
    }

    @Override
    public String toString() {
        return "ClientSecret[]";
    }
}
