package postern.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.util.unit.DataSize;
import postern.account.ImapProperties;
import postern.account.Security;
import postern.imap.client.connect.AngusConnector;
import postern.imap.client.connect.Connectors;
import postern.imap.client.wire.ConnectionProperties;
import postern.testserver.ScriptedImapServer;

class DisabledExtensionsTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    @Test
    void aConnectionDoesNotUseWhatIsSwitchedOffForItsServer() {
        try (var server = ScriptedImapServer.start().capabilities("IMAP4rev1", "MOVE", "UIDPLUS")) {
            var account = Connectors.account(server.host(), server.port(), "ada", "secret");

            try (var connection = connector(server).connect(account)) {
                assertThat(connection.capabilities().move()).isFalse();
                assertThat(connection.capabilities().uidPlus()).isTrue();
            }
        }
    }

    private static AngusConnector connector(ScriptedImapServer server) {
        var values =
                Map.of(
                        "postern.servers.scripted.host",
                        server.host(),
                        "postern.servers.scripted.port",
                        String.valueOf(server.port()),
                        "postern.servers.scripted.security",
                        "none",
                        "postern.servers.scripted.disabled-extensions",
                        "MOVE");
        var properties =
                new Binder(new MapConfigurationPropertySource(values))
                        .bind("postern", MailServerProperties.class)
                        .get();
        var standard = new ImapProperties("mail.example.org", null, Security.TLS, null);
        return new AngusConnector(
                new ConnectionProperties(
                        TIMEOUT,
                        TIMEOUT,
                        TIMEOUT,
                        TIMEOUT,
                        DataSize.ofMegabytes(1),
                        DataSize.ofMegabytes(1),
                        null,
                        null),
                new DefaultSslBundleRegistry(),
                new MailServers(standard, SubmissionProperties.NONE, properties),
                new SimpleMeterRegistry());
    }
}
