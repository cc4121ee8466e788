package postern.operator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import postern.PosternApplication;
import postern.imap.Outage;
import postern.testserver.InMemoryServer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Dashboard and alerts ask for what a running gateway answers at {@code /actuator/prometheus}. */
class MetricsTest {

    private static final Path DASHBOARD = Path.of("docker/grafana/postern.json");
    private static final Path ALERTS = Path.of("docker/prometheus/alerts.yaml");
    private static final Pattern NAME =
            Pattern.compile("\\b(?:postern|http_server|jvm|process|system)_[a-z0-9_]+");
    private static final int MOST_BUCKETS = 12;

    private static String scrape = "";
    private static String scrapeWithStore = "";

    @BeforeAll
    static void ask() throws Exception {
        try (var gateway = gateway("--postern.submission.host=127.0.0.1")) {
            var api = new Api(gateway);
            api.json("POST", "/v1/mailboxes", "{\"name\": \"Drafts\"}");
            api.json("POST", "/v1/mailboxes", "{\"name\": \"Sent\"}");
            api.json(
                    "POST",
                    "/v1/mailboxes/drafts/messages",
                    "{\"subject\": \"a\", \"text\": \"b\"}");
            var mbox = api.json("GET", "/v1/mailboxes/drafts/export?format=mbox", "");
            api.send("POST", "/v1/mailboxes/sent/import", "application/mbox", mbox);
            api.json(
                    "POST",
                    "/v1/send",
                    """
                    {"from": [{"email": "%s@localhost"}], "to": [{"email": "b@example.org"}],
                     "subject": "Hello", "text": "me"}
                    """
                            .formatted(api.user));
            scrape = api.json("GET", "/actuator/prometheus", "");
        }
        try (var gateway = gateway("--postern.shared.url=redis://127.0.0.1:1")) {
            scrapeWithStore = gateway.getBean(PrometheusMeterRegistry.class).scrape();
        }
    }

    @AfterAll
    static void forget() {
        scrape = "";
        scrapeWithStore = "";
    }

    @Test
    void theDashboardAsksForMetricsThatExist() throws IOException {
        var expressions = new ArrayList<String>();
        collect(new JsonMapper().readTree(Files.readString(DASHBOARD)), expressions);

        assertThat(expressions).hasSizeGreaterThan(20).allSatisfy(MetricsTest::assertBalanced);
        assertThat(namesIn(expressions)).allMatch(scraped()::contains);
    }

    @Test
    void theAlertsAskForMetricsThatExist() throws IOException {
        var expressions = alerts().stream().map(it -> (String) it.get("expr")).toList();

        assertThat(expressions).hasSizeGreaterThan(5).allSatisfy(MetricsTest::assertBalanced);
        assertThat(namesIn(expressions)).isNotEmpty().allMatch(scraped()::contains);
    }

    @Test
    void anAlertSaysHowSevereItIsAndIsExplained() throws IOException {
        var page = Files.readString(Path.of("docs/operating.md"));

        assertThat(alerts())
                .allSatisfy(alert -> {
                    assertThat(alert).containsKeys("alert", "expr", "labels", "annotations");
                    assertThat(page).contains("`%s`".formatted(alert.get("alert")));
                });
    }

    @Test
    void theAlertsKnowEachReasonWhyAMailServerCannotBeReached() throws IOException {
        var words =
                alerts().stream()
                        .map(it -> (String) it.get("expr"))
                        .filter(it -> it.contains("postern_imap_connect"))
                        .map(it -> it.replaceAll("(?s).*outcome=~\"([^\"]*)\".*", "$1"))
                        .collect(Collectors.joining("|"));

        assertThat(Outage.values())
                .allSatisfy(outage -> assertThat(outage.toString()).matches(words));
        assertThat(words.split("\\|"))
                .allSatisfy(word ->
                        assertThat(Arrays.stream(Outage.values()).map(Outage::toString))
                                .anyMatch(it -> it.matches(word)));
    }

    @Test
    void theAlertsKnowASubmissionServerThatCannotBeReached() throws IOException {
        assertThat(scrape)
                .containsPattern("postern_smtp_connect_seconds_count\\{outcome=\"unreachable\"} 1");
        assertThat(Files.readString(ALERTS)).contains("outcome=~\"unreachable|");
    }

