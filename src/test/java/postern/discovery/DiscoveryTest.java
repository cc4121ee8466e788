package postern.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.http.MediaType;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import postern.egress.Dialer;
import postern.testserver.FakeDns;
import postern.testserver.FakeWeb;
import postern.web.OnGreenMail;

/**
 * discoverServer with the remote steps on, against a DNS server and web server of the test's own.
 */
@OnGreenMail
@Import(DiscoveryTest.Dialling.class)
class DiscoveryTest {

    private static final FakeDns DNS = FakeDns.start();
    private static final FakeWeb WEB = FakeWeb.start("autoconfig.house.example");

    @Autowired private MockMvcTester http;

    @TestConfiguration
    static class Dialling {

        @Bean
        @Primary
        Dialer toTheTestServer() {
            return (_, _, _) -> new Socket(InetAddress.getLoopbackAddress(), WEB.port());
        }
    }

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) {
        WEB.bundle("web").forEach((name, value) -> registry.add(name, () -> value));
        registry.add("postern.discovery.ssl-bundle", () -> "web");
        registry.add("postern.discovery.dns", DNS::address);
        registry.add("postern.discovery.remote", () -> "true");
        registry.add("postern.discovery.timeout", () -> "20s");
        registry.add("postern.presets", () -> "gmail,icloud");
        var client = "postern.oauth.clients.ours.";
        registry.add(client + "server", () -> "gmail");
        registry.add(client + "client-id", () -> "1234");
        registry.add(client + "client-secret", () -> "not to be told");
        registry.add(client + "redirect-uris", () -> "https://app.example.org/in");
        registry.add("postern.oauth.clients.tenant.server", () -> "gmail");
        registry.add("postern.oauth.clients.tenant.client-id", () -> "5678");
        registry.add("postern.oauth.clients.tenant.client-secret", () -> "x");
        registry.add("postern.oauth.clients.tenant.redirect-uris", () -> "https://b.example/");
        registry.add("postern.oauth.clients.tenant.listed", () -> "false");
        registry.add("postern.servers.work.host", () -> "imap.work.example");
        registry.add("postern.servers.work.domains", () -> "work.example");
    }

    @Test
    void aPresetSaysWhereTheMailIsAndHowToSignIn() {
        var answer = discover("anne@gmail.com");

        assertThat(answer).hasStatusOk();
        assertThat(answer)
                .bodyJson()
                .isStrictlyEqualTo(
                        """
                        {"source": "preset", "server": "gmail", "provider": "Gmail",
                         "imap": {"host": "imap.gmail.com", "port": 993, "security": "tls"},
                         "smtp": {"host": "smtp.gmail.com", "port": 465, "security": "tls"},
                         "userName": "address",
                         "signIn": [
                           {"method": "oauth", "allowed": true, "oauth": {
                              "issuer": "https://accounts.google.com",
                              "authorizationEndpoint": "https://accounts.google.com/o/oauth2/v2/auth",
                              "tokenEndpoint": "https://oauth2.googleapis.com/token",
                              "scopes": ["https://mail.google.com/"],
                              "clients": [{
                                "provider": "ours",
                                "clientId": "1234",
                                "authorizationEndpoint": "https://accounts.google.com/o/oauth2/v2/auth",
                                "authorizationParameters": {
                                  "access_type": "offline", "prompt": "consent"},
                                "scopes": ["https://mail.google.com/"],
                                "redirectUris": ["https://app.example.org/in"]}]}},
                           {"method": "appPassword", "allowed": true}],
                         "hint": "Switch on 2-step verification and make an app password, or sign in with Google."}
                        """);
        assertThat(DNS.questions()).noneMatch(it -> it.contains("gmail"));
    }

    @Test
    void aPresetThatIsNotAllowedSaysSoAndHasNoNameToLogInWith() {
        assertThat(discover("anne@posteo.de"))
                .hasStatusOk()
                .bodyJson()
                .hasPathSatisfying("$.provider", it -> it.assertThat().isEqualTo("Posteo"))
                .hasPathSatisfying("$.signIn[0].allowed", it -> it.assertThat().isEqualTo(false))
                .doesNotHavePath("$.server");
    }

    @Test
    void aConfiguredServerHasItsDomains() {
        assertThat(discover("anne@WORK.example"))
                .hasStatusOk()
                .bodyJson()
                .hasPathSatisfying("$.source", it -> it.assertThat().isEqualTo("server"))
                .hasPathSatisfying("$.server", it -> it.assertThat().isEqualTo("work"))
                .hasPathSatisfying(
                        "$.signIn[0].method", it -> it.assertThat().isEqualTo("password"))
                .hasPathSatisfying("$.signIn[0].allowed", it -> it.assertThat().isEqualTo(true));
    }

    @Test
    void aDomainsOwnFileIsReadAndItsServerIsNotAllowed() {
        DNS.host("autoconfig.house.example", "93.184.216.34");
        WEB.file("autoconfig.house.example/mail/config-v1.1.xml", AutoconfigTest.WHOLE);

        assertThat(discover("anne.secret@house.example"))
                .hasStatusOk()
                .bodyJson()
                .hasPathSatisfying("$.source", it -> it.assertThat().isEqualTo("autoconfig"))
                .hasPathSatisfying(
                        "$.imap.host", it -> it.assertThat().isEqualTo("imap.house.example"))
                .hasPathSatisfying(
                        "$.signIn[*].allowed",
                        it -> it.assertThat().isEqualTo(List.of(false, false)))
                .doesNotHavePath("$.signIn[1].oauth")
                .doesNotHavePath("$.server");
        assertThat(DNS.questions()).noneMatch(it -> it.contains("secret"));
        assertThat(WEB.requests()).noneMatch(it -> it.contains("secret"));
    }

    @Test
    void aDomainHostedByAProviderIsFoundByItsMxAndAskedOnce() {
        DNS.mailExchangers("firm.example", "10 aspmx.l.google.com");

        for (int i = 0; i < 2; i++) {
            // a question may be sent twice, but its first answer is kept
            assertThat(discover("anne@firm.example"))
                    .hasStatusOk()
                    .bodyJson()
                    .hasPathSatisfying("$.source", it -> it.assertThat().isEqualTo("mx"))
                    .hasPathSatisfying("$.server", it -> it.assertThat().isEqualTo("gmail"));
            DNS.mailExchangers("firm.example", "10 mx.nowhere.example");
        }
    }

    @Test
    void aDomainThatTellsNothingIsNotFound() {
        assertThat(discover("anne@nothing.example"))
                .hasStatus(404)
                .bodyJson()
                .extractingPath("$.code")
                .isEqualTo("server-not-found");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "anne",
                "@house.example",
                "anne@",
                "anne@localhost",
                "anne@127.0.0.1",
                "anne@[127.0.0.1]",
                "anne@0x7f.1",
                "anne@router.local",
                "anne@house.example:443"
            })
    void whatIsNoAddressOfAnInternetDomainIsABadField(String email) {
        assertThat(discover(email))
                .hasStatus(400)
                .bodyJson()
                .extractingPath("$.errors[0].pointer")
                .isEqualTo("/email");
    }

    private MvcTestResult discover(String email) {
        return http.post()
                .uri("/v1/discovery")
                .contentType(MediaType.APPLICATION_JSON)
                .content("{\"email\": \"%s\"}".formatted(email))
                .exchange();
    }
}
