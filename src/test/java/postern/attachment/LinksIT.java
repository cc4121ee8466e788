package postern.attachment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ContextConfiguration;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.account.SessionTokens;
import postern.imap.ImapConnections;
import postern.testserver.AnyMailServer;
import postern.testserver.RealServer;
import postern.web.Caller;
import postern.web.OnGreenMail;
import postern.web.id.MessageId;
import postern.web.link.FileLinks;
import tools.jackson.databind.json.JsonMapper;

/** A link contains its mail server, so one gateway opens the links of all of them. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ContextConfiguration(initializers = {OnGreenMail.Server.class, AnyMailServer.class})
@Timeout(300)
class LinksIT {

    private static final String INNER =
            """
            Subject: inner
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary=i

            --i
            Content-Type: text/plain

            text
            --i
            Content-Type: application/pdf; name=a.pdf
            Content-Transfer-Encoding: base64

            JVBERi0xLjQK
            --i
            Content-Type: message/rfc822

            Subject: innermost

            innermost
            --i--
            """;

    private static final String OUTER =
            """
            Subject: outer
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary=o

            --o
            Content-Type: text/plain

            text
            --o
            Content-Type: message/rfc822

            %s
            --o
            Content-Type: application/pdf; name=outer.pdf
            Content-Transfer-Encoding: base64

            JVBERi0xLjQK
            --o--
            """
                    .formatted(INNER);

    @LocalServerPort private int port;
    @Autowired private SessionTokens sessions;
    @Autowired private JsonMapper json;
    private final HttpClient http = HttpClient.newHttpClient();
    @Autowired private ImapConnections connections;
    @Autowired private FileLinks links;

    @AfterEach
    void theClientLeaves() {
        http.close();
    }

    @ParameterizedTest
    @EnumSource(RealServer.class)
    void aLinkOpensAPartOnEveryServer(RealServer server) throws Exception {
        var file = SampleFilePart.of("base64", 700_000);
        var account = account(server);
        var id = append(account, file.message());

        var url = links.url(new Caller(account, null), id, "2");

        assertThat(get(url, account)).isEqualTo(file.octets());
    }

    @ParameterizedTest
    @EnumSource(RealServer.class)
    void theFilesOfAMessageThatIsAttachedAreHadLikeThoseOfAnyOther(RealServer server)
            throws Exception {
        var account = account(server);
        var outer = append(account, octets(OUTER));
        var inner = "/v1/messages/" + outer.attached("2");
        var innermost = "/v1/messages/" + outer.attached("2").attached("3");

        assertThat(get(link(inner, account, "'part', 'partId': '2'"), account))
                .asString()
                .isEqualTo("%PDF-1.4\n");
        assertThat(get(link(inner, account, "'message'"), account)).isEqualTo(octets(INNER));
        assertThat(files(get(link(inner, account, "'attachments'"), account)))
                .containsEntry("a.pdf", "%PDF-1.4\n")
                .hasSize(2);
        assertThat(files(get(inner + "/attachments.zip", account))).hasSize(2);
        assertThat(get(link(innermost, account, "'part', 'partId': '1'"), account))
                .asString()
                .startsWith("innermost"); // one server includes the line end before the boundary
        assertThat(send(request(innermost + "/attachments.zip", account)).statusCode())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({"2, 4", "1, 1", "3, 1", "7, 1"})
    void noLinkIsMadeToWhatIsNotAttached(String message, String part) throws Exception {
        var account = account(RealServer.DOVECOT_2_3);
        var outer = append(account, octets(OUTER));
        var path = "/v1/messages/" + new MessageId(outer.message(), message);

        assertThat(order(path, account, "'part', 'partId': '%s'".formatted(part)).statusCode())
                .isEqualTo(404);
        if (!message.equals("2")) {
            assertThat(order(path, account, "'message'").statusCode()).isEqualTo(404);
            assertThat(order(path, account, "'attachments'").statusCode()).isEqualTo(404);
        }
    }

    private static Account account(RealServer server) {
        var at = new ImapServer(server.host(), server.port(), Security.NONE);
        return new Account(at, server.newUser(), new Password(server.password()));
    }

    private MessageId append(Account account, byte[] message) {
        try (var api = new DownloadApi(port, connections, account)) {
            return MessageId.parse(api.append(message));
        }
    }

    private String link(String message, Account account, String file) throws Exception {
        var answer = order(message, account, file);
        assertThat(answer.statusCode()).isEqualTo(200);
        return json.readTree(answer.body()).at("/items/0/url").asString();
    }

    private HttpResponse<byte[]> order(String message, Account account, String file)
            throws Exception {
        var order = "{'items': [{'file': %s}]}".formatted(file).replace('\'', '"');
        return send(
                request(message + "/links", account)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(order)));
    }

    private byte[] get(String path, Account account) throws Exception {
        var answer = send(request(path, account));
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body();
    }

    /**
     * A session can belong to any mail server; a user name and password only to the configured one.
     */
    private HttpRequest.Builder request(String path, Account account) {
        var request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
        return path.startsWith("/v1/links/")
                ? request
                : request.header(
                        "Authorization", "Bearer " + sessions.seal(sessions.start(account)));
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), BodyHandlers.ofByteArray());
    }

    private static Map<String, String> files(byte[] zip) throws Exception {
        var files = new LinkedHashMap<String, String>();
        try (var in = new ZipInputStream(new ByteArrayInputStream(zip))) {
            for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                files.put(
                        entry.getName(),
                        new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
            }
        }
        return files;
    }

    private static byte[] octets(String message) {
        return message.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII);
    }
}