    @Test
    void everyMetricHasAHelpText() {
        var help = Pattern.compile("(?m)^# HELP (\\w+) (.*)$").matcher(both()).results();
        var texts =
                help.collect(Collectors.toMap(it -> it.group(1), it -> it.group(2), (a, _) -> a));
        var families = Pattern.compile("(?m)^# TYPE (\\w+) ").matcher(both()).results();

        assertThat(families.map(it -> it.group(1)).distinct().toList())
                .hasSizeGreaterThan(60)
                .contains(
                        "http_server_requests_seconds",
                        "postern_shared_size_bytes",
                        "postern_exports_octets_bytes_total")
                .allSatisfy(name -> assertThat(texts.get(name)).as(name).isNotNull().contains(" "));
    }

    @Test
    void histogramsHaveFewBuckets() {
        var buckets = new TreeMap<String, Integer>();
        Pattern.compile("(?m)^(\\w+_bucket\\{.*)le=\"[^\"]*\"(.*})")
                .matcher(scrape)
                .results()
                .forEach(it -> buckets.merge(it.group(1) + it.group(2), 1, Integer::sum));

        assertThat(buckets.keySet())
                .anyMatch(it -> it.startsWith("http_server_requests_seconds_bucket"))
                .anyMatch(it -> it.startsWith("postern_imap_borrow_seconds_bucket"))
                .anyMatch(it -> it.startsWith("postern_imap_command_seconds_bucket"));
        assertThat(buckets.values()).allMatch(it -> it <= MOST_BUCKETS);
    }

    private static ServletWebServerApplicationContext gateway(String property) {
        var server = InMemoryServer.GREENMAIL;
        return (ServletWebServerApplicationContext)
                new SpringApplicationBuilder(PosternApplication.class)
                        .run(
                                "--server.port=0",
                                "--postern.imap.host=" + server.host(),
                                "--postern.imap.port=" + server.port(),
                                "--postern.imap.security=none",
                                "--postern.submission.port=1",
                                "--postern.submission.security=none",
                                property);
    }

    private static String both() {
        return scrape + scrapeWithStore;
    }

    private static TreeSet<String> scraped() {
        return Pattern.compile("(?m)^([a-z]\\w+)[ {]")
                .matcher(both())
                .results()
                .map(it -> it.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static TreeSet<String> namesIn(List<String> expressions) {
        return expressions.stream()
                .flatMap(it -> NAME.matcher(it).results().map(found -> found.group()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static void collect(JsonNode node, List<String> expressions) {
        if (node.has("expr")) {
            expressions.add(node.get("expr").asString());
        }
        node.forEach(child -> collect(child, expressions));
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> alerts() throws IOException {
        Map<String, List<Map<String, List<Map<String, Object>>>>> file =
                new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(ALERTS));
        return Objects.requireNonNull(file.get("groups")).stream()
                .flatMap(it -> Objects.requireNonNull(it.get("rules")).stream())
                .toList();
    }

    private static void assertBalanced(String expression) {
        var rest = expression.replaceAll("\"[^\"]*\"", "").replaceAll("[^(){}\\[\\]]", "");
        while (!rest.equals(rest.replaceAll("\\(\\)|\\{}|\\[]", ""))) {
            rest = rest.replaceAll("\\(\\)|\\{}|\\[]", "");
        }
        assertThat(rest).as(expression).isEmpty();
    }

    /** Requests of a new user. */
    private static final class Api {

        private final URI base;
        private final String user = InMemoryServer.GREENMAIL.newUser();

        Api(ServletWebServerApplicationContext gateway) {
            int port = Objects.requireNonNull(gateway.getWebServer()).getPort();
            this.base = URI.create("http://127.0.0.1:" + port);
        }

        String json(String method, String path, String body) throws Exception {
            return send(method, path, "application/json", body);
        }

        String send(String method, String path, String type, String body) throws Exception {
            var login = user + ":" + InMemoryServer.GREENMAIL.password();
            var request =
                    HttpRequest.newBuilder(base.resolve(path))
                            .header("Content-Type", type)
                            .header(
                                    "Authorization",
                                    "Basic "
                                            + Base64.getEncoder()
                                                    .encodeToString(login.getBytes(UTF_8)))
                            .method(
                                    method,
                                    body.isEmpty()
                                            ? BodyPublishers.noBody()
                                            : BodyPublishers.ofString(body))
                            .build();
            try (var client = HttpClient.newHttpClient()) {
                return client.send(request, BodyHandlers.ofString()).body();
            }
        }
    }
}
