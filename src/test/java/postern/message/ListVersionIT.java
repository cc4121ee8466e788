package postern.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ContextConfiguration;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.account.SessionTokens;
import postern.testclient.SecondImapClient;
import postern.testserver.AnyMailServer;
import postern.testserver.FaultyProxy;
import postern.testserver.RealServer;
import postern.testserver.TestServer;

/** What real servers tell of an unchanged mailbox, and that no change is missed. */
@ContextConfiguration(initializers = AnyMailServer.class)
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = "postern.imap.host=localhost")
class ListVersionIT {

    private static final String LIST = "/mailboxes/inbox/messages?fields=subject&limit=5";

    @LocalServerPort private int port;
    @Autowired private SessionTokens tokens;
    private final HttpClient http = HttpClient.newHttpClient();

    @ParameterizedTest
    @EnumSource(names = {"DOVECOT_2_3", "DOVECOT_2_4", "CYRUS"})
    void anUnchangedListCostsOneRoundTripAndFewOctets(RealServer server) throws Exception {
        var user = server.newUser();
        try (var program = SecondImapClient.of(server, user);
                var proxy = FaultyProxy.inFrontOf(server.host(), server.port())) {
            for (int i = 1; i <= 12; i++) {
                deliver(program, i);
            }
            var token = token(proxy.host(), proxy.port(), user);
            var tag = get(token, LIST, null).headers().firstValue("ETag").orElseThrow();
            long before = proxy.roundTrips();
            long octets = proxy.toClient().octets();

            assertThat(get(token, LIST, tag).statusCode()).isEqualTo(304);

            assertThat(proxy.roundTrips() - before).isEqualTo(1);
            assertThat(proxy.toClient().octets() - octets).isLessThan(1_500);
        }
    }

    /** Also where the list is asked for right after each change, and on connections of the pool. */
    @ParameterizedTest
    @MethodSource("postern.testserver.TestServer#all")
    void noChangeIsTakenForNone(TestServer server) throws Exception {
        var user = server.newUser();
        var random = new Random(1);
        try (var program = SecondImapClient.of(server, user)) {
            for (int i = 1; i <= 8; i++) {
                deliver(program, i);
            }
            var token = token(server.host(), server.port(), user);
            String tag = null;
            String known = "";
            int unchanged = 0;
            for (int step = 1; step <= 40; step++) {
                var answer = get(token, LIST, tag);
                if (answer.statusCode() == 304) {
                    unchanged++;
                } else {
                    assertThat(answer.statusCode()).isEqualTo(200);
                    known = answer.body();
                }
                tag = answer.headers().firstValue("ETag").orElseThrow();
                assertThat(known).isEqualTo(get(token, LIST, null).body());
                change(program, random, step);
            }
            assertThat(unchanged).isPositive();
        }
    }

    private static void change(SecondImapClient program, Random random, int step)
            throws IOException {
        var there = program.look("INBOX");
        var one = there.get(random.nextInt(there.size()));
        switch (random.nextInt(4)) {
            case 0 -> deliver(program, 100 + step);
            case 1 -> {
                var had = one.keywords().contains("$flagged");
                program.store("INBOX", List.of(one.messageId()), !had, "$flagged");
            }
            case 2 -> {
                if (there.size() > 3) {
                    program.expunge("INBOX", List.of(one.messageId()));
                }
            }
            default -> {
                // nothing
            }
        }
    }

    private static void deliver(SecondImapClient program, int number) throws IOException {
        var message = "Message-ID: <m%d@example.org>\r\nSubject: number %d\r\n\r\nText\r\n";
        program.append("INBOX", Set.of(), message.formatted(number, number).getBytes(UTF_8));
    }

    private String token(String host, int imapPort, String user) {
        var imap = new ImapServer(host, imapPort, Security.NONE);
        var password = new Password(RealServer.DOVECOT_2_4.password());
        return tokens.seal(tokens.start(new Account(imap, user, password)));
    }

    private HttpResponse<String> get(String token, String path, @Nullable String tag)
            throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/v1" + path))
                        .header("Authorization", "Bearer " + token);
        if (tag != null) {
            request.header("If-None-Match", tag);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }
}
