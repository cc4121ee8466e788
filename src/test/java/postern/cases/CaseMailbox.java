package postern.cases;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.account.SessionTokens;
import postern.testserver.BareSocket;
import postern.testserver.TestServer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A new user's mailbox on a server, read over HTTP. Messages are appended by plain IMAP, without
 * the gateway.
 */
public final class CaseMailbox {

    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final TestServer server;
    private final String user;
    private final String base;
    private final String token;

    private CaseMailbox(TestServer server, String user, String base, String token) {
        this.server = server;
        this.user = user;
        this.base = base;
        this.token = token;
    }

    /** Logs in to the gateway on this local port; {@code tokens} must be the gateway's. */
    public static CaseMailbox on(TestServer server, int port, SessionTokens tokens) {
        var user = server.newUser();
        var imap = new ImapServer(server.host(), server.port(), Security.NONE);
        var session = tokens.start(new Account(imap, user, new Password(server.password())));
        return new CaseMailbox(
                server, user, "http://localhost:" + port + "/v1", tokens.seal(session));
    }

    /** The octets of {@code cases/NAME.eml} with CRLF line ends. */
    public static byte[] octets(String name) {
        try (var file = CaseMailbox.class.getResourceAsStream("/cases/" + name + ".eml")) {
            var text = new String(Objects.requireNonNull(file, name).readAllBytes(), ISO_8859_1);
            return text.replace("\r\n", "\n").replace("\n", "\r\n").getBytes(ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Another program, logged in as the same user. */
    public BareSocket otherProgram() throws IOException {
        return BareSocket.loggedIn(server, user);
    }

    /** Appends a case to INBOX and returns its item in the list. */
    public JsonNode append(String name) {
        return append(octets(name));
    }

    /** Appends octets to INBOX and returns the newest item of its list. */
    public JsonNode append(byte[] message) {
        try (var imap = BareSocket.loggedIn(server, user)) {
            var answer = imap.command("APPEND INBOX", message).getLast();
            if (!answer.contains(" OK")) {
                throw new AssertionError(answer);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return get("/mailboxes/inbox/messages?limit=1").path("items").path(0);
    }

    /** The message of a list item, with its text, HTML and headers. */
    public JsonNode message(JsonNode row) {
        return get("/messages/" + row.path("id").asString() + "?include=text,html,headers");
    }

    public JsonNode get(String path) {
        return JSON.readTree(expect(200, send("GET", path, null)).body());
    }

    public JsonNode post(String path, String json) {
        var answer = send("POST", path, json);
        if (answer.statusCode() / 100 != 2) {
            throw new AssertionError(answer.statusCode() + ": " + text(answer));
        }
        return JSON.readTree(answer.body());
    }

    public byte[] octetsOf(String path) {
        return expect(200, send("GET", path, null)).body();
    }

    /** Sends a request; returns the response with any status. */
    public HttpResponse<byte[]> send(String method, String path, @Nullable String json) {
        var request =
                HttpRequest.newBuilder(URI.create(base + path))
                        .header("Authorization", "Bearer " + token)
                        .method(
                                method,
                                json == null
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(json));
        if (json != null) {
            request.header("Content-Type", "application/json");
        }
        try {
            return http.send(request.build(), BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static HttpResponse<byte[]> expect(int status, HttpResponse<byte[]> answer) {
        if (answer.statusCode() != status) {
            throw new AssertionError(
                    answer.statusCode() + " instead of " + status + ": " + text(answer));
        }
        return answer;
    }

    private static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), UTF_8);
    }
}
