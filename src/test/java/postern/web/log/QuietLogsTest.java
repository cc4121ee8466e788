package postern.web.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import postern.PosternApplication;
import postern.testserver.InMemoryServer;
import tools.jackson.databind.json.JsonMapper;

/** Nothing secret is printed even when everything is logged. */
@ExtendWith(OutputCaptureExtension.class)
class QuietLogsTest {

    private static final InMemoryServer SERVER = InMemoryServer.GREENMAIL;
    private static final String SUBJECT = "subject-of-a-secret-letter";
    private static final String WRONG = "password-that-is-wrong";

    private final String user = SERVER.newUser();
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void logAsUsual() {
        var logging = LoggingSystem.get(QuietLogsTest.class.getClassLoader());
        logging.setLogLevel(LoggingSystem.ROOT_LOGGER_NAME, LogLevel.INFO);
        logging.setLogLevel("org.eclipse.jetty.http", null);
        logging.setLogLevel("com.icegreen", null);
    }

    @Test
    void atTheLowestLevelNothingSecretIsPrinted(CapturedOutput output) throws Exception {
        var gateway =
                new SpringApplicationBuilder(PosternApplication.class)
                        .run(
                                "--server.port=0",
                                "--postern.imap.host=" + SERVER.host(),
                                "--postern.imap.port=" + SERVER.port(),
                                "--postern.imap.security=none",
                                "--logging.level.root=trace",
                                "--logging.level.org.eclipse.jetty.http=trace",
                                // runs in this process too
                                "--logging.level.com.icegreen=off");
        try (gateway) {
            var base =
                    "http://localhost:" + gateway.getEnvironment().getProperty("local.server.port");
            var login = post(base + "/v1/sessions", login(SERVER.password()), "x");
            var token = new JsonMapper().readTree(login).path("token").asString();
            post(base + "/v1/sessions", login(WRONG), "x");
            post(
                    base + "/v1/mailboxes/inbox/messages",
                    "{\"subject\": \"" + SUBJECT + "\", \"text\": \"x\"}",
                    "Bearer " + token);
            var list = get(base + "/v1/mailboxes/inbox/messages", "Bearer " + token);
            get(base + "/v1/mailboxes", basic(WRONG));

            assertThat(list).contains(SUBJECT);
            assertThat(token).isNotEmpty();
            assertThat(output.toString()).contains("DEBUG", "createSession status=201 account=");
            assertThat(output.toString().lines().filter(line -> line.contains("postern.audit")))
                    .isNotEmpty()
                    .noneMatch(line -> line.contains(user));
            for (var secret :
                    new String[] {
                        WRONG,
                        SUBJECT,
                        token,
                        basic(WRONG).substring(6),
                        "\"" + SERVER.password() + "\""
                    }) {
                assertThat(output.toString().lines().filter(line -> line.contains(secret)))
                        .as(secret)
                        .isEmpty();
            }
        }
    }

    private String login(String password) {
        return "{\"username\": \"%s\", \"password\": \"%s\"}".formatted(user, password);
    }

    private String basic(String password) {
        return "Basic "
                + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8));
    }

    private String post(String url, String body, String credentials) throws Exception {
        return send(
                HttpRequest.newBuilder(URI.create(url))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body)),
                credentials);
    }

    private String get(String url, String credentials) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(url)), credentials);
    }

    private String send(HttpRequest.Builder request, String credentials) throws Exception {
        return http.send(
                        request.header("Authorization", credentials).build(),
                        BodyHandlers.ofString())
                .body();
    }
}
