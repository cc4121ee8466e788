package postern.web.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import postern.testserver.InMemoryServer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Keeps {@code docs/trips.md} in step with what operations cost: one more round trip, or one more
 * command, changes the page.
 */
class TripsTest {

    private static final Path PAGE = Path.of("docs/trips.md");

    private static final String HEAD =
            """
            # Round trips

            What operations cost at the mail server: how often something is sent and an answer is waited for, and which commands that
            is. *Cold* is the first request of a user, with the connection: its greeting counts as one trip, and the handshakes of TCP and
            TLS do not. *Warm* is the same request, or one like it, right after. Commands in one trip are sent together.

            The mail server is the one in memory that the tests have: IMAP4rev1 with SORT, MOVE and UIDPLUS, without CONDSTORE,
            LIST-STATUS and ESEARCH. A server that has more takes fewer trips. The header `Postern-Explain` says it of yours
            ([operating.md](operating.md)).

            `TripsTest` writes this page and fails when an operation costs something else: `mvn test -Dtest=TripsTest -Dtrips.update`.

            | operation | cold | commands | warm | commands |
            |---|---|---|---|---|
            """;

    private static final String MAIL =
            """
            From: Anne <anne@example.org>
            To: Bob <bob@example.org>
            Subject: Plan %d
            Date: Mon, 23 Nov 2026 10:00:0%d +0000
            Message-ID: <plan-%d@example.org>
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary=x

            --x
            Content-Type: text/plain

            Look.
            --x
            Content-Type: application/pdf; name=plan.pdf
            Content-Disposition: attachment; filename=plan.pdf
            Content-Transfer-Encoding: base64

            JVBERi0xLjQ=
            --x--
            """;

    private static final String DRAFT =
            "{\"subject\": \"Offer\", \"text\": \"Hi\", \"to\": [{\"email\": \"b@example.org\"}]}";

    /** What is asked of a mailbox with messages of these ids. */
    private record Operation(String name, String method, String path, String type, String body) {

        static Operation get(String name, String path) {
            return new Operation(name, "GET", path, "application/json", "");
        }

        static Operation patch(String name, String body) {
            return new Operation(
                    name, "PATCH", "/v1/messages/%s", "application/merge-patch+json", body);
        }
    }

    private static final List<Operation> OPERATIONS =
            List.of(
                    Operation.get("list mailboxes", "/v1/mailboxes"),
                    Operation.get("list messages", "/v1/mailboxes/inbox/messages?limit=50"),
                    Operation.get("open a message", "/v1/messages/%s?include=text"),
                    Operation.get("download a part", "/v1/messages/%s/parts/2"),
                    Operation.get("search a mailbox", "/v1/mailboxes/inbox/messages?subject=Plan"),
                    Operation.get("list threads", "/v1/mailboxes/inbox/threads"),
                    Operation.patch("flag a message", "{\"keywords\": {\"$flagged\": true}}"),
                    Operation.patch("move a message", "{\"mailboxId\": \"trash\"}"),
                    new Operation(
                            "compose a draft",
                            "POST",
                            "/v1/mailboxes/drafts/messages",
                            "application/json",
                            DRAFT),
                    Operation.get("export a mailbox", "/v1/mailboxes/inbox/export?format=mbox"));

    @Test
    void operationsTakeTheRoundTripsOfThePage() throws Exception {
        var page = new StringBuilder(HEAD);
        try (var other = gateway();
                var gateway = gateway()) {
            for (var operation : OPERATIONS) {
                page.append(row(operation, other, gateway));
            }
        }

        if (Boolean.getBoolean("trips.update") || "".equals(System.getProperty("trips.update"))) {
            Files.writeString(PAGE, page);
        }
        assertThat(page.toString()).isEqualTo(Files.readString(PAGE));
    }

    private static TracedGateway gateway() {
        return new TracedGateway(TracedGateway.ON, "--postern.imap.pool.probe-after=1h");
    }

    /**
     * @param other another gateway, so that the measured one knows nothing of the user
     */
    private static String row(Operation operation, TracedGateway other, TracedGateway gateway)
            throws Exception {
        var user = InMemoryServer.GREENMAIL.newUser();
        other.as(user);
        gateway.as(user);
        for (var name : List.of("Drafts", "Sent", "Trash")) {
            created(
                    other.send(
                            "POST",
                            "/v1/mailboxes",
                            "application/json",
                            "{\"name\": \"%s\"}".formatted(name)));
        }
        for (int i = 1; i <= 3; i++) {
            var mail = MAIL.replace("%d", String.valueOf(i)).replace("\n", "\r\n");
            created(other.send("POST", "/v1/mailboxes/inbox/messages", "message/rfc822", mail));
        }
        var ids = new ArrayList<String>();
        json(other.get("/v1/mailboxes/inbox/messages"))
                .path("items")
                .forEach(it -> ids.add(it.path("id").asString()));
        other.spans();
        gateway.spans();
        return "| %s | %s | %s |\n"
                .formatted(
                        operation.name(),
                        cost(operation, gateway, ids.get(0)),
                        cost(operation, gateway, ids.get(1)));
    }

    private static String cost(Operation operation, TracedGateway gateway, String message)
            throws Exception {
        var answer =
                gateway.send(
                        operation.method(),
                        operation.path().formatted(message),
                        operation.type(),
                        operation.body());
        assertThat(answer.statusCode()).as(operation.name() + answer.body()).isBetween(200, 299);
        var spans = gateway.spans();
        var request =
                spans.stream()
                        .filter(it -> it.getName().startsWith("http "))
                        .findFirst()
                        .orElseThrow();
        var commands =
                spans.stream()
                        .map(SpanData::getName)
                        .filter(it -> it.matches("imap [A-Z]+|imap connect"))
                        .map(it -> it.substring("imap ".length()))
                        .collect(Collectors.joining(", "));
        return "%s | %s"
                .formatted(request.getAttributes().get(AttributeKey.longKey("trips")), commands);
    }

    private static void created(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return new JsonMapper().readTree(answer.body());
    }
}
