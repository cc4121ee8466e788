package postern.imap.client.connect;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import postern.account.AccessToken;
import postern.account.Account;
import postern.account.Password;

/** The client's side of a SASL mechanism (RFC 4422). */
sealed interface SaslMechanism permits SaslMechanism.Plain, SaslMechanism.Bearer, ScramSha256 {

    /** The name as in the capability {@code AUTH=}. */
    String name();

    String initialResponse();

    /** The response to a further challenge of the server, before base64; null to cancel. */
    @Nullable String answer(String challenge);

    /** Called when the server has accepted the credential; throws if it is not to be trusted. */
    default void accepted() {}

    static String encoded(String response) {
        return Base64.getEncoder().encodeToString(response.getBytes(StandardCharsets.UTF_8));
    }

    /** A password in UTF-8, and the user to act for (RFC 4616). */
    record Plain(Account account, Password password) implements SaslMechanism {

        @Override
        public String name() {
            return "PLAIN";
        }

        @Override
        public String initialResponse() {
            var actingFor = account.actsForAnother() ? account.user() : "";
            return actingFor + '\0' + account.login() + '\0' + password.value();
        }

        @Override
        public @Nullable String answer(String challenge) {
            return null;
        }
    }

    /** A mechanism for access tokens; its only further challenge explains a refusal. */
    sealed interface Bearer extends SaslMechanism {

        /** Acknowledges the refusal. The token is not sent again. */
        @Override
        String answer(String challenge);
    }

    /** The standard mechanism for access tokens (RFC 7628). */
    record OauthBearer(Account account, AccessToken token) implements Bearer {

        @Override
        public String name() {
            return "OAUTHBEARER";
        }

        @Override
        public String initialResponse() {
            // GS2 gives a meaning to these two characters (RFC 5801 §4).
            var user = account.user().replace("=", "=3D").replace(",", "=2C");
            return "n,a=%s,\u0001host=%s\u0001port=%d\u0001auth=Bearer %s\u0001\u0001"
                    .formatted(
                            user, account.server().host(), account.server().port(), token.value());
        }

        @Override
        public String answer(String challenge) {
            return "\u0001";
        }
    }

    /** The mechanism that Google made before there was a standard. */
    record XOauth2(Account account, AccessToken token) implements Bearer {

        @Override
        public String name() {
            return "XOAUTH2";
        }

        @Override
        public String initialResponse() {
            return "user=%s\u0001auth=Bearer %s\u0001\u0001"
                    .formatted(account.user(), token.value());
        }

        @Override
        public String answer(String challenge) {
            return "";
        }
    }
}
