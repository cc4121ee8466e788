package postern.imap.client.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import postern.account.AccessToken;
import postern.account.Account;
import postern.account.Credential;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.imap.ImapException;
import postern.imap.PoolableConnection;
import postern.testserver.Quirk;
import postern.testserver.ScriptedImapServer;

/** How a user is logged in: LOGIN, AUTHENTICATE PLAIN, OAUTHBEARER, XOAUTH2. */
@Timeout(30)
class AuthenticationExchangeTest {

    private static final String TOKEN = "ya29.a0_A/b+c~d-e==";
    private static final String XOAUTH2 = "user=anne@example.org\1auth=Bearer " + TOKEN + "\1\1";

    private final ScriptedImapServer server = ScriptedImapServer.start();

    @AfterEach
    void verify() {
        server.close();
    }

    @Test
    void anAccessTokenGoesInOneRoundTripWhereTheServerPermits() {
        server.capabilities("IMAP4rev1", "SASL-IR", "AUTH=XOAUTH2", "AUTH=OAUTHBEARER");
        server.expect("AUTHENTICATE OAUTHBEARER " + base64(oauthBearer("anne@example.org")))
                .reply("OK [CAPABILITY IMAP4rev1 MOVE] welcome");

        try (var connection = connect(token())) {
            assertThat(connection.capabilities().move()).isTrue();
        }
        assertThat(server.commands()).doesNotContain("CAPABILITY");
    }

    @Test
    void anAccessTokenWaitsForTheServerWithoutSaslIr() {
        server.capabilities("IMAP4rev1", "AUTH=XOAUTH2");
        server.expect("AUTHENTICATE XOAUTH2").reply("+ ");
        server.expect(base64(XOAUTH2)).reply("* CAPABILITY IMAP4rev1 MOVE", "OK welcome");

        try (var connection = connect(token())) {
            assertThat(connection.capabilities().move()).isTrue();
        }
        assertThat(server.commands()).doesNotContain("CAPABILITY");
    }

    @Test
    void oauthBearerWaitsForTheServerWithoutSaslIr() {
        server.capabilities("IMAP4rev1", "AUTH=OAUTHBEARER");
        server.expect("AUTHENTICATE OAUTHBEARER").reply("+");
        server.expect(base64(oauthBearer("anne@example.org"))).reply("OK welcome");
        server.expect("CAPABILITY").reply("* CAPABILITY IMAP4rev1 MOVE", "OK done");

        try (var connection = connect(token())) {
            assertThat(connection.capabilities().move()).isTrue();
        }
    }

    @Test
    void aUserNameCannotEndTheHeaderOfOauthBearer() {
        server.capabilities("IMAP4rev1", "SASL-IR", "AUTH=OAUTHBEARER");
        server.expect("AUTHENTICATE OAUTHBEARER " + base64(oauthBearer("a=2Cb=3Dc"))).reply("OK");

        connect("a,b=c", token()).close();
    }

    @Test
    void aUserNameCannotEndTheFieldOfXoauth2() {
        server.capabilities("IMAP4rev1", "SASL-IR", "AUTH=XOAUTH2");

        assertThatThrownBy(() -> connect("a\1auth=Bearer x", token()))
                .isInstanceOf(ImapException.AccessTokenRefused.class);
        assertThat(server.commands()).isEmpty();
    }

    @Test
    @Quirk(
            server = "Gmail",
            does = "explains in JSON why it refuses an access token, and wants an answer to that",
            answer = "401 `access-token-refused` with its status; the token is not sent again")
    void anExplainedRefusalIsAcknowledgedWithoutTheToken() {
        server.capabilities("IMAP4rev1", "SASL-IR", "AUTH=XOAUTH2");
        server.expect("AUTHENTICATE XOAUTH2 " + base64(XOAUTH2))
                .reply(
                        "+ "
                                + base64(
                                        "{\"status\":\"400\",\"schemes\":\"Bearer\",\"scope\":\"https://mail.google.com/\"}"));
        server.expect("").reply("NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)");

        assertThatThrownBy(() -> connect(token()))
                .isInstanceOfSatisfying(
                        ImapException.AccessTokenRefused.class,
                        it -> {
                            assertThat(it).hasMessageEndingWith("(400)");
                            assertThat(it.responseCode()).isNotNull();
                        });
    }

