package postern.imap.client.connect;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;
import postern.account.AccessToken;
import postern.account.Account;
import postern.account.Credential;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.testserver.ScriptedImapServer;

/** At the level TRACE Angus logs the octets of a connection. */
class QuietLoginsTest {

    private static final String SECRET = "hush-hush-hush";

    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Level before = root.getLevel();
    private final ListAppender<ILoggingEvent> events = new ListAppender<>();
    private final java.util.logging.Logger angus =
            java.util.logging.Logger.getLogger("postern.imap.client.connect");

    @BeforeEach
    void traceEverything() {
        events.start();
        root.setLevel(Level.TRACE);
        root.addAppender(events);
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        angus.setLevel(java.util.logging.Level.ALL);
    }

    @AfterEach
    void traceNothing() {
        angus.setLevel(null);
        stopListening();
    }

    private void stopListening() {
        root.detachAppender(events);
        root.setLevel(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "IMAP4rev1",
                "IMAP4rev1 SASL-IR AUTH=PLAIN LOGINDISABLED",
                "IMAP4rev1 AUTH=PLAIN LOGINDISABLED"
            })
    void noPasswordIsLogged(String capabilities) {
        logIn(capabilities, new Password(SECRET));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "IMAP4rev1 SASL-IR AUTH=OAUTHBEARER",
                "IMAP4rev1 AUTH=OAUTHBEARER",
                "IMAP4rev1 SASL-IR AUTH=XOAUTH2"
            })
    void noAccessTokenIsLogged(String capabilities) {
        logIn(capabilities, AccessToken.of(SECRET, null));
    }

    private void logIn(String capabilities, Credential credential) {
        try (var server = ScriptedImapServer.start().capabilities(capabilities.split(" "))) {
            if (!capabilities.contains("AUTH=")) {
                server.expectMatching("LOGIN .*").reply("OK welcome");
            } else if (capabilities.contains("SASL-IR")) {
                server.expectMatching("AUTHENTICATE .*").reply("OK welcome");
            } else {
                server.expectMatching("AUTHENTICATE .*").reply("+ ");
                server.expectMatching(".*").reply("OK welcome");
            }
            var address = new ImapServer(server.host(), server.port(), Security.NONE);
            Connectors.oauthConnector(server.host(), server.port())
                    .connect(new Account(address, "anne", credential))
                    .close();
        }

        // other tests' gateways go on to log
        stopListening();
        assertThat(events.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .noneMatch(message -> message.contains(SECRET))
                .allMatch(message -> message.lines().noneMatch(QuietLoginsTest::hidesTheSecret));
    }

    /** In base64, wherever it begins. */
    private static boolean hidesTheSecret(String line) {
        for (var word : line.split(" ")) {
            try {
                var decoded = Base64.getDecoder().decode(word.strip());
                if (new String(decoded, StandardCharsets.UTF_8).contains(SECRET)) {
                    return true;
                }
            } catch (IllegalArgumentException _) {
                // no base64
            }
        }
        return false;
    }
}
