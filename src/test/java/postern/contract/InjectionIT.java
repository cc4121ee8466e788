package postern.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.context.ContextConfiguration;
import postern.testserver.CommandWatch;
import postern.testserver.InMemoryServer;

/**
 * No text of any request becomes a command to the mail server, or a header field of a message:
 * requests to every operation of the contract, with a hostile text in one place of each.
 */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"logging.level.com.icegreen=off", "postern.imap.security=none"})
@ContextConfiguration(initializers = InjectionIT.Watched.class)
class InjectionIT {

    private static final InMemoryServer SERVER = InMemoryServer.GREENMAIL;
    private static final int ROUNDS = Integer.getInteger("injection.rounds", 3);
    private static final CommandWatch WATCH = watch();

    @LocalServerPort private int port;

    private final Contract contract = Contract.read();
    private final List<String> failures = Collections.synchronizedList(new ArrayList<>());

    private static CommandWatch watch() {
        try {
            return CommandWatch.before(SERVER, InjectedTexts.FIELD);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The service connects to the server through the watch. */
    static final class Watched
            implements ApplicationContextInitializer<ConfigurableApplicationContext> {

        @Override
        public void initialize(ConfigurableApplicationContext context) {
            TestPropertyValues.of(
                            "postern.imap.host=" + WATCH.host(),
                            "postern.imap.port=" + WATCH.port())
                    .applyTo(context);
        }
    }

    @AfterAll
    static void close() throws IOException {
        WATCH.close();
    }

    @Test
    void noTextBecomesACommandOrAHeaderField() {
        long seed = Long.getLong("injection.seed", 1);
        for (int round = 0; round < ROUNDS; round++) {
            var user = SERVER.newUser();
            var client = new GatewayClient(port, user, SERVER.password());
            var account = new AccountRun(contract, client, user, SERVER.password(), this::judge);
            account.furnish();
            var dice = new Dice(seed, round);
            contract.operations().forEach(operation -> account.inject(operation, dice));
        }

        assertThat(WATCH.faults()).as("injection.seed=" + seed).isEmpty();
        assertThat(failures).as("injection.seed=" + seed).isEmpty();
    }

    private void judge(ContractRequest request, ContractAnswer answer) {
        if (answer.status() == 500) {
            failures.add(request + "\n" + answer);
        }
    }
}
