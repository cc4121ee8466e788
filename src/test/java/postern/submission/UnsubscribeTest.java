package postern.submission;

import static org.assertj.core.api.Assertions.assertThat;
import static postern.testserver.FakeWeb.head;

import java.net.InetAddress;
import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import postern.egress.Dialer;
import postern.testserver.FakeDns;
import postern.testserver.FakeWeb;
import postern.testserver.ScriptedSmtpServer;
import postern.web.OnGreenMail;

/** Leaves lists of a web server and a submission server of the test's own. */
@OnGreenMail
@Import(UnsubscribeTest.Dialling.class)
class UnsubscribeTest {

    private static final ScriptedSmtpServer SMTP = ScriptedSmtpServer.usual();
    private static final FakeDns DNS = FakeDns.start();
    private static final FakeWeb WEB = FakeWeb.start("lists.example", "inner.example");

    @Autowired private MockMvcTester http;
    private SendingApi api;

    @TestConfiguration
    static class Dialling {

        @Bean
        @Primary
        Dialer toTheTestServer() {
            return (_, _, _) -> new Socket(InetAddress.getLoopbackAddress(), WEB.port());
        }
    }

    @DynamicPropertySource
    static void servers(DynamicPropertyRegistry properties) {
        WEB.bundle("lists").forEach((name, value) -> properties.add(name, () -> value));
        properties.add("postern.unsubscribe.ssl-bundle", () -> "lists");
        properties.add("postern.unsubscribe.dns", DNS::address);
        SMTP.register(properties);
    }

    @BeforeEach
    void anAccount() {
        DNS.host("lists.example", "93.184.216.34").host("inner.example", "10.0.0.1");
        api = new SendingApi(http);
    }

    @AfterEach
    void forget() {
        SMTP.reset();
    }

    private String newsletter(String unsubscribe, boolean oneClick) {
        var message =
                "From: news@lists.example\nTo: %s\nSubject: News\nList-Unsubscribe: %s\n"
                        .formatted(api.from(), unsubscribe);
        var post =
                "List-Unsubscribe-Post: List-Unsubscribe=One-Click\n"
                        + "DKIM-Signature: v=1; h=from:list-unsubscribe:list-unsubscribe-post; b=x\n";
        return api.ok(
                        api.post(
                                "/v1/mailboxes/inbox/messages",
                                "message/rfc822",
                                message + (oneClick ? post : "") + "\nHello\n"))
                .get("id")
                .asString();
    }

    private MvcTestResult unsubscribe(String id) {
        return unsubscribe(id, "{}");
    }

    private MvcTestResult unsubscribe(String id, String request) {
        return api.post("/v1/messages/%s/unsubscribe".formatted(id), "application/json", request);
    }

    @Test
    void oneClickIsOneRequestToTheListsWebServer() {
        WEB.answers(
                "lists.example/u/1?t=a",
                head("200 OK", "Content-Length: 9999999").followedBy("<html>Bye"));
        var id = newsletter("<mailto:l@lists.example>, <https://lists.example/u/1?t=a>", true);

        var told = api.ok(unsubscribe(id));

        assertThat(told.get("method").asString()).isEqualTo("oneClick");
        assertThat(told.get("httpStatus").asInt()).isEqualTo(200);
        assertThat(told.has("email")).isFalse();
        assertThat(WEB.contents())
                .last()
                .asString()
                .contains("Content-Type: application/x-www-form-urlencoded\n")
                .endsWith("\n\nList-Unsubscribe=One-Click")
                .doesNotContain("Cookie", "Authorization", "Referer");
        assertThat(SMTP.messages()).isEmpty();
        assertThat(api.get("/v1/messages/" + id).at("/list/oneClick").asBoolean()).isTrue();
    }

