package postern.testclient;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A plain HTTP client of the gateway with a session token. */
@NullMarked
public final class HttpApi {

    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final int port;
    private final String base;
    private final String token;

    public HttpApi(int port, String token) {
        this.port = port;
        this.base = "http://localhost:" + port + "/v1";
        this.token = token;
    }

    /** A response. */
    public record Answer(int status, byte[] body, HttpHeaders headers) {

        public JsonNode json() {
            return JSON.readTree(body);
        }

        public String text() {
            return new String(body, UTF_8);
        }

        /** Asserts the status and returns this response. */
        public Answer expect(int wanted) {
            if (status != wanted) {
                throw new AssertionError(status + " instead of " + wanted + ": " + text());
            }
            return this;
        }
    }

    /**
     * How the gateway can find changes on this account's mail server, which nothing that befalls a
     * mailbox may take away.
     */
    public List<String> changeFeatures() throws IOException {
        var features = get("/account").expect(200).json().get("features");
        return Stream.of("changes", "condStore").map(it -> features.get(it).asString()).toList();
    }

    public Answer get(String path) throws IOException {
        return send("GET", path, null, BodyPublishers.noBody());
    }

    /** Opens a stream of events. */
    public EventReader events(String path) throws IOException {
        return EventReader.open(port, token, path, null);
    }

    /** Opens a URL without an Authorization header, as a browser does for a link. */
    public Answer open(String path) throws IOException {
        return answer(HttpRequest.newBuilder(URI.create(base + path)).build());
    }

    public Answer delete(String path) throws IOException {
        return send("DELETE", path, null, BodyPublishers.noBody());
    }

    /** Posts JSON, given with single quotes. */
    public Answer post(String path, String json) throws IOException {
        return post(path, "application/json", json.replace('\'', '"'));
    }

    public Answer post(String path, String type, String body) throws IOException {
        return send("POST", path, type, BodyPublishers.ofString(body));
    }

    public Answer post(String path, String type, byte[] body) throws IOException {
        return send("POST", path, type, BodyPublishers.ofByteArray(body));
    }

    public Answer put(String path, String json) throws IOException {
        var body = BodyPublishers.ofString(json.replace('\'', '"'));
        return send("PUT", path, "application/json", body);
    }

    public Answer patch(String path, String json) throws IOException {
        var body = BodyPublishers.ofString(json.replace('\'', '"'));
        return send("PATCH", path, "application/merge-patch+json", body);
    }

    /** Sends JSON, or no body, with further headers as names and values. */
    public Answer send(String method, String path, @Nullable String json, String... headers)
            throws IOException {
        var body = json == null ? BodyPublishers.noBody() : BodyPublishers.ofString(json);
        return send(method, path, json == null ? null : "application/json", body, headers);
    }

    public Answer send(
            String method,
            String path,
            @Nullable String type,
            BodyPublisher body,
            String... headers)
            throws IOException {
        var request =
                HttpRequest.newBuilder(URI.create(path.startsWith("http") ? path : base + path))
                        .header("Authorization", "Bearer " + token)
                        .method(method, body);
        if (type != null) {
            request.header("Content-Type", type);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return answer(request.build());
    }

    private Answer answer(HttpRequest request) throws IOException {
        try {
            HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), response.body(), response.headers());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
