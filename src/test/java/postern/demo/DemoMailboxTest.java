package postern.demo;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.boot.test.context.SpringBootTest.WebEnvironment.RANDOM_PORT;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import postern.PosternApplication;

@SpringBootTest(
        classes = {PosternApplication.class, DemoMailbox.class},
        webEnvironment = RANDOM_PORT)
class DemoMailboxTest {
    private final String imapHost;
    private final int imapPort;
    private final int httpPort;

    DemoMailboxTest(
            @Value("${postern.imap.host}") String imapHost,
            @Value("${postern.imap.port}") int imapPort,
            @LocalServerPort int httpPort) {
        this.imapHost = imapHost;
        this.imapPort = imapPort;
        this.httpPort = httpPort;
    }

    @Test
    void bringsTheGatewayUp() throws Exception {
        var health = URI.create("http://localhost:%d/actuator/health".formatted(httpPort));
        try (var client = HttpClient.newHttpClient()) {
            var response =
                    client.send(HttpRequest.newBuilder(health).build(), BodyHandlers.ofString());

            assertThat(response.statusCode()).isEqualTo(200);
        }
    }

    @Test
    void sendsToItself() throws Exception {
        var message =
                """
                {"from": [{"email": "demo@example.org"}], "to": [{"email": "demo@example.org"}],
                 "subject": "To myself", "text": "Hello"}
                """;
        try (var client = HttpClient.newHttpClient();
                var imap = new BareImap(imapHost, imapPort)) {
            imap.command("LOGIN demo demo");

            var sent =
                    client.send(
                            HttpRequest.newBuilder(
                                            URI.create(
                                                    "http://localhost:%d/v1/send"
                                                            .formatted(httpPort)))
                                    .header("Authorization", "Basic ZGVtbzpkZW1v")
                                    .header("Content-Type", "application/json")
                                    .POST(HttpRequest.BodyPublishers.ofString(message))
                                    .build(),
                            BodyHandlers.ofString());

            assertThat(sent.statusCode()).as(sent.body()).isEqualTo(200);
            for (var mailbox : List.of("INBOX", "Sent")) {
                imap.command("SELECT " + mailbox);
                var found = imap.command("UID SEARCH SUBJECT \"To myself\"").getFirst();
                assertThat(found).as(mailbox).matches("\\* SEARCH \\d+");
                // the other tests count
                imap.command(
                        "UID STORE %s +FLAGS (\\Deleted)"
                                .formatted(found.substring("* SEARCH ".length())));
                imap.command("EXPUNGE");
            }
        }
    }

    @Test
    void listsEveryMailbox() throws IOException {
        try (var imap = new BareImap(imapHost, imapPort)) {
            imap.command("LOGIN demo demo");

            assertThat(imap.command("LIST \"\" \"*\""))
                    .containsExactlyInAnyOrder(
                            "* LIST () \".\" \"INBOX\"",
                            "* LIST () \".\" \"Drafts\"",
                            "* LIST () \".\" \"Sent\"",
                            "* LIST () \".\" \"Trash\"",
                            "* LIST () \".\" \"Junk\"",
                            "* LIST () \".\" \"Archive\"",
                            "* LIST () \".\" \"Projekte\"",
                            "* LIST () \".\" \"Projekte.2026 &- \\\"Q1\\\"\"",
                            "* LIST () \".\" \"Familie und Freunde\"",
                            "* LIST () \".\" \"&ZcWITA-\"");
        }
    }

    @Test
    void answersTheEnvelopeAndStructureOfEveryMessage() throws IOException {
        try (var imap = new BareImap(imapHost, imapPort)) {
            imap.command("LOGIN demo demo");
            imap.command("EXAMINE INBOX");

            var envelopes = imap.command("FETCH 1:* (UID ENVELOPE BODYSTRUCTURE)");

            assertThat(envelopes).hasSize(inbox().size()).hasSizeGreaterThan(300);
            assertThat(envelopes.getLast()).contains("Welcome to the demo mailbox");
        }
    }

    @Test
    void keepsTheOctetsOfMalformedMail() throws IOException {
        var rawUtf8 = "Subject: Mañana, señor – naïvely unencoded".getBytes(UTF_8);
        try (var imap = new BareImap(imapHost, imapPort)) {
            imap.command("LOGIN demo demo");
            imap.command("EXAMINE INBOX");

            var headers = imap.command("FETCH 1:* (BODY.PEEK[HEADER])");

            assertThat(headers).contains(new String(rawUtf8, ISO_8859_1));
        }
    }

    @Test
    void staysSmallEnoughForMemory() {
        var mailboxes = new DemoMailboxes(Instant.now()).byName().values();

        long octets =
                mailboxes.stream().flatMap(List::stream).mapToLong(m -> m.octets().length).sum();

        assertThat(octets).isBetween(5L << 20, 30L << 20);
    }

    @Test
    void startsTheInboxWithLettersWrittenByHand() {
        var newest = inbox().reversed().subList(0, 25);

        assertThat(newest)
                .allSatisfy(m ->
                        assertThat(new String(m.octets(), UTF_8)).contains("@demo.example.org>"));
    }

    // With a second one spring-boot:test-run could not choose.
    @Test
    void isStartedByTheOnlyMainClassOfTheTestTree() {
        var testTree =
                new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS)
                        .importPackages("postern");

        var mains =
                testTree.stream().filter(c -> c.tryGetMethod("main", String[].class).isPresent());

        assertThat(mains.map(JavaClass::getName)).containsExactly(DemoPostern.class.getName());
    }

    private static List<DemoMessage> inbox() {
        return new DemoMailboxes(Instant.now()).byName().getOrDefault("INBOX", List.of());
    }

    /** IMAP on a socket with no library between, so that nothing hides what the server sends. */
    private static final class BareImap implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader in;

        BareImap(String host, int port) throws IOException {
            socket = new Socket(host, port);
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
            line();
        }

        /** The untagged answers; fails unless the command is answered with OK. */
        List<String> command(String command) throws IOException {
            socket.getOutputStream().write(("a " + command + "\r\n").getBytes(ISO_8859_1));
            var untagged = new ArrayList<String>();
            for (var line = line(); ; line = line()) {
                if (line.startsWith("a ")) {
                    assertThat(line).startsWith("a OK ");
                    return untagged;
                }
                untagged.add(line);
            }
        }

        private String line() throws IOException {
            var line = in.readLine();
            if (line == null) {
                throw new EOFException();
            }
            return line;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
