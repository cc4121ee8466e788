package postern.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ContextConfiguration;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.account.SessionTokens;
import postern.testclient.HttpApi;
import postern.testclient.SecondImapClient;
import postern.testserver.AnyMailServer;
import postern.testserver.RealServer;

/**
 * Whatever an app and a second mail program do to one account, the gateway's responses match the
 * model. See {@code docs/testing.md} for the long form.
 */
@ContextConfiguration(initializers = AnyMailServer.class)
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = "postern.imap.host=localhost")
@NullMarked
class RandomModelIT {

    private static final Logger LOG = LoggerFactory.getLogger(RandomModelIT.class);

    @LocalServerPort private int port;
    @Autowired private SessionTokens tokens;

    @ParameterizedTest
    @EnumSource
    void tellsWhatIsThere(RealServer server) throws IOException {
        long seed = Long.getLong("model.seed", 1);
        int count = Integer.getInteger("model.steps", 80);
        LOG.info("model.seed={} model.steps={} on {}", seed, count, server);
        var user = server.newUser();
        var imap = new ImapServer(server.host(), server.port(), Security.NONE);
        var session = tokens.start(new Account(imap, user, new Password(server.password())));
        try (var other = SecondImapClient.of(server, user)) {
            var api = new HttpApi(port, tokens.seal(session));
            var steps =
                    new RandomSteps(
                            seed,
                            api,
                            other,
                            // Courier uses seconds: a mailbox that is created again may have the
                            // same UIDVALIDITY
                            server != RealServer.COURIER,
                            server == RealServer.CYRUS,
                            without());
            try {
                steps.furnish();
                for (int number = 1; number <= count; number++) {
                    steps.step(number);
                }
                steps.compareAll();
            } catch (IOException | RuntimeException | AssertionError e) {
                throw difference(server, seed, steps, e);
            }
        }
    }

    /** The checks that a run omits, such as {@code counts}, to search for other differences. */
    private static Set<String> without() {
        return Set.of(System.getProperty("model.without", "none").split(","));
    }

    private static AssertionError difference(
            RealServer server, long seed, RandomSteps steps, Throwable cause) throws IOException {
        var file = Path.of("target", "model-%s-%d.txt".formatted(server, seed));
        Files.createDirectories(file.getParent());
        Files.write(file, steps.log());
        var last = steps.log().subList(Math.max(0, steps.log().size() - 30), steps.log().size());
        return new AssertionError(
                "model.seed=%d on %s: %s\nthe last steps (all are in %s):\n%s"
                        .formatted(seed, server, cause.getMessage(), file, String.join("\n", last)),
                cause);
    }
}
