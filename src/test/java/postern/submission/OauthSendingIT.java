package postern.submission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import postern.testclient.PlainImapClient;
import postern.testserver.OauthPostfix;
import tools.jackson.databind.JsonNode;

/** Sends with access tokens through Postfix, which has Dovecot ask their issuer. */
@SpringBootTest
@AutoConfigureMockMvc
class OauthSendingIT {

    private static final OauthPostfix SERVER = OauthPostfix.start();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Autowired private MockMvcTester http;

    @DynamicPropertySource
    static void servers(DynamicPropertyRegistry properties) {
        for (var mechanism : new String[] {"oauthbearer", "xoauth2"}) {
            var prefix = "postern.servers." + mechanism + ".";
            // two names of this machine, since each mail server has one submission server
            properties.add(
                    prefix + "host", () -> mechanism.equals("xoauth2") ? "127.0.0.1" : "localhost");
            properties.add(prefix + "port", SERVER::port);
            properties.add(prefix + "security", () -> "none");
            properties.add(prefix + "oauth-issuer", () -> "https://issuer.example.org");
            properties.add(prefix + "submission.host", SERVER::host);
            properties.add(
                    prefix + "submission.port",
                    mechanism.equals("xoauth2") ? SERVER::xoauth2Port : SERVER::submissionPort);
            properties.add(prefix + "submission.security", () -> "none");
        }
    }

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    private SendingApi signedIn(String server, String token) {
        var api = new SendingApi(http, SERVER);
        SERVER.issue(token, api.user);
        api.logIn(
                "{'username': '%s', 'accessToken': '%s', 'server': '%s'}"
                        .formatted(api.user, token, server));
        return api;
    }

    private static String letter(SendingApi api) {
        return "{'from': [{'email': '%s'}], 'to': [{'email': '%s'}], 'subject': 'By token'}"
                .formatted(api.from(), api.from());
    }

    @ParameterizedTest
    @CsvSource({"oauthbearer, OAUTHBEARER", "xoauth2, XOAUTH2"})
    void anAccessTokenSends(String server, String mechanism) throws Exception {
        var api = signedIn(server, "token-" + server);

        JsonNode sent = api.ok(api.sendNew(letter(api)));

        assertThat(sent.at("/recipients/0/accepted").asBoolean()).isTrue();
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(SERVER.logs())
                                .contains(
                                        "sasl_method=%s, sasl_username=%s"
                                                .formatted(mechanism, api.user)));
        try (var program = PlainImapClient.of(SERVER, api.user)) {
            await().atMost(PATIENCE)
                    .until(() -> program.search("INBOX", "SUBJECT \"By token\"").size() == 1);
        }
    }

    @ParameterizedTest
    @CsvSource({"oauthbearer", "xoauth2"})
    void aTokenThatHasEndedIsTold(String server) {
        var token = "ended-" + server;
        var api = signedIn(server, token);
        SERVER.end(token);

        var problem = api.problem(api.sendNew(letter(api)), 403, "submission-login-refused");

        assertThat(problem.get("smtpStatus").asString()).startsWith("535");
    }

    /** The connection was logged in with it, and is kept. */
    @Test
    void aSessionThatHasEndedLeavesNoConnection() {
        var api = signedIn("oauthbearer", "left");
        api.ok(api.sendNew(letter(api)));

        int before = farewells();
        api.logOut();

        await().atMost(PATIENCE).until(() -> farewells() > before);
    }

    private static int farewells() {
        return SERVER.logs().split(" quit=1 ", -1).length;
    }
}
