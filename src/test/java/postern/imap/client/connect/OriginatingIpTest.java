package postern.imap.client.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import postern.imap.MailboxName;
import postern.imap.OriginatingAddress;
import postern.provider.ConfiguredServers;
import postern.testserver.ScriptedImapServer;

/** A mail server that is told whose login it is; ID is RFC 2971. */
@Timeout(30)
class OriginatingIpTest {

    private static final String TOLD = "originating-ip=corp";

    private final ScriptedImapServer server =
            ScriptedImapServer.start().capabilities("IMAP4rev1", "ID");

    @AfterEach
    void verify() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({"203.0.113.7, 203.0.113.7", "2001:db8::7, 2001:db8:0:0:0:0:0:7"})
    void theAddressOfTheClientGoesBeforeTheLogin(String client, String told) {
        server.expect("ID (\"name\" \"Postern\" \"x-originating-ip\" \"" + told + "\")")
                .reply("* ID NIL", "OK");
        expectLoginAndStatus();

        assertThat(messagesSeenBy(client, TOLD)).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"unknown", "_hidden", "", "1.2.3.4\" \"x"})
    void whatIsNoAddressIsNotTold(String client) {
        expectLoginAndStatus();

        assertThat(messagesSeenBy(client, TOLD)).isEqualTo(3);
    }

    @Test
    void whatTheServerAnswersIsNotLookedAt() {
        server.expectMatching("ID .*").reply("* ID Dovecot", "OK");
        expectLoginAndStatus();

        assertThat(messagesSeenBy("203.0.113.7", TOLD)).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"NO no", "BAD what"})
    void aServerThatRefusesItSeesTheGateway(String refusal) {
        server.expectMatching("ID .*").reply(refusal);
        expectLoginAndStatus();

        assertThat(messagesSeenBy("203.0.113.7", TOLD)).isEqualTo(3);
    }

    @Test
    void noOtherServerIsToldOfClients() {
        expectLoginAndStatus();

        assertThat(messagesSeenBy("203.0.113.7")).isEqualTo(3);
    }

    @Test
    void aNameThatIsNoServersEndsTheStart() {
        assertThatThrownBy(() -> ConfiguredServers.of("originating-ip=crop"))
                .hasStackTraceContaining(
                        "postern.originating-ip: there is no server or preset 'crop'");
    }

    private void expectLoginAndStatus() {
        server.expect("LOGIN anne secret").reply("OK [CAPABILITY IMAP4rev1] welcome");
        server.expectMatching("STATUS \"INBOX\" .*").reply("* STATUS \"INBOX\" (MESSAGES 3)", "OK");
    }

    private @Nullable Long messagesSeenBy(String client, String... settings) {
        var properties =
                new ArrayList<>(
                        List.of(
                                "servers.corp.host=" + server.host(),
                                "servers.corp.port=" + server.port(),
                                "servers.corp.security=none"));
        properties.addAll(List.of(settings));
        var account = Connectors.account(server.host(), server.port(), "anne", "secret");
        var servers = ConfiguredServers.of(properties.toArray(String[]::new));
        try (var _ = OriginatingAddress.begin(client);
                var connection = Connectors.connector(servers).connect(account)) {
            return connection.status(MailboxName.INBOX).messages();
        }
    }
}
