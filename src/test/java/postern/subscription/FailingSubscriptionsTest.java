package postern.subscription;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ContextConfiguration;
import postern.account.Account;
import postern.account.Password;
import postern.account.SessionTokens;
import postern.provider.MailServers;
import postern.testclient.HttpApi;
import postern.testclient.SecondImapClient;
import postern.testserver.InMemoryServer;
import postern.testserver.WebhookReceiver;
import postern.web.OnGreenMail;

/** A receiver that fails for longer than it is waited for, which is no time at all here. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "postern.webhooks.permitted-hosts=127.0.0.1",
            "postern.subscriptions.look=100ms",
            "postern.subscriptions.retry=10ms",
            "postern.subscriptions.give-up=1ms",
            "postern.subscriptions.most=1",
            "postern.watch.poll=50ms"
        })
@ContextConfiguration(initializers = OnGreenMail.Server.class)
@Timeout(60)
class FailingSubscriptionsTest {

    private static final InMemoryServer SERVER = InMemoryServer.GREENMAIL;
    private static final WebhookReceiver RECEIVER = WebhookReceiver.start();

    @LocalServerPort private int port;
    @Autowired private SessionTokens tokens;
    @Autowired private MailServers servers;

    @AfterAll
    static void stop() {
        RECEIVER.close();
    }

    @Test
    void aSubscriptionWhoseDeliveriesFailIsPausedAndLosesNothing() throws Exception {
        var hook = RECEIVER.hook("failing");
        var user = SERVER.newUser();
        var imap = servers.named(MailServers.DEFAULT).orElseThrow().imap();
        var account = new Account(imap, user, new Password(SERVER.password()));
        var api = new HttpApi(port, tokens.seal(tokens.start(account)));
        var body =
                "{'url':'%s','mailboxIds':['inbox'],'events':['message.added']}"
                        .formatted(hook.url());
        var created = api.post("/subscriptions", body).expect(201).json();
        var full = api.post("/subscriptions", body).expect(503);
        assertThat(full.json().get("code").asString()).isEqualTo("subscriptions-full");
        assertThat(full.headers().firstValue("Retry-After")).isPresent();
        hook.next();
        hook.usually(500);
        try (var program = SecondImapClient.of(SERVER, user)) {
            program.append(
                    "INBOX", Set.of(), "Message-ID: <1@example.org>\r\n\r\nHi".getBytes(UTF_8));
        }
        var told = hook.next("subscription.paused").events().getFirst();
        assertThat(told.get("reason").asString()).isEqualTo("failing");
        var path = "/subscriptions/" + created.get("id").asString();
        var paused = api.get(path).expect(200).json();
        assertThat(paused.get("pausedBecause").asString()).isEqualTo("failing");
        assertThat(paused.get("failingSince").asString()).isNotEmpty();

        hook.usually(200);
        api.send("PATCH", path, "{\"resume\":true}").expect(200);

        assertThat(hook.next("message.added").events()).hasSize(1);
    }
}
