package postern.attachment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ContextConfiguration;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.imap.ImapConnections;
import postern.testserver.AnyMailServer;
import postern.testserver.InMemoryServer;
import postern.web.OnGreenMail;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ContextConfiguration(initializers = {OnGreenMail.Server.class, AnyMailServer.class})
@Timeout(120)
class AttachmentsZipTest {

    private static final InMemoryServer SERVER = InMemoryServer.GREENMAIL;
    private static final String LETTER =
            """
            Subject: files
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary=m

            --m
            Content-Type: multipart/related; boundary=r

            --r
            Content-Type: text/html

            <img src=cid:logo>
            --r
            Content-Type: image/png; name=logo.png
            Content-ID: <logo>
            Content-Transfer-Encoding: base64

            bG9nbw==
            --r--
            --m
            Content-Type: text/plain; name=notes.txt
            Content-Disposition: attachment; filename=notes.txt

            notes
            --m
            Content-Type: application/pdf
            Content-Disposition: attachment; filename*=utf-8''Gr%C3%BC%C3%9Fe.pdf
            Content-Transfer-Encoding: base64

            cGRm
            --m
            Content-Type: application/octet-stream
            Content-Disposition: attachment; filename="../../NOTES.txt"

            more
            --m--
            """
                    .replace("\n", "\r\n");

    @LocalServerPort private int port;
    @Autowired private ImapConnections connections;
    private DownloadApi api;

    @BeforeEach
    void anEmptyAccount() {
        var server = new ImapServer(SERVER.host(), SERVER.port(), Security.NONE);
        var account = new Account(server, SERVER.newUser(), new Password(SERVER.password()));
        api = new DownloadApi(port, connections, account);
    }

    @AfterEach
    void theClientLeaves() {
        api.close();
    }

    @Test
    void theFilesComeDecodedUnderSafeNamesOfTheirOwn() throws Exception {
        var path = zip(LETTER);

        var answer = api.get(path);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/zip");
        assertThat(answer.headers().firstValue("Content-Disposition").orElseThrow())
                .matches("attachment; filename=\"attachments-\\d+\\.zip\"");
        var files = files(answer.body());
        assertThat(files.values().stream().map(String::strip))
                .containsExactly("notes", "pdf", "more");
        assertThat(files.keySet())
                .contains("notes.txt", "Gr\u00fc\u00dfe.pdf")
                .noneMatch(name -> name.contains("/") || name.contains(".."));
        assertThat(api.head(path).statusCode()).isEqualTo(200);
    }

    @Test
    void picturesInTheTextComeAlongWhereTheyAreAskedFor() throws Exception {
        assertThat(files(api.get(zip(LETTER) + "?inline=true").body()))
                .hasSize(4)
                .containsEntry("logo.png", "logo");
    }

    @Test
    void aMessageWithoutFilesHasNoZip() throws Exception {
        var answer = api.get(zip("Subject: x\r\n\r\ntext\r\n"));

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(new String(answer.body(), StandardCharsets.UTF_8)).contains("part-not-found");
    }

    private String zip(String letter) {
        var id = api.append(letter.getBytes(StandardCharsets.US_ASCII));
        return "/v1/messages/%s/attachments.zip".formatted(id);
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
}
