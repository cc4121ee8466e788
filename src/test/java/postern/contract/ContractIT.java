package postern.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import postern.testserver.InMemoryServer;
import postern.testserver.ScriptedSmtpServer;
import postern.web.OnGreenMail;

/**
 * Whatever request the contract describes, the answer is one that the contract describes: what it
 * permits is done, what it does not permit is refused. See {@code docs/testing.md}.
 */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"logging.level.com.icegreen=off", "logging.level.com.networknt=error"})
@ContextConfiguration(initializers = OnGreenMail.Server.class)
class ContractIT {

    private static final Logger LOG = LoggerFactory.getLogger(ContractIT.class);
    private static final InMemoryServer SERVER = InMemoryServer.GREENMAIL;
    private static final int ACCOUNTS_AT_ONCE = 16;
    private static final int REQUESTS_OF_AN_ACCOUNT = 300;

    private static final ScriptedSmtpServer SMTP = ScriptedSmtpServer.usual().discards();

    @DynamicPropertySource
    static void submission(DynamicPropertyRegistry properties) {
        SMTP.register(properties);
        properties.add("postern.webhooks.permitted-hosts", () -> "127.0.0.1");
        properties.add("postern.webhooks.per-host", () -> "64");
    }

    @LocalServerPort private int port;

    private final Contract contract = Contract.read();
    private final AnswerCheck check = new AnswerCheck(contract);
    private final Outcomes outcomes = new Outcomes();
    private final long seed = Long.getLong("contract.seed", 1);
    private final int requests = Integer.getInteger("contract.requests", 20_000);

    @Test
    void everyAnswerIsAsTheContractSays() throws Exception {
        LOG.info("contract.seed={} contract.requests={}", seed, requests);
        long start = System.nanoTime();
        try (var threads = Executors.newFixedThreadPool(ACCOUNTS_AT_ONCE)) {
            var runs =
                    IntStream.range(0, ACCOUNTS_AT_ONCE)
                            .mapToObj(lane -> threads.submit(() -> run(lane)))
                            .toList();
            for (var run : runs) {
                run.get();
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        LOG.info("{} answers in {} s", outcomes.answers(), Math.round(seconds));
        var report = outcomes.table() + String.join("\n", outcomes.faults());
        // a surrogate without the other half cannot be written as text
        Files.write(Path.of("target", "contract-%d.txt".formatted(seed)), report.getBytes(UTF_8));

        assertThat(outcomes.faults()).as("contract.seed=" + seed).isEmpty();
        assertThat(outcomes.answers()).isGreaterThanOrEqualTo(requests);
    }

    /** Every so many requests go to a new account, so that none grows or runs dry. */
    private void run(int lane) {
        int share = requests / ACCOUNTS_AT_ONCE;
        for (int done = 0; done < share; done += REQUESTS_OF_AN_ACCOUNT) {
            var number = new AtomicLong();
            var user = SERVER.newUser();
            var account =
                    new AccountRun(
                            contract,
                            new GatewayClient(port, user, SERVER.password()),
                            user,
                            SERVER.password(),
                            (request, answer) -> {
                                outcomes.count(request, answer);
                                check.fault(request, answer)
                                        .ifPresent(it ->
                                                outcomes.fault(number.get(), request, answer, it));
                            });
            account.furnish();
            for (int i = done; i < Math.min(share, done + REQUESTS_OF_AN_ACCOUNT); i++) {
                number.set((long) i * ACCOUNTS_AT_ONCE + lane);
                account.step(new Dice(seed, number.get()));
            }
        }
    }
}
