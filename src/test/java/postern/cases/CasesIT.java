package postern.cases;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ContextConfiguration;
import postern.account.SessionTokens;
import postern.testserver.AnyMailServer;
import postern.testserver.TestServer;
import postern.web.OnGreenMail;

/** What holds for every case, on every server. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ContextConfiguration(initializers = {OnGreenMail.Server.class, AnyMailServer.class})
class CasesIT {

    private static final List<String> SAMPLES =
            List.of("01-inline-photo-nowhere", "29-reply-to-dot-before-at", "30-date-asctime");

    @LocalServerPort private int port;
    @Autowired private SessionTokens tokens;

    @ParameterizedTest
    @MethodSource("postern.testserver.TestServer#all")
    void opensWhatItLists(TestServer server) {
        var mailbox = CaseMailbox.on(server, port, tokens);
        for (var name : SAMPLES) {
            var row = mailbox.append(name);
            assertThat(mailbox.message(row).path("id")).as(name).isEqualTo(row.path("id"));
        }
    }
}
