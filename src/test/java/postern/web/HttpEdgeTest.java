package postern.web;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.eclipse.jetty.server.AbstractConnector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.jetty.JettyWebServer;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.test.context.ContextConfiguration;
import postern.testserver.InMemoryServer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What holds for every response and every request, with a context path. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = "server.servlet.context-path=/mail")
@ContextConfiguration(initializers = OnGreenMail.Server.class)
@Timeout(300)
class HttpEdgeTest {

    private static final InMemoryServer SERVER = InMemoryServer.GREENMAIL;
    private static final String MAIL = "Subject: tea\r\n\r\ncome to tea\r\n";

    @Autowired private WebServerApplicationContext context;
    private final HttpClient http = HttpClient.newHttpClient();
    private final String user = SERVER.newUser();

    @Test
    void aLoginOfManyMegabytesIsRefusedUnread() throws Exception {
        var login = "{\"username\": \"a\", \"password\": \"%s\"}".formatted("x".repeat(5_000_000));

        var answer =
                send(
                        request("/v1/sessions")
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString(login)));

        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(json(answer).path("code").asString()).isEqualTo("request-too-big");
    }

    @Test
    void aLoginWithoutAnAnnouncedLengthIsReadNoFurtherThanItMayBe() throws Exception {
        var sent = new AtomicLong();

        var answer = login(() -> endless("{\"username\": \"", sent));

        assertThat(answer.startsWith("HTTP/1.1 413 ")).as(answer).isTrue();
        assertThat(sent.get()).isLessThan(32L << 20);
    }

    @Test
    void manyOfThemAtOnceTakeNoMemoryToSpeakOf() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var logins =
                    IntStream.range(0, 32)
                            .mapToObj(_ ->
                                    threads.submit(() ->
                                            login(() ->
                                                    endless(
                                                            "{\"username\": \"",
                                                            new AtomicLong()))))
                            .toList();

            for (var login : logins) {
                assertThat(login.get()).startsWith("HTTP/1.1 413 ");
            }
        }
    }

    @Test
    void aUserNameAndAPasswordHaveALength() throws Exception {
        var login = "{\"username\": \"%s\", \"password\": \"p\"}".formatted("x".repeat(1_001));

        var answer =
                send(
                        request("/v1/sessions")
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString(login)));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).at("/errors/0/pointer").asString()).isEqualTo("/username");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/yaml", "application/x-yaml", "text/yaml"})
    void yamlIsNotTaken(String type) throws Exception {
        var taken =
                send(
                        request("/v1/sessions")
                                .header("Content-Type", type)
                                .POST(BodyPublishers.ofString("username: a\npassword: b\n")));

        assertThat(taken.statusCode()).isEqualTo(415);
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/mailboxes, application/json",
        "/v1/mailboxes/inbox/messages, application/json",
        "/v1/messages/{id}, application/json",
        "/v1/messages/{id}/html, text/html;charset=utf-8",
        "/v1/messages/{id}/raw, message/rfc822",
        "/v1/account, application/json"
    })
    void aSuccessHasOneTypeWhateverIsAccepted(String path, String type) throws Exception {
        var target = path.replace("{id}", imported().path("id").asString());
        for (var accept :
                List.of(
                        "application/problem+json",
                        "application/geo+json",
                        "application/yaml",
                        "text/yaml",
                        "text/html",
                        "image/png",
                        "application/json;q=0",
                        "*/*",
                        "nonsense")) {
            var answer = send(request(target).header("Accept", accept));

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().allValues("Content-Type")).containsExactly(type);
            assertThat(answer.headers().allValues("Vary")).doesNotContain("Accept");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/messages/{id}",
                "/v1/messages/{id}/html",
                "/v1/messages/{id}/raw",
                "/v1/messages/{id}/parts/1",
                "/v1/mailboxes",
                "/v1/mailboxes/inbox",
                "/v1/mailboxes/inbox/messages",
                "/v1/mailboxes/inbox/threads",
                "/v1/mailboxes/inbox/export?format=mbox",
                "/v1/account",
                "/v1/sessions/current"
            })
    void conditionsHoldForAllResources(String path) throws Exception {
        var target = path.replace("{id}", imported().path("id").asString());
        var whole = send(request(target));
        var tag = whole.headers().firstValue("ETag");

        for (var method : List.of("GET", "HEAD")) {
            assertNotModified(ask(method, target, "If-None-Match", "*"), whole);
            assertStatus(200, ask(method, target, "If-None-Match", "\"x\""));
            assertStatus(200, ask(method, target, "If-Match", "*"));
            assertStatus(412, ask(method, target, "If-Match", "\"x\""));
            if (tag.isPresent()) {
                assertNotModified(
                        ask(method, target, "If-None-Match", "\"x\", " + tag.get()), whole);
                assertNotModified(ask(method, target, "If-None-Match", "W/" + tag.get()), whole);
                assertStatus(200, ask(method, target, "If-Match", tag.get()));
            }
        }
    }

    private HttpResponse<byte[]> ask(String method, String path, String header, String value)
            throws Exception {
        return send(request(path).method(method, BodyPublishers.noBody()).header(header, value));
    }

    private static void assertStatus(int status, HttpResponse<byte[]> answer) {
        assertThat(answer.statusCode()).as(answer.request().toString()).isEqualTo(status);
    }

    /** RFC 9110 §15.4.5: as the 200, and not with the length of the missing body. */
    private static void assertNotModified(HttpResponse<byte[]> answer, HttpResponse<byte[]> whole) {
        assertStatus(304, answer);
        assertThat(answer.headers().firstValue("Content-Length")).isEmpty();
        for (var header : List.of("ETag", "Cache-Control", "Vary")) {
            assertThat(answer.headers().allValues(header))
                    .as(header)
                    .isEqualTo(whole.headers().allValues(header));
        }
    }

    /** RFC 9110 §13.1: a change must not be made if its condition is false, or unknown. */
    @ParameterizedTest
    @CsvSource({
        "DELETE, /v1/messages/{id}?permanent=true, If-Match, message-modified",
        "DELETE, /v1/messages/{id}, If-None-Match, precondition-failed",
        "DELETE, /v1/mailboxes/trash, If-Match, precondition-failed",
        "DELETE, /v1/mailboxes/trash, If-None-Match, precondition-failed",
        "DELETE, /v1/sessions/current, If-Match, precondition-failed"
    })
    void nothingIsChangedOnAConditionThatDoesNotHold(
            String method, String path, String header, String code) throws Exception {
        var id = imported().path("id").asString();

        var answer = ask(method, path.replace("{id}", id), header, "\"x\"");

        assertStatus(412, answer);
        assertThat(json(answer).path("code").asString()).isEqualTo(code);
        assertStatus(200, send(request("/v1/messages/" + id)));
    }

    @Test
    void aMessageIsDeletedInTheStateThatIfMatchNames() throws Exception {
        var path = "/v1/messages/" + imported().path("id").asString();
        var tag = send(request(path)).headers().firstValue("ETag").orElseThrow();

        assertStatus(204, ask("DELETE", path + "?permanent=true", "If-Match", tag));
        assertStatus(404, send(request(path)));
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/mailboxes, 'GET,HEAD,OPTIONS,POST', ",
        "/v1/mailboxes/inbox, 'DELETE,GET,HEAD,OPTIONS,PATCH', "
                + "'application/merge-patch+json, application/json'",
        "/v1/messages/x, 'DELETE,GET,HEAD,OPTIONS,PATCH', "
                + "'application/merge-patch+json, application/json'",
        "/v1/sessions/current, 'DELETE,GET,HEAD,OPTIONS,PATCH', 'application/json'",
        "/v1/search, 'OPTIONS,POST', "
    })
    void aResourceSaysWhatItTakes(String path, String allow, String acceptPatch) throws Exception {
        var options = send(request(path).method("OPTIONS", BodyPublishers.noBody()));
        var refused = send(request(path).method("PUT", BodyPublishers.noBody()));

        assertStatus(200, options);
        assertStatus(405, refused);
        for (var answer : List.of(options, refused)) {
            assertThat(answer.headers().firstValue("Allow").orElseThrow().split(", ?"))
                    .containsExactlyInAnyOrder(allow.split(","));
        }
        assertThat(options.headers().firstValue("Accept-Patch").orElse(null))
                .isEqualTo(acceptPatch);
    }

    @Test
    void traceIsNoMethod() throws IOException {
        var answer =
                raw(
                        "TRACE /mail/v1/mailboxes HTTP/1.1\r\nHost: x\r\nSecret: xyz\r\n"
                                + "Connection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 405 ").doesNotContain("xyz");
    }

    @Test
    void aConnectionThatEndsWithAnAnswerIsAnnouncedToEnd() throws IOException {
        var answer = raw("GET /mail/v1/mailboxes/a%00b HTTP/1.1\r\nHost: x\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 400 ").contains("\r\nConnection: close\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /v1/account, 200",
        "GET, /v1/sessions/current, 200",
        "GET, /v1/mailboxes/nowhere, 404",
        "PUT, /v1/mailboxes, 405"
    })
    void privateAnswersStayOutOfCaches(String method, String path, int status) throws Exception {
        var answer = send(request(path).method(method, BodyPublishers.noBody()));

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().allValues("Cache-Control")).containsExactly("no-store");
        assertThat(answer.headers().allValues("X-Content-Type-Options")).containsExactly("nosniff");
    }

    @Test
    void aMessageMayBeKeptByItsReaderAndAskedForAgain() throws Exception {
        var answer = send(request("/v1/messages/" + imported().path("id").asString()));

        assertThat(answer.headers().firstValue("ETag")).isPresent();
        assertThat(answer.headers().allValues("Cache-Control"))
                .containsExactly("private, no-cache");
        assertThat(answer.headers().allValues("Vary")).contains("Authorization");
    }

    @Test
    void aFileKeepsItsOwnRule() throws Exception {
        var answer = send(request("/v1/messages/" + imported().path("id").asString() + "/raw"));

        assertThat(answer.headers().allValues("Cache-Control"))
                .singleElement()
                .asString()
                .contains("immutable");
    }

    @Test
    void whatIsMadeIsFoundWhereItsLocationSays() throws Exception {
        var made = importMail();
        var location = made.headers().firstValue("Location").orElseThrow();

        assertThat(location).startsWith("/mail/v1/messages/");
        assertThat(send(at(location)).statusCode()).isEqualTo(200);

        var login =
                "{\"username\": \"%s\", \"password\": \"%s\"}".formatted(user, SERVER.password());
        var session =
                send(
                        request("/v1/sessions")
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString(login)));
        assertThat(session.headers().firstValue("Location")).hasValue("/mail/v1/sessions/current");
    }

    @Test
    void aLinkOpensWhereItSays() throws Exception {
        var id = imported().path("id").asString();

        var links =
                send(
                        request("/v1/messages/" + id + "/links")
                                .header("Content-Type", "application/json")
                                .POST(
                                        BodyPublishers.ofString(
                                                "{\"items\": [{\"file\": \"message\"}]}")));
        var url = json(links).at("/items/0/url").asString();

        assertThat(url)
                .as(new String(links.body(), StandardCharsets.UTF_8))
                .startsWith("/mail/v1/links/");
        var opened = send(HttpRequest.newBuilder(URI.create("http://localhost:" + port() + url)));
        assertThat(new String(opened.body(), StandardCharsets.UTF_8)).isEqualTo(MAIL);
    }

    @Test
    void theContractSaysWhereItIsServed() throws Exception {
        var contract = json(send(request("/v3/api-docs")));

        assertThat(contract.at("/servers/0/url").asString()).isEqualTo("/mail");
    }

    /** Nobody is trusted to be a proxy unless the operator says so. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/mailboxes/nowhere",
                "/v1/mailboxes/a%2Fb",
                "/v3/api-docs",
                "/v3/api-docs/swagger-config",
                "/swagger-ui.html",
                "/problems",
                "/"
            })
    void whatAClientSaysOfAProxyChangesNoUrl(String path) throws Exception {
        var plain = send(request(path).header("X-Request-Id", "1"));
        var forwarded =
                send(
                        request(path)
                                .header("X-Request-Id", "1")
                                .header("X-Forwarded-Host", "evil.example")
                                .header("X-Forwarded-Port", "666")
                                .header("X-Forwarded-Proto", "evil")
                                .header("X-Forwarded-Prefix", "/evil")
                                .header("Forwarded", "host=evil.example;proto=evil"));

        assertThat(new String(forwarded.body(), StandardCharsets.UTF_8))
                .isEqualTo(new String(plain.body(), StandardCharsets.UTF_8));
        assertThat(forwarded.headers().allValues("Location"))
                .isEqualTo(plain.headers().allValues("Location"));
    }

    @Test
    void problemsAreOnPagesOfTheGateway() throws Exception {
        for (var path : List.of("/v1/mailboxes/nowhere", "/v1/mailboxes/a%00b", "/v1/%zz")) {
            var type =
                    path.contains("%")
                            ? typeOf(raw("GET /mail%s HTTP/1.1\r\nHost: x\r\n\r\n".formatted(path)))
                            : json(send(request(path))).path("type").asString();

            assertThat(send(at(type)).statusCode()).as(type).isEqualTo(200);
        }
    }

    private static String typeOf(String answer) {
        return new JsonMapper()
                .readTree(answer.substring(answer.indexOf("\r\n\r\n") + 4))
                .path("type")
                .asString();
    }

    /** By default Jetty cuts a download during shutdown if its reader pauses for a second. */
    @Test
    void aReaderMayPauseAtShutdownAsLongAsBefore() {
        var jetty = requireNonNull((JettyWebServer) context.getWebServer()).getServer();

        for (var connector : jetty.getConnectors()) {
            var idling = (AbstractConnector) connector;
            assertThat(idling.getShutdownIdleTimeout()).isEqualTo(idling.getIdleTimeout());
        }
    }

    private JsonNode imported() throws Exception {
        return json(importMail());
    }

    private HttpResponse<byte[]> importMail() throws Exception {
        return send(
                request("/v1/mailboxes/inbox/messages")
                        .header("Content-Type", "message/rfc822")
                        .POST(BodyPublishers.ofString(MAIL)));
    }

    private HttpRequest.Builder request(String path) {
        return at("/mail" + path);
    }

    private HttpRequest.Builder at(String path) {
        var basic =
                Base64.getEncoder()
                        .encodeToString(
                                (user + ":" + SERVER.password()).getBytes(StandardCharsets.UTF_8));
        return HttpRequest.newBuilder(URI.create("http://localhost:" + port() + path))
                .header("Authorization", "Basic " + basic);
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), BodyHandlers.ofByteArray());
    }

    private static JsonNode json(HttpResponse<byte[]> answer) {
        return new JsonMapper().readTree(answer.body());
    }

    private int port() {
        var server = context.getWebServer();
        return server == null ? 0 : server.getPort();
    }

    /** Sends chunks until the gateway responds; returns the response. */
    private String login(Callable<InputStream> body) throws Exception {
        try (var socket = new Socket("localhost", port())) {
            var out = socket.getOutputStream();
            out.write(
                    ("POST /mail/v1/sessions HTTP/1.1\r\n"
                                    + "Host: x\r\n"
                                    + "Content-Type: application/json\r\n"
                                    + "Transfer-Encoding: chunked\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            var in = body.call();
            var piece = new byte[16 * 1024];
            while (socket.getInputStream().available() == 0) {
                int some = in.read(piece);
                try {
                    out.write(
                            (Integer.toHexString(some) + "\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
                    out.write(piece, 0, some);
                    out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
                } catch (IOException _) {
                    break; // the gateway closed the connection
                }
            }
            return line(socket.getInputStream());
        }
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\r'; c = in.read()) {
            line.append((char) c);
        }
        return line.toString();
    }

    private static InputStream endless(String start, AtomicLong sent) {
        var head = new ByteArrayInputStream(start.getBytes(StandardCharsets.US_ASCII));
        return new InputStream() {
            @Override
            public int read() {
                sent.incrementAndGet();
                int octet = head.read();
                return octet < 0 ? 'x' : octet;
            }
        };
    }

    private String raw(String request) throws IOException {
        try (var socket = new Socket("localhost", port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
