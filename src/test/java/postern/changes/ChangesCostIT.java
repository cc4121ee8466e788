package postern.changes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ContextConfiguration;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.account.SessionTokens;
import postern.samplemail.SampleMail;
import postern.testclient.HttpApi;
import postern.testserver.AnyMailServer;
import postern.testserver.BareSocket;
import postern.testserver.FaultyProxy;
import postern.testserver.RealServer;

/**
 * What a request for changes costs the mail server. It is the same in a mailbox of any size: {@code
 * -Dcost.messages=100000} counts it in a large one.
 */
@ContextConfiguration(initializers = AnyMailServer.class)
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = "postern.imap.host=localhost")
class ChangesCostIT {

    private static final int CHANGED = 100;

    @LocalServerPort private int port;
    @Autowired private SessionTokens tokens;

    @ParameterizedTest
    @EnumSource(names = {"DOVECOT_2_3", "DOVECOT_2_4"})
    void itIsThatOfTheAnswerAndNotOfTheMailbox(RealServer server) throws IOException {
        int messages = Integer.getInteger("cost.messages", 3_000);
        var user = server.newUser();
        server.fill(user, new SampleMail(1).messages(messages));
        try (var proxy = FaultyProxy.inFrontOf(server.host(), server.port());
                var program = BareSocket.loggedIn(server, user)) {
            var imap = new ImapServer(proxy.host(), proxy.port(), Security.NONE);
            var account = new Account(imap, user, new Password(server.password()));
            var api = new HttpApi(port, tokens.seal(tokens.start(account)));
            var state =
                    api.get("/mailboxes/inbox/messages?withState=true&limit=1&fields=id")
                            .expect(200)
                            .json()
                            .get("state")
                            .asString();
            assertThat(changes(api, state)).isZero();
            var before = Cost.of(proxy);
            assertThat(changes(api, state)).isZero();
            var unchanged = Cost.of(proxy).since(before);

            assertThat(unchanged.roundTrips()).isEqualTo(1);
            assertThat(unchanged.octets()).isLessThan(1_024);

            program.command("SELECT INBOX");
            var some =
                    IntStream.range(0, CHANGED)
                            .mapToObj(i -> String.valueOf(1 + i * (messages / CHANGED)))
                            .toList();
            program.command("STORE " + String.join(",", some) + " +FLAGS (todo)");
            before = Cost.of(proxy);
            assertThat(changes(api, state)).isEqualTo(CHANGED);
            var changed = Cost.of(proxy).since(before);

            assertThat(changed.roundTrips()).isEqualTo(1);
            assertThat(changed.octets()).isLessThan(1_024 + CHANGED * 100);
        }
    }

    /** What was exchanged with the mail server; octets in both directions. */
    private record Cost(long roundTrips, long octets) {

        static Cost of(FaultyProxy proxy) {
            return new Cost(
                    proxy.roundTrips(), proxy.toClient().octets() + proxy.toServer().octets());
        }

        Cost since(Cost before) {
            return new Cost(roundTrips - before.roundTrips, octets - before.octets);
        }
    }

    private static int changes(HttpApi api, String state) throws IOException {
        var page = api.get("/mailboxes/inbox/changes?limit=1000&since=" + state).expect(200).json();
        return List.of("added", "updated", "removed").stream()
                .mapToInt(name -> page.get(name).size())
                .sum();
    }
}
