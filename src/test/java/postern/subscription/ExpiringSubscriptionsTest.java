package postern.subscription;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.test.context.ContextConfiguration;
import postern.account.Account;
import postern.account.AllowedServers;
import postern.account.Password;
import postern.account.SessionTokens;
import postern.imap.watch.MailboxWatches;
import postern.mailbox.directory.MailboxResolver;
import postern.provider.MailServers;
import postern.testclient.HttpApi;
import postern.testclient.SecondImapClient;
import postern.testserver.InMemoryServer;
import postern.testserver.WebhookReceiver;
import postern.web.OnGreenMail;
import postern.webhook.Webhooks;
import tools.jackson.databind.json.JsonMapper;

/** What is told before a subscription ends, by a clock that the test sets. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "postern.webhooks.permitted-hosts=127.0.0.1",
            "postern.subscriptions.look=100ms",
            "postern.subscriptions.lease=1h",
            "postern.watch.poll=50ms"
        })
@ContextConfiguration(initializers = OnGreenMail.Server.class)
@Import(ExpiringSubscriptionsTest.LaterTools.class)
@Timeout(120)
class ExpiringSubscriptionsTest {

    private static final InMemoryServer SERVER = InMemoryServer.GREENMAIL;
    private static final WebhookReceiver RECEIVER = WebhookReceiver.start();

    @LocalServerPort private int port;
    @Autowired private SessionTokens tokens;
    @Autowired private MailServers servers;
    @Autowired private LaterTools tools;

    /** For them it is later than it is. */
    @Primary
    static class LaterTools extends SubscriptionTools {

        private volatile Duration passed = Duration.ZERO;

        LaterTools(
                SubscriptionStore store,
                ProgressStore progress,
                MailboxLook mailboxLook,
                AccountLook accountLook,
                MailboxWatches watches,
                MailboxResolver mailboxes,
                SubscriptionProperties properties,
                Webhooks webhooks,
                SessionTokens tokens,
                AllowedServers servers,
                JsonMapper json,
                MeterRegistry meters) {
            super(
                    store,
                    progress,
                    mailboxLook,
                    accountLook,
                    watches,
                    mailboxes,
                    properties,
                    webhooks,
                    tokens,
                    servers,
                    json,
                    meters);
        }

        @Override
        Instant now() {
            return super.now().plus(passed);
        }
    }

    @AfterAll
    static void stop() {
        RECEIVER.close();
    }

    @Test
    void theEndIsToldWhenAQuarterOfTheTimeIsLeft() throws Exception {
        var user = SERVER.newUser();
        var imap = servers.named(MailServers.DEFAULT).orElseThrow().imap();
        var account = new Account(imap, user, new Password(SERVER.password()));
        var api = new HttpApi(port, tokens.seal(tokens.start(account)));
        var hook = RECEIVER.hook("hook");
        var created =
                api.post(
                                "/subscriptions",
                                "{'url':'%s','mailboxIds':['inbox'],'events':['message.added'],'until':'%s'}"
                                        .formatted(hook.url(), Instant.now().plusSeconds(3600)))
                        .expect(201)
                        .json();
        assertThat(type(hook.next())).isEqualTo("subscription.verified");

        tools.passed = Duration.ofMinutes(35);
        try (var program = SecondImapClient.of(SERVER, user)) {
            program.append("INBOX", Set.of(), "Subject: tea\r\n\r\n".getBytes(UTF_8));
        }
        assertThat(type(hook.next())).isEqualTo("message.added");

        tools.passed = Duration.ofMinutes(50);
        var told = hook.next();
        assertThat(type(told)).isEqualTo("subscription.expiring");
        assertThat(told.events().getFirst().get("expiresAt")).isEqualTo(created.get("expiresAt"));
    }

    private static String type(WebhookReceiver.Received received) {
        return received.events().getFirst().get("type").asString();
    }
}