    @Test
    void aWebServerThatRefusesOrRedirectsIsFollowedByMail() {
        WEB.answers(
                "lists.example/u/2",
                head("302 Found", "Location: https://inner.example/", "Content-Length: 0"));
        var id =
                newsletter(
                        "<https://lists.example/u/2>, <mailto:l@lists.example?subject=leave%20me&body=now&bcc=x@y.example>",
                        true);

        var told = api.ok(unsubscribe(id));

        assertThat(told.get("method").asString()).isEqualTo("mail");
        assertThat(told.get("email").asString()).isEqualTo("l@lists.example");
        assertThat(told.get("from").asString()).isEqualTo(api.from());
        assertThat(told.get("smtpStatus").asString()).startsWith("250");
        assertThat(WEB.requests()).contains("lists.example/u/2").doesNotContain("inner.example/");
        assertThat(SMTP.commands())
                .contains("RCPT TO:<l@lists.example>")
                .anyMatch(it -> it.startsWith("MAIL FROM:<%s>".formatted(api.from())));
        assertThat(SMTP.messages().getFirst())
                .contains("Subject: leave me\r\n", "\r\n\r\nnow\r\n")
                .doesNotContain("Auto-Submitted", "y.example");
        assertThat(api.list("sent")).isEmpty();
    }

    @Test
    void aRefusalWithoutMailIsToldWithThePage() {
        WEB.answers("lists.example/u/3", head("500 No", "Content-Length: 0"));
        var id = newsletter("<https://lists.example/u/3>", true);

        var problem = api.problem(unsubscribe(id), 502, "unsubscribe-failed");

        assertThat(problem.get("detail").asString())
                .contains("answered 500", "https://lists.example/u/3");
        assertThat(problem.get("retryable").asBoolean()).isTrue();
    }

    @Test
    void noInnerHostIsAsked() {
        var before = WEB.requests().size();
        for (var uri :
                new String[] {
                    "https://inner.example/",
                    "https://127.0.0.1/",
                    "https://localhost/",
                    "https://lists.example:8443/",
                    "https://nowhere.example/"
                }) {
            var answer = unsubscribe(newsletter("<%s>".formatted(uri), true));
            assertThat(answer.getResponse().getStatus()).as(uri).isIn(422, 502);
        }

        assertThat(WEB.requests()).hasSize(before);
    }

    @Test
    void aHostThatIsNotPublicIsNotNamed() {
        var problem =
                api.problem(
                        unsubscribe(newsletter("<https://10.0.0.1/u?x=1>", true)),
                        422,
                        "not-possible");

        assertThat(problem.get("detail").asString())
                .contains("public host")
                .doesNotContain("10.0.0.1");
    }

    @Test
    void whatIsNotSignedForIsNotClicked() {
        var before = WEB.requests().size();
        var id = newsletter("<https://lists.example/page>", false);

        var problem = api.problem(unsubscribe(id), 422, "not-possible");

        assertThat(problem.get("detail").asString()).contains("https://lists.example/page");
        assertThat(WEB.requests()).hasSize(before);
        api.problem(unsubscribe(newsletter("<ftp://x.example/>", true)), 422, "not-possible");
        var quoted = "<mailto:%22a%20b%22@x.example>, <mailto:%22%3E%22@x.example>";
        api.problem(unsubscribe(newsletter(quoted, true)), 422, "not-possible");
    }

    @Test
    void theListIsLeftAsTheAddressThatIsOnIt() {
        var id = newsletter("<mailto:leave@lists.example>", false);

        api.problem(unsubscribe(id, "{'from': 'x'}"), 400, "invalid-request");
        api.problem(unsubscribe(id, "{'from': 'eve@x.example'}"), 403, "sending-not-permitted");
        var told = api.ok(unsubscribe(id, "{'from': '%s@b.example'}".formatted(api.user)));

        assertThat(told.get("from").asString()).isEqualTo(api.user + "@b.example");
        assertThat(SMTP.messages().getFirst()).contains("Subject: unsubscribe\r\n");
    }
}