    @Test
    void anExplainedRefusalOfOauthBearerIsAcknowledgedWithOneOctet() {
        server.capabilities("IMAP4rev1", "AUTH=OAUTHBEARER");
        server.expect("AUTHENTICATE OAUTHBEARER").reply("+ ");
        server.expect(base64(oauthBearer("anne@example.org")))
                .reply(
                        "+ "
                                + base64(
                                        "{\"scope\":\"mail\", \"status\" : \"invalid_token\", \"openid-configuration\":\"http://x\"}"));
        server.expect("AQ==").reply("NO [AUTHENTICATIONFAILED] Authentication failed.");

        assertThatThrownBy(() -> connect(token()))
                .isInstanceOf(ImapException.AccessTokenRefused.class)
                .hasMessage("the mail server does not accept this access token (invalid_token)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"status\":\"see https://evil.example/\"}",
                "{\"status\":{\"status\":[]}}",
                "not JSON at all",
                "%%%",
                "``"
            })
    void whatIsNoStatusIsNotShown(String challenge) {
        server.capabilities("IMAP4rev1", "SASL-IR", "AUTH=XOAUTH2");
        server.expectMatching("AUTHENTICATE XOAUTH2 .*")
                .reply("+ " + (challenge.startsWith("%") ? challenge : base64(challenge)));
        server.expect("").reply("NO no");

        assertThatThrownBy(() -> connect(token()))
                .isInstanceOf(ImapException.AccessTokenRefused.class)
                .hasMessage("the mail server does not accept this access token");
    }

    @Test
    @Quirk(
            server = "Outlook.com",
            does = "refuses an access token with `NO AUTHENTICATE failed.`, and says no more",
            answer = "401 `access-token-refused`")
    void aRefusalNeedsNoExplanation() {
        server.capabilities("IMAP4rev1", "SASL-IR", "AUTH=XOAUTH2");
        server.expectMatching("AUTHENTICATE XOAUTH2 .*").reply("NO AUTHENTICATE failed.");

        assertThatThrownBy(() -> connect(token()))
                .isInstanceOf(ImapException.AccessTokenRefused.class)
                .hasMessage("the mail server does not accept this access token");
    }

    @Test
    void aServerThatIsAwayHasNotRefusedTheToken() {
        server.capabilities("IMAP4rev1", "SASL-IR", "AUTH=OAUTHBEARER");
        server.expectMatching("AUTHENTICATE .*").reply("NO [UNAVAILABLE] Temporary failure");
        assertThatThrownBy(() -> connect(token()))
                .isInstanceOf(ImapException.ServerUnavailable.class);

        server.expectMatching("AUTHENTICATE .*").reply("+ " + base64("{\"status\":\"503\"}"));
        server.expect("AQ==").reply("NO failed");
        assertThatThrownBy(() -> connect(token()))
                .isInstanceOf(ImapException.ServerUnavailable.class);

        server.expectMatching("AUTHENTICATE .*").bye("Too many simultaneous connections");
        assertThatThrownBy(() -> connect(token()))
                .isInstanceOf(ImapException.ConnectionLimit.class);

        server.expectMatching("AUTHENTICATE .*").bye("Server shutting down");
        assertThatThrownBy(() -> connect(token()))
                .isInstanceOf(ImapException.ServerUnavailable.class);

        server.expectMatching("AUTHENTICATE .*").drop();
        assertThatThrownBy(() -> connect(token()))
                .isInstanceOf(ImapException.ServerUnreachable.class);
    }

    @Test
    void aServerWithoutAMechanismForTokensGetsNone() {
        server.capabilities("IMAP4rev1", "SASL-IR", "AUTH=PLAIN");

        assertThatThrownBy(() -> connect(token())).isInstanceOf(ImapException.NotPossible.class);
        assertThat(server.commands()).isEmpty();
    }

    @Test
    void aServerThatIsTiedToNoIssuerIsNotEvenConnectedTo() {
        var account = account("anne@example.org", token());

        assertThatThrownBy(() -> Connectors.connector().connect(account))
                .isInstanceOf(ImapException.NotPossible.class);
        var elsewhere = Connectors.oauthConnector("imap.example.org", server.port());
        assertThatThrownBy(() -> elsewhere.connect(account))
                .isInstanceOf(ImapException.NotPossible.class);
        assertThat(server.connections()).isZero();
    }

    @Test
    void aPasswordOfOtherLettersGoesInUtf8AndInOneRoundTrip() {
        server.capabilities("IMAP4rev1", "SASL-IR", "AUTH=PLAIN");
        server.expect("AUTHENTICATE PLAIN " + base64("\0anne\0sesam \u00f6ffne dich"))
                .reply("OK welcome");

        connect("anne", new Password("sesam \u00f6ffne dich")).close();
    }

    /** Of these letters the lower octet is ASCII: {@code a}, or a line end. */
    @Test
    void byLoginOtherLettersGoInUtf8Too() {
        server.capabilities("IMAP4rev1");
        server.expect("LOGIN {5}\r\n\u0161nne {6}\r\nx\u010d\u010ay").reply("OK welcome");

        connect("\u0161nne", new Password("x\u010d\u010ay")).close();
    }

