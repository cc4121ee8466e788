package postern.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import postern.testserver.GatewayProcess;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a hostile mail server does to a gateway with a heap of 200 MB: its own users get problems
 * that name the mail server, and those of an honest server notice nothing. {@code docs/testing.md}
 * has the long form.
 */
class HostileServersIT {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int AT_ONCE = Integer.getInteger("hostile.at-once", 3);
    private static final int ROUNDS = Integer.getInteger("hostile.rounds", 1);

    /** All in the long form; without those that take seconds and differ little from others. */
    private static final String ONLY =
            System.getProperty(
                    "hostile.only",
                    "(?!blank-lines|nested-parts|flags|addresses|long-literal|open-quote).*");

    private static final HostileServer.Script HONEST = (_, _) -> false;

    private static final List<Scenario> SCENARIOS =
            Scenario.all().stream().filter(it -> it.name().matches(ONLY)).toList();
    private static final List<HostileServer> SERVERS = new ArrayList<>();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static GatewayProcess gateway;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        var properties =
                new ArrayList<>(
                        List.of(
                                "postern.imap.host=127.0.0.1",
                                "postern.imap.port=" + serve(HONEST).port(),
                                "postern.imap.security=none",
                                // also the neighbour's: longer than a busy machine takes
                                "postern.imap.connection.command-timeout=20s",
                                "postern.imap.connection.login-timeout=20s"));
        for (var scenario : SCENARIOS) {
            var server = "postern.servers." + scenario.name();
            properties.add(server + ".host=127.0.0.1");
            properties.add(server + ".port=" + serve(scenario.script()).port());
            properties.add(server + ".security=none");
            properties.add(server + ".domains=" + scenario.name() + ".example");
        }
        var log = Files.createTempFile("hostile-servers", ".log");
        log.toFile().deleteOnExit();
        gateway = GatewayProcess.start(System.getProperty("hostile.heap", "200m"), log, properties);
    }

    private static HostileServer serve(HostileServer.Script script) throws IOException {
        var server = new HostileServer(script);
        SERVERS.add(server);
        return server;
    }

    @AfterAll
    static void stop() {
        SERVERS.forEach(HostileServer::close);
        if (gateway != null) {
            gateway.close();
        }
        HTTP.close();
    }

    @Test
    void aHostileServerHarmsNobodyButItsOwnUsers() throws Exception {
        var neighbours = request("GET", "/mailboxes/inbox/messages", "honest@example.org", "");
        HTTP.send(neighbours, BodyHandlers.discarding()); // the first request loads classes
        var unexpected = new ArrayList<String>();
        try (var neighbour = new Neighbour(neighbours)) {
            for (int round = 0; round < ROUNDS; round++) {
                for (var scenario : SCENARIOS) {
                    unexpected.addAll(play(scenario));
                    assertThat(gateway.alive()).as("%s: %s", scenario.name(), tail()).isTrue();
                }
            }
            System.out.println(neighbour.summary());
            assertThat(unexpected).as(HostileServersIT::tail).isEmpty();
            assertThat(neighbour.failures()).isEmpty();
        }
        assertThat(gateway.log()).doesNotContain("OutOfMemory").doesNotContain("unexpectedly");
    }

    private static List<String> play(Scenario scenario) throws Exception {
        var words = scenario.request().split(" ");
        var user = "ada@" + scenario.name() + ".example";
        var path = words[1];
        if (path.contains("{")) {
            var list = get("/mailboxes/inbox/messages?limit=5&withState=true", user);
            path =
                    path.replace("{id}", list.path("items").path(0).path("id").asString())
                            .replace("{state}", encoded(list.path("state").asString()));
        }
        var request = request(words[0], path, user, scenario.body());
        long started = System.nanoTime();
        var answers = new ArrayList<CompletableFuture<HttpResponse<String>>>();
        for (int i = 0; i < AT_ONCE; i++) {
            answers.add(HTTP.sendAsync(request, BodyHandlers.ofString()));
        }
        var unexpected = new ArrayList<String>();
        boolean refusedAll = true;
        for (var answer : answers) {
            int status;
            String text;
            try {
                var response = answer.get();
                status = response.statusCode();
                text = response.body();
            } catch (java.util.concurrent.ExecutionException e) {
                status = -1;
                text = e.toString();
            }
            refusedAll &= status == 429;
            var shown = text.substring(0, Math.min(300, text.length()));
            System.out.printf(
                    "%-22s %d after %d ms%s%n",
                    scenario.name(),
                    status,
                    (System.nanoTime() - started) / 1_000_000,
                    status == 200 || status == 201 ? "" : ": " + shown);
            if (status < 0
                    || status == 400
                    || status >= 500 && !Set.of(502, 503, 504).contains(status)) {
                unexpected.add(scenario.name() + ": " + status + " " + shown);
            }
        }
        if (refusedAll) {
            unexpected.add(scenario.name() + ": no request had its turn");
        }
        return unexpected;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8);
    }

    private static JsonNode get(String path, String user) throws Exception {
        var answer = HTTP.send(request("GET", path, user, ""), BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private static HttpRequest request(String method, String path, String user, String body) {
        var credential = Base64.getEncoder().encodeToString((user + ":secret").getBytes(UTF_8));
        var request =
                HttpRequest.newBuilder(gateway.uri(path))
                        .header("Authorization", "Basic " + credential)
                        .method(
                                method,
                                body.isEmpty()
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(body));
        return (body.isEmpty() ? request : request.header("Content-Type", "application/json"))
                .build();
    }

    /** What the gateway logged of failures, without the calls of libraries. */
    private static String tail() {
        return gateway.log()
                .lines()
                .filter(line -> !line.startsWith("\tat") || line.contains("at postern."))
                .dropWhile(line -> !line.contains(" ERROR ") && !line.contains("OutOfMemory"))
                .limit(60)
                .collect(Collectors.joining("\n", "log:\n", "\n"));
    }
}
