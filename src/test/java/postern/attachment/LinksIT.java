package postern.attachment;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ContextConfiguration;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.imap.ImapConnections;
import postern.imap.RealServer;
import postern.web.Caller;
import postern.web.FileLinks;
import postern.web.MessageId;
import postern.web.OnGreenMail;

/** A link carries its mail server, so one gateway opens the links of them all. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ContextConfiguration(initializers = OnGreenMail.Server.class)
@Timeout(300)
class LinksIT {

    @LocalServerPort private int port;
    @Autowired private ImapConnections connections;
    @Autowired private FileLinks links;

    @ParameterizedTest
    @EnumSource(RealServer.class)
    void aLinkOpensAPartOnEveryServer(RealServer server) throws Exception {
        var file = Enclosure.of("base64", 700_000);
        var at = new ImapServer(server.host(), server.port(), Security.NONE);
        var account = new Account(at, server.newUser(), new Password(server.password()));
        String messageId;
        try (var api = new DownloadApi(port, connections, account)) {
            messageId = api.append(file.message());
        }
        var url = links.url(new Caller(account, null), MessageId.parse(messageId), "2");

        try (var http = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + url));
            var answer = http.send(request.build(), BodyHandlers.ofByteArray());

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo(file.octets());
        }
    }
}