    @Test
    void aPasswordWaitsForTheServerWithoutSaslIr() {
        server.capabilities("IMAP4rev1", "LOGINDISABLED", "AUTH=PLAIN");
        server.expect("AUTHENTICATE PLAIN").reply("+ ");
        server.expect(base64("\0anne\0secret")).reply("OK welcome");

        connect("anne", new Password("secret")).close();
    }

    @Test
    void aRefusedPasswordIsNotARefusedToken() {
        server.capabilities("IMAP4rev1", "LOGINDISABLED", "AUTH=PLAIN", "SASL-IR");
        server.expectMatching("AUTHENTICATE PLAIN .*").reply("NO [AUTHENTICATIONFAILED] wrong");
        assertThatThrownBy(() -> connect("anne", new Password("wrong")))
                .isInstanceOf(ImapException.AuthenticationFailed.class);

        server.expectMatching("AUTHENTICATE PLAIN .*").reply("+ " + base64("and now?"));
        server.expect("*").reply("BAD cancelled");
        assertThatThrownBy(() -> connect("anne", new Password("wrong")))
                .isInstanceOf(ImapException.AuthenticationFailed.class);
    }

    @Test
    void aPasswordDoesNotCrossAnUnprotectedConnectionWhereScramIsAnnounced() {
        server.capabilities("IMAP4rev1", "SASL-IR", "AUTH=PLAIN", "AUTH=SCRAM-SHA-256");
        server.expectMatching("AUTHENTICATE SCRAM-SHA-256 .*")
                .reply("NO [AUTHENTICATIONFAILED] wrong");

        assertThatThrownBy(() -> connect("anne", new Password("secret")))
                .isInstanceOf(ImapException.AuthenticationFailed.class);
        assertThat(server.commands()).hasSize(1);
    }

    @Test
    @Quirk(
            server = "a false server",
            does = "accepts SCRAM without proving that it knows the password",
            answer = "502 `protocol-error`; the connection is not used")
    void aServerThatDoesNotProveThatItKnowsThePasswordIsNotUsed() {
        server.capabilities("IMAP4rev1", "AUTH=SCRAM-SHA-256");
        server.expect("AUTHENTICATE SCRAM-SHA-256").reply("+ ");
        server.expectMatching(".*").reply("OK welcome");

        assertThatThrownBy(() -> connect("anne", new Password("secret")))
                .isInstanceOf(ImapException.ProtocolError.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "cj1vdGhlcixzPWMyRnNkQT09LGk9NDA5Ng=="})
    void nonsenseInScramIsAProtocolError(String challenge) {
        server.capabilities("IMAP4rev1", "SASL-IR", "AUTH=SCRAM-SHA-256");
        server.expectMatching("AUTHENTICATE SCRAM-SHA-256 .*").reply("+ " + challenge);

        assertThatThrownBy(() -> connect("anne", new Password("secret")))
                .isInstanceOf(ImapException.ProtocolError.class);
    }

    @Test
    void whoActsForAnotherSaysSo() {
        server.capabilities("IMAP4rev1", "SASL-IR", "AUTH=PLAIN", "AUTH=XOAUTH2");
        server.expect("AUTHENTICATE PLAIN " + base64("support\0anne\0secret")).reply("OK");
        server.expect("AUTHENTICATE XOAUTH2 " + base64(XOAUTH2.replace("anne@", "support@")))
                .reply("OK");

        connect(acting("support", new Password("secret"), "anne")).close();
        connect(acting("support@example.org", token(), "anne@example.org")).close();
    }

    @Test
    void nobodyActsForAnotherByLogin() {
        server.capabilities("IMAP4rev1");

        assertThatThrownBy(() -> connect(acting("support", new Password("secret"), "anne")))
                .isInstanceOf(ImapException.NotPossible.class);
        assertThat(server.commands()).isEmpty();
    }

    private PoolableConnection connect(Credential credential) {
        return connect("anne@example.org", credential);
    }

    private PoolableConnection connect(String user, Credential credential) {
        return connect(account(user, credential));
    }

    private PoolableConnection connect(Account account) {
        return Connectors.oauthConnector(server.host(), server.port()).connect(account);
    }

    private Account account(String user, Credential credential) {
        return acting(user, credential, user);
    }

    private Account acting(String user, Credential credential, String login) {
        var address = new ImapServer(server.host(), server.port(), Security.NONE);
        return new Account(address, user, credential, login);
    }

    private static AccessToken token() {
        return AccessToken.of(TOKEN, null);
    }

    private String oauthBearer(String user) {
        return "n,a=%s,\1host=%s\1port=%d\1auth=Bearer %s\1\1"
                .formatted(user, server.host(), server.port(), TOKEN);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
