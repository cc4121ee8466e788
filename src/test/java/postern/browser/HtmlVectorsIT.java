package postern.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ContextConfiguration;
import postern.testbrowser.Chromium;
import postern.testbrowser.Site;
import postern.testbrowser.Tab;
import postern.testclient.HttpApi;
import postern.testserver.InMemoryServer;
import postern.web.OnGreenMail;
import tools.jackson.databind.json.JsonMapper;

/**
 * Messages that try to run a script or to tell another server that they were read, in a browser: as
 * the document that the gateway makes of them, and as a fragment and a frame in the page of an app
 * that has no policy of its own.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ContextConfiguration(initializers = OnGreenMail.Server.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(600)
class HtmlVectorsIT {

    private static final InMemoryServer MAIL = InMemoryServer.GREENMAIL;
    private static final JsonMapper JSON = new JsonMapper();

    @LocalServerPort private int port;
    private final Site canary = Site.start().otherwise(HtmlVectorsIT::harmful);
    private final Site app = Site.start();
    private final List<HtmlVector> vectors = HtmlVector.all("canary.test:" + canary.port());
    private final Map<HtmlVector, String> ids = new LinkedHashMap<>();
    private final List<String> faults = new ArrayList<>();
    private Chromium browser;
    private String token;
    private HttpApi api;

    @BeforeAll
    void deliver() throws Exception {
        browser = Chromium.start();
        token = logIn();
        api = new HttpApi(port, token);
        for (var vector : vectors) {
            var answer =
                    api.post("/mailboxes/inbox/messages", "message/rfc822", vector.message())
                            .expect(201);
            ids.put(vector, answer.json().get("id").asString());
        }
        app.page("/", "<!DOCTYPE html><title>app</title><div id=mail></div><iframe id=frame>");
    }

    @AfterAll
    void stop() throws IOException {
        canary.close();
        app.close();
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void forget() {
        canary.forget();
        faults.clear();
    }

    @Test
    void aMessageAsADocumentRunsNothingAndAsksNobody() {
        try (var tab = browser.open().headers(authorization())) {
            for (var vector : vectors) {
                visit(tab, document(vector, "block"));
                provoke(tab);
                check(vector, tab);
            }
        }
        assertThat(faults).isEmpty();
        assertNobodyIsAsked();
    }

    @Test
    void aDocumentWithRemoteContentLoadsPicturesAlone() {
        try (var tab = browser.open().headers(authorization())) {
            for (var vector : vectors) {
                visit(tab, document(vector, "allow"));
                provoke(tab);
                note(vector, tab.alarms());
                note(
                        vector,
                        requests(tab).filter(request -> !request.startsWith("Image ")).toList());
            }
        }
        assertThat(faults).isEmpty();
        assertThat(canary.requests()).as("remote content is allowed").isNotEmpty();
    }

    /** By innerHTML, once more as it was serialised again, and as a document in a frame. */
    @Test
    void aMessageInThePageOfAnAppRunsNothingAndAsksNobody() throws Exception {
        try (var tab = browser.open()) {
            for (var vector : vectors) {
                var message = api.get("/messages/" + ids.get(vector) + "?include=html").expect(200);
                var fragment = message.json().at("/html/content").asString("");
                var page = api.get("/messages/" + ids.get(vector) + "/html").expect(200).text();
                tab.visit(app.origin("app.test") + "/");
                tab.evaluate("frame.srcdoc = " + JSON.writeValueAsString(page));
                tab.evaluate("mail.innerHTML = " + JSON.writeValueAsString(fragment));
                provoke(tab);
                check(vector, tab);
                tab.evaluate("mail.innerHTML = mail.innerHTML");
                tab.layOut();
                check(vector, tab);
            }
        }
        assertThat(faults).isEmpty();
        assertNobodyIsAsked();
    }

    /**
     * Otherwise the tests above would show nothing. Every message has a tab of its own: one that
     * goes to another page by itself could do so while the next is opened, and abort it.
     */
    @Test
    void mostOfTheseMessagesDoHarmAsTheyAre() throws IOException {
        var harmless = new ArrayList<String>();
        var raw = vectors.stream().filter(HtmlVector::isHtml).toList();
        for (var vector : raw) {
            app.page("/raw", vector.html());
            try (var tab = browser.open()) {
                tab.visit(app.origin("app.test") + "/raw");
                provoke(tab);
                boolean asked =
                        canary.requests().stream().anyMatch(it -> it.contains(vector.mark()));
                if (tab.alarms().isEmpty() && !asked) {
                    harmless.add(vector.name());
                }
            }
        }
        Files.write(Path.of("target/html-vectors-harmless.txt"), harmless);
        assertThat(vectors).hasSizeGreaterThan(200);
        assertThat(harmless).hasSizeLessThan(raw.size() / 2);
    }

    private static void visit(Tab tab, String document) {
        tab.visit(document);
        assertThat(tab.status(document)).as(document).isEqualTo(200);
    }

    /** Shows the page, moves the mouse over it and clicks. */
    private static void provoke(Tab tab) {
        tab.layOut();
        tab.click(300, 150);
        tab.layOut();
    }

    private void check(HtmlVector vector, Tab tab) {
        note(vector, tab.alarms());
        note(vector, requests(tab).toList());
    }

    /** Those besides the page itself. */
    private Stream<String> requests(Tab tab) {
        return tab.requests().stream()
                .filter(it -> !it.startsWith("Document " + gateway() + "/v1/messages/"))
                .filter(it -> !it.equals("Document " + app.origin("app.test") + "/"))
                // the browser looks for one by itself
                .filter(it -> !it.endsWith("/favicon.ico"));
    }

    private void note(HtmlVector vector, List<String> found) {
        if (!found.isEmpty()) {
            faults.add(vector.name() + ": " + found);
        }
    }

    private void assertNobodyIsAsked() {
        assertThat(canary.requests()).isEmpty();
    }

    private String document(HtmlVector vector, String remote) {
        return gateway() + "/v1/messages/" + ids.get(vector) + "/html?remote=" + remote;
    }

    private String gateway() {
        return "http://localhost:" + port;
    }

    private Map<String, String> authorization() {
        return Map.of("Authorization", "Bearer " + token);
    }

    private String logIn() throws IOException, InterruptedException {
        var body =
                """
                {"username": "%s", "password": "%s"}
                """
                        .formatted(MAIL.newUser(), MAIL.password());
        var login =
                HttpRequest.newBuilder(URI.create(gateway() + "/v1/sessions"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
        try (var http = HttpClient.newHttpClient()) {
            var answer = http.send(login, HttpResponse.BodyHandlers.ofString());
            return JSON.readTree(answer.body()).get("token").asString();
        }
    }

    /** What the other server has does harm, too, where it is loaded. */
    private static Site.Page harmful(String path) {
        return switch (path.substring(path.lastIndexOf('.') + 1)) {
            case "js" -> new Site.Page("text/javascript", "pwned('script')");
            case "css" -> new Site.Page("text/css", "p{background:url(/css.gif)}");
            case "html" -> new Site.Page("text/html", "<script>pwned('page')</script>");
            default ->
                    new Site.Page(
                            "image/svg+xml",
                            "<svg xmlns='http://www.w3.org/2000/svg' onload='pwned()'/>");
        };
    }
}
