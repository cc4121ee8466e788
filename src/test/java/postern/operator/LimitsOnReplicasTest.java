package postern.operator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.ConfigurableApplicationContext;
import postern.shared.StateOfReplicas;
import postern.testserver.AgreeableServer;
import postern.testserver.Replicas;

/** Two gateways allow no more than one does. */
@Timeout(300)
class LimitsOnReplicasTest {

    private final Set<AgreeableServer.Client> connected = ConcurrentHashMap.newKeySet();
    private final AtomicInteger mostConnected = new AtomicInteger();
    private final List<ConfigurableApplicationContext> replicas = new ArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private final AgreeableServer mail = AgreeableServer.start(this::answer);

    LimitsOnReplicasTest() throws IOException {}

    /** Counts the connections that are logged in. */
    private String answer(String command, AgreeableServer.Client client) {
        if (command.startsWith("LOGIN") || command.startsWith("AUTHENTICATE")) {
            connected.add(client);
            mostConnected.accumulateAndGet(connected.size(), Math::max);
        } else if (command.equals("LOGOUT")) {
            connected.remove(client);
        }
        return "";
    }

    @AfterEach
    void stop() throws IOException {
        replicas.forEach(ConfigurableApplicationContext::close);
        mail.close();
    }

    private void start(Map<String, ?> properties) {
        var state = new StateOfReplicas();
        for (int i = 0; i < 2; i++) {
            replicas.add(
                    Replicas.start(
                            state,
                            Map.of(
                                    "postern.imap.host",
                                    mail.host(),
                                    "postern.imap.port",
                                    mail.port(),
                                    "postern.imap.security",
                                    "none"),
                            properties));
        }
    }

    private int ask(int replica) throws IOException, InterruptedException {
        var password = Base64.getEncoder().encodeToString("anne:secret".getBytes(UTF_8));
        var request =
                HttpRequest.newBuilder(Replicas.uri(replicas.get(replica), "/v1/mailboxes"))
                        .header("Authorization", "Basic " + password)
                        .build();
        return http.send(request, BodyHandlers.discarding()).statusCode();
    }

    @Test
    void oneAccountHasItsConnectionsInBothTogether() throws Exception {
        start(
                Map.of(
                        "postern.imap.pool.max-connections-per-account",
                        4,
                        "postern.imap.pool.borrow-timeout",
                        "2m"));
        var answers = new ArrayList<Future<Integer>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 30; i++) {
                int replica = i % 2;
                answers.add(threads.submit(() -> ask(replica)));
            }
        }

        for (var answer : answers) {
            assertThat(answer.get()).isEqualTo(200);
        }
        assertThat(mostConnected.get()).isBetween(2, 4);
    }

    @Test
    void oneClientHasItsRequestsAtBothTogether() throws Exception {
        start(Map.of("postern.rate.per-account", 6, "postern.rate.per-client", 6));
        ask(0);
        ask(1);

        var answers = new ArrayList<Integer>();
        for (int i = 0; i < 10; i++) {
            answers.add(ask(i % 2));
        }

        assertThat(answers.subList(0, 4)).containsOnly(200);
        assertThat(answers.stream().filter(status -> status == 429).count()).isPositive();
        assertThat(answers.stream().filter(status -> status == 200).count()).isLessThan(9);
    }
}
