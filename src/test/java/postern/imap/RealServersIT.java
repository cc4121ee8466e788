package postern.imap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import postern.samplemail.SampleMail;
import postern.testserver.BareSocket;
import postern.testserver.InMemoryServer;
import postern.testserver.RealServer;
import postern.testserver.TestServer;

class RealServersIT {

    private static final String ALL = "postern.testserver.TestServer#all";

    private static final String MESSAGE =
            """
            From: Ada <ada@example.org>\r
            Subject: Zoë's first\r
            \r
            One line.\r
            """;

    @ParameterizedTest
    @MethodSource(ALL)
    void greetsAndSaysWhatItCanDo(TestServer server) throws IOException {
        try (var imap = BareSocket.to(server)) {
            assertThat(imap.greeting()).startsWith("* OK");
            assertThat(imap.command("LOGIN " + server.newUser() + " " + server.password()))
                    .last()
                    .asString()
                    .matches("t1 OK.*");

            var capabilities = imap.command("CAPABILITY").getFirst().split(" ");

            assertThat(capabilities).contains("IMAP4rev1").contains(known(server));
            assertThat(capabilities).doesNotContain(unknown(server));
        }
    }

    private static String[] known(TestServer server) {
        return switch (server) {
            case InMemoryServer.GREENMAIL -> new String[] {"UIDPLUS", "MOVE", "SORT"};
            case RealServer.DOVECOT_2_3 -> new String[] {"QRESYNC", "NOTIFY", "COMPRESS=DEFLATE"};
            case RealServer.DOVECOT_2_4 -> new String[] {"QRESYNC", "NOTIFY", "REPLACE"};
            case RealServer.CYRUS -> new String[] {"QRESYNC", "OBJECTID", "METADATA"};
            case RealServer.COURIER -> new String[] {"UIDPLUS", "SORT", "UTF8=ACCEPT"};
        };
    }

    private static String[] unknown(TestServer server) {
        return switch (server) {
            case InMemoryServer.GREENMAIL -> new String[] {"CONDSTORE", "LIST-STATUS", "BINARY"};
            case RealServer.DOVECOT_2_3 -> new String[] {"OBJECTID", "REPLACE"};
            case RealServer.DOVECOT_2_4 -> new String[] {"OBJECTID", "SNIPPET"};
            case RealServer.CYRUS -> new String[] {"NOTIFY", "REPLACE"};
            case RealServer.COURIER -> new String[] {"CONDSTORE", "MOVE", "LITERAL+"};
        };
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void refusesAWrongPassword(TestServer server) throws IOException {
        try (var imap = BareSocket.to(server)) {
            assertThat(imap.command("LOGIN " + server.newUser() + " wrong"))
                    .last()
                    .asString()
                    .startsWith("t1 NO");
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void givesAMessageBackAsItCame(TestServer server) throws IOException {
        try (var imap = BareSocket.loggedIn(server, server.newUser())) {
            imap.command("APPEND INBOX (\\Flagged)", MESSAGE);

            assertThat(imap.command("SELECT INBOX")).contains("* 1 EXISTS");
            assertThat(String.join("\r\n", imap.command("UID FETCH 1:* (FLAGS BODY.PEEK[])")))
                    .contains("\\Flagged")
                    .contains(MESSAGE);
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void hasTheMailboxesOfAMailProgram(TestServer server) throws IOException {
        try (var imap = BareSocket.loggedIn(server, server.newUser())) {
            var list = String.join("\n", imap.command("LIST \"\" *"));

            assertThat(list).contains("INBOX");
            switch (server) {
                case InMemoryServer _ -> {}
                case RealServer.COURIER -> assertThat(list).contains("\".\" \"INBOX.Sent\"");
                case RealServer _ -> assertThat(list).containsIgnoringCase("\\Sent) \"/\" Sent");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void keepsItsPortAndItsMailThroughACrash(RealServer server) throws IOException {
        var user = server.newUser();
        var port = server.port();
        try (var imap = BareSocket.loggedIn(server, user)) {
            imap.command("APPEND INBOX", MESSAGE);

            server.kill();

            assertThatThrownBy(() -> imap.command("NOOP")).isInstanceOf(IOException.class);
        }
        assertThatThrownBy(() -> BareSocket.to(server)).isInstanceOf(ConnectException.class);

        server.restart();

        assertThat(server.port()).isEqualTo(port);
        try (var imap = BareSocket.loggedIn(server, user)) {
            assertThat(imap.command("SELECT INBOX")).contains("* 1 EXISTS");
        }
    }

    @ParameterizedTest
    @EnumSource
    void comesBackAfterAnOrderlyStop(RealServer server) throws IOException {
        server.start();
        server.stop();
        assertThatThrownBy(() -> BareSocket.to(server)).isInstanceOf(ConnectException.class);

        server.restart();

        try (var imap = BareSocket.to(server)) {
            assertThat(imap.greeting()).startsWith("* OK");
        }
    }

    static Stream<RealServer> dovecots() {
        return Stream.of(RealServer.DOVECOT_2_3, RealServer.DOVECOT_2_4);
    }

    @ParameterizedTest
    @MethodSource("dovecots")
    void speaksTlsUnderTheCertificateItShows(RealServer server) throws Exception {
        var tls = trusting(server.certificate()).getSocketFactory();

        var socket = (SSLSocket) tls.createSocket(server.host(), server.tlsPort());
        var parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);

        try (var imap = new BareSocket(socket)) {
            assertThat(imap.greeting()).startsWith("* OK");
        }
        try (var imap = BareSocket.to(server)) {
            assertThat(imap.command("STARTTLS")).last().asString().startsWith("t1 OK");
        }
    }

    private static SSLContext trusting(String pem) throws Exception {
        var certificate =
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(pem.getBytes(UTF_8)));
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setCertificateEntry("server", certificate);
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        var context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    @ParameterizedTest
    @MethodSource("dovecots")
    void takesAWholeMaildir(RealServer server, @TempDir Path maildir) throws IOException {
        var user = server.newUser();
        for (var box : List.of("cur", "new", "tmp")) {
            Files.createDirectory(maildir.resolve(box));
        }
        for (int i = 1; i <= 200; i++) {
            var file = maildir.resolve("cur/%d.M%dP1.test:2,S".formatted(1_700_000_000 + i, i));
            Files.writeString(file, "Subject: number " + i + "\r\n\r\nbody\r\n");
            Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(1_700_000_000)));
        }

        server.copyMaildir(user, maildir);

        try (var imap = BareSocket.loggedIn(server, user)) {
            assertThat(imap.command("EXAMINE INBOX")).contains("* 200 EXISTS");
            assertThat(imap.command("FETCH 200 (FLAGS INTERNALDATE)"))
                    .first()
                    .asString()
                    .contains("\\Seen", "14-Nov-2023 22:13:20 +0000");
        }
    }

    @ParameterizedTest
    @MethodSource("dovecots")
    void isFilledWithSampleMail(RealServer server) throws IOException {
        var user = server.newUser();
        var mail = new SampleMail(7);

        server.fill(user, mail.messages(300));

        try (var imap = BareSocket.loggedIn(server, user)) {
            assertThat(imap.command("SELECT INBOX")).contains("* 300 EXISTS");
            assertThat(imap.command("FETCH 300 (RFC822.SIZE)"))
                    .contains("* 300 FETCH (RFC822.SIZE " + mail.message(299).size() + ")");
            assertThat(imap.command("STORE 300 +FLAGS (\\Deleted)").getLast()).contains("OK");
        }
    }
}
