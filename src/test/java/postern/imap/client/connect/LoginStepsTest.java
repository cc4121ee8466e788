package postern.imap.client.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import postern.imap.ImapException;
import postern.testserver.ScriptedImapServer;
import postern.trace.RequestTrace;
import postern.trace.Step;

@Timeout(30)
class LoginStepsTest {

    private final ScriptedImapServer server = ScriptedImapServer.start();
    private final List<Step> steps = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        server.verify();
        server.close();
    }

    @Test
    void onlyTheCommandThatFailedHasTheOutcomeOfTheLogin() {
        server.greeting("* OK hello");
        server.expect("CAPABILITY").reply("* CAPABILITY IMAP4rev1", "OK done");
        server.expectMatching("LOGIN .*").reply("NO [AUTHENTICATIONFAILED] no");

        assertThatThrownBy(this::connect).isInstanceOf(ImapException.AuthenticationFailed.class);

        assertThat(steps)
                .singleElement()
                .satisfies(step -> {
                    assertThat(step.outcome()).isNotEqualTo("ok");
                    assertThat(step.commands())
                            .containsExactly(
                                    new Step.Command("CAPABILITY", "", "ok"),
                                    new Step.Command("LOGIN", "", step.outcome()));
                });
    }

    @Test
    void aCommandThatTheServerRefusesOnTheWayHasItsOwnOutcome() {
        server.greeting("* OK hello");
        server.expect("CAPABILITY").reply("BAD what");
        server.expectMatching("LOGIN .*").reply("OK [CAPABILITY IMAP4rev1] done");

        connect();

        assertThat(steps.getFirst().commands())
                .startsWith(
                        new Step.Command("CAPABILITY", "", "bad"),
                        new Step.Command("LOGIN", "", "ok"));
    }

    private void connect() {
        try (var _ = RequestTrace.begin(steps::add)) {
            Connectors.connector()
                    .connect(Connectors.account(server.host(), server.port(), "u", "p"))
                    .close();
        }
    }
}
