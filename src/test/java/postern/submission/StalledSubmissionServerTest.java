package postern.submission;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import postern.testserver.ScriptedSmtpServer;
import postern.web.OnGreenMail;

/**
 * A submission server that stops answering. The short times hold for nothing else: a step before
 * the one that stalls may end by them as well, and the result is the same.
 */
@OnGreenMail
@TestPropertySource(
        properties = {
            "postern.submission.connection.command-timeout=1s",
            "postern.submission.connection.login-timeout=1s"
        })
class StalledSubmissionServerTest {

    private static final ScriptedSmtpServer SMTP = ScriptedSmtpServer.usual();

    @Autowired private MockMvcTester http;

    @DynamicPropertySource
    static void submission(DynamicPropertyRegistry properties) {
        SMTP.register(properties);
    }

    @AfterEach
    void forget() {
        SMTP.reset();
    }

    @ParameterizedTest
    @ValueSource(strings = {"CONNECT", "EHLO", "AUTH", "MAIL", "RCPT", "DATA"})
    void hasSentNothingAndLeavesADraftThatCanBeSent(String step) {
        var api = new SendingApi(http);
        var draft =
                api.draft(
                        "{'from': [{'email': '%s'}], 'to': [{'email': 'b@example.org'}]}"
                                .formatted(api.from()));
        SMTP.stalls(step);

        api.problem(api.send(draft), 504, "server-timed-out");

        assertThat(SMTP.messages()).isEmpty();
        assertThat(api.list("drafts").getFirst().get("keywords").propertyNames())
                .contains("$draft")
                .doesNotContain("$SubmitPending", "$Submitted");
    }
}
