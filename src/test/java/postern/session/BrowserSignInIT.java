package postern.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.ConfigurableApplicationContext;
import postern.shared.InMemorySharedState;
import postern.testbrowser.Chromium;
import postern.testbrowser.Site;
import postern.testbrowser.Tab;
import postern.testserver.Ports;
import postern.testserver.Replicas;
import postern.testserver.SpringAuthorizationServer;
import postern.testserver.TokenMailServer;

/**
 * An app in a browser: it knows an address, sends its user to the authorization server's own pages,
 * and gets a session and mail with the code that the user brings back (PKCE).
 */
@Timeout(180)
class BrowserSignInIT {

    private static final String COMMON =
            """
            <!DOCTYPE html><title>app</title><button id="go">Sign in</button><script>
            const gateway = "%s";
            const base64 = (octets) => btoa(String.fromCharCode(...new Uint8Array(octets)))
                .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
            const random = () => base64(crypto.getRandomValues(new Uint8Array(48)));
            const send = async (path, body, token) => (await fetch(gateway + path, {
                method: body ? "POST" : "GET",
                headers: {"Content-Type": "application/json",
                    ...(token ? {Authorization: "Bearer " + token} : {})},
                body: body && JSON.stringify(body)})).json();
            """;

    private static final String START =
            """
            go.onclick = async () => {
                const found = await send("/v1/discovery", {email: "u1@example.org"});
                const client = found.signIn.find(it => it.method === "oauth").oauth.clients[0];
                sessionStorage.provider = client.provider;
                sessionStorage.verifier = random();
                sessionStorage.state = random();
                const hash = await crypto.subtle.digest("SHA-256",
                    new TextEncoder().encode(sessionStorage.verifier));
                location = client.authorizationEndpoint + "?" + new URLSearchParams({
                    response_type: "code", client_id: client.clientId,
                    redirect_uri: client.redirectUris[0], scope: client.scopes.join(" "),
                    state: sessionStorage.state, code_challenge: base64(hash),
                    code_challenge_method: "S256"});
            };
            </script>
            """;

    private static final String BACK =
            """
            (async () => {
                const back = new URLSearchParams(location.search);
                if (back.get("state") !== sessionStorage.state) throw "another state";
                const session = await send("/v1/sessions", {provider: sessionStorage.provider,
                    code: back.get("code"), codeVerifier: sessionStorage.verifier,
                    redirectUri: location.origin + location.pathname});
                const list = await send("/v1/mailboxes?counts=false", null, session.token);
                document.title = session.account.username + ": "
                    + list.items.map(it => it.name).join(", ");
            })().catch(error => document.title = "failed: " + error);
            </script>
            """;

    private static SpringAuthorizationServer issuer;
    private static TokenMailServer mail;
    private static Site app;
    private static String inbox;
    private static ConfigurableApplicationContext gateway;
    private static Chromium browser;

    @BeforeAll
    static void start() {
        browser = Chromium.start();
        issuer = SpringAuthorizationServer.start();
        mail = TokenMailServer.start(issuer::user);
        app = Site.start();
        int port = Ports.free();
        inbox = "http://127.0.0.1:%d/inbox/".formatted(port);
        var client = "postern.oauth.clients.house.";
        var server = "postern.servers.work.";
        gateway =
                Replicas.start(
                        new InMemorySharedState(InstantSource.system()),
                        Map.of(
                                server + "host",
                                mail.host(),
                                server + "port",
                                mail.port(),
                                server + "security",
                                "none",
                                server + "domains",
                                "example.org",
                                server + "oauth-issuer",
                                "https://issuer.example.org",
                                "postern.cors.allowed-origins",
                                app.origin("127.0.0.1"),
                                "postern.inbox.enabled",
                                "true",
                                "server.port",
                                port),
                        Map.of(
                                client + "server",
                                "work",
                                client + "scopes",
                                "openid,mail",
                                client + "authorization-endpoint",
                                issuer.url("/oauth2/authorize"),
                                client + "client-id",
                                SpringAuthorizationServer.CLIENT,
                                client + "client-secret",
                                SpringAuthorizationServer.SECRET,
                                client + "redirect-uris",
                                app.origin("127.0.0.1") + "/in," + inbox,
                                client + "token-endpoint",
                                issuer.url("/oauth2/token"),
                                client + "revocation-endpoint",
                                issuer.url("/oauth2/revoke"),
                                client + "internal",
                                "true"));
        var common = COMMON.formatted(Replicas.uri(gateway, ""));
        app.page("/", common + START).page("/in", common + BACK);
    }

    @AfterAll
    static void stop() throws IOException {
        if (gateway != null) {
            gateway.close();
            app.close();
            mail.close();
            issuer.close();
            browser.close();
        }
    }

    @Test
    void theUserSignsInAtTheAuthorizationServersPagesAndTheAppListsMailboxes() {
        try (var tab = browser.open()) {
            tab.visit(app.origin("127.0.0.1") + "/");
            tab.evaluate("go.click()");

            signInAtTheAuthorizationServer(tab, "u1");

            tab.awaitUrl(app.origin("127.0.0.1") + "/in");
            tab.awaitTrue("document.title !== 'app'");
            assertThat(tab.evaluate("document.title").asString())
                    .isEqualTo("u1@example.org: INBOX");
        }
        assertThat(issuer.living("u1")).isEqualTo(1);
    }

    /** The web inbox is such an app, in the gateway itself. */
    @Test
    void theInboxSignsInTheSameWayAndShowsTheMailboxes() {
        try (var tab = browser.open()) {
            tab.visit(inbox);
            tab.awaitTrue("document.querySelector('[name=username]') !== null");
            fillIn(tab, "username", "u2@example.org");
            tab.evaluate("document.querySelector('[name=password]').focus()");
            tab.awaitTrue("document.querySelector('.signin .secondary') !== null");
            tab.evaluate("document.querySelector('.signin .secondary').click()");

            signInAtTheAuthorizationServer(tab, "u2");

            tab.awaitUrl(inbox);
            tab.awaitTrue("document.querySelector('.mailbox') !== null");
            assertThat(tab.evaluate("document.querySelector('.sidebar').textContent").asString())
                    .contains("Inbox");
            // neither the code nor the token is left where it could be read
            assertThat(tab.evaluate("location.href").asString()).isEqualTo(inbox);
            assertThat(tab.evaluate("JSON.stringify([localStorage, sessionStorage])").asString())
                    .isEqualTo("[{},{}]");
        }
        assertThat(issuer.living("u2")).isEqualTo(1);
    }

    private static void signInAtTheAuthorizationServer(Tab tab, String user) {
        tab.awaitUrl(issuer.url("/login"));
        fillIn(tab, "username", user);
        fillIn(tab, "password", SpringAuthorizationServer.PASSWORD);
        tab.evaluate("document.querySelector('form [type=submit]').click()");

        tab.awaitUrl(issuer.url("/oauth2/authorize"));
        tab.evaluate("document.querySelector('[name=scope][value=mail]').click()");
        tab.evaluate("document.querySelector('#submit-consent').click()");
    }

    private static void fillIn(Tab tab, String field, String text) {
        tab.evaluate("document.querySelector('[name=%s]').focus()".formatted(field));
        tab.type(text);
    }
}
