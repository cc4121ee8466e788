package postern.web.connector;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.ArrayList;
import java.util.Base64;
import org.eclipse.jetty.http.HttpFields;
import org.junit.jupiter.api.AfterEach;
import org.springframework.boot.test.web.server.LocalServerPort;
import postern.testserver.InMemoryServer;
import postern.web.connector.Http2Client.Answer;

/** A user of its own for each test, and clients of HTTP/2 that hang up after it. */
abstract class Http2Fixture {

    static final InMemoryServer SERVER = InMemoryServer.GREENMAIL;
    private static final int WINDOW = 1 << 20;

    @LocalServerPort int port;
    final String user = SERVER.newUser();
    private final ArrayList<Http2Client> clients = new ArrayList<>();

    @AfterEach
    void hangUp() throws Exception {
        for (var client : clients) {
            client.close();
        }
    }

    final Http2Client client() throws Exception {
        return client(WINDOW);
    }

    final Http2Client client(int window) throws Exception {
        var client = new Http2Client(port, window);
        clients.add(client);
        return client;
    }

    final Answer get(Http2Client client, String path) throws Exception {
        return client.get(path, credentials()).answer();
    }

    final Http2Client.Exchange search(Http2Client client, HttpFields more) throws Exception {
        return client.begin(
                "POST",
                "/v1/search",
                credentials().add(more).add("Content-Type", "application/json"),
                false);
    }

    final HttpFields.Mutable credentials() {
        var basic =
                Base64.getEncoder()
                        .encodeToString((user + ":" + SERVER.password()).getBytes(US_ASCII));
        return HttpFields.build().add("Authorization", "Basic " + basic);
    }
}
