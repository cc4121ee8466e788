package postern.subscription;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
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
import postern.testserver.WebhookReceiver.Hook;
import postern.web.OnGreenMail;

/**
 * Subscriptions to a whole account. Nothing is polled sooner than in an hour: what is told here,
 * the mail server has reported, or this process has done itself.
 */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "postern.webhooks.permitted-hosts=127.0.0.1",
            "postern.subscriptions.poll=1h",
            "postern.watch.poll=1h"
        })
@ContextConfiguration(initializers = OnGreenMail.Server.class)
@Timeout(60)
class AccountSubscriptionsTest {

    private static final InMemoryServer SERVER = InMemoryServer.GREENMAIL;
    private static final WebhookReceiver RECEIVER = WebhookReceiver.start();
    private static int serial;

    @LocalServerPort private int port;
    @Autowired private SessionTokens tokens;
    @Autowired private MailServers servers;

    private Hook hook = RECEIVER.hook("none");
    private @Nullable HttpApi api;
    private @Nullable SecondImapClient second;

    @BeforeEach
    void subscribe() throws Exception {
        var user = SERVER.newUser();
        second = SecondImapClient.of(SERVER, user);
        program().create("Work");
        var imap = servers.named(MailServers.DEFAULT).orElseThrow().imap();
        var account = new Account(imap, user, new Password(SERVER.password()));
        api = new HttpApi(port, tokens.seal(tokens.start(account)));
        hook = RECEIVER.hook("hook" + ++serial);
        api().post(
                        "/subscriptions",
                        "{'url':'%s','events':['mailbox.changed','mailbox.created','mailbox.removed']}"
                                .formatted(hook.url()))
                .expect(201);
        hook.next("subscription.verified");
    }

    @AfterEach
    void close() throws IOException {
        program().close();
    }

    @AfterAll
    static void stop() {
        RECEIVER.close();
    }

    @Test
    void whatTheMailServerReportsIsDeliveredAtOnce() throws Exception {
        append("INBOX");

        var changed = hook.next("mailbox.changed").events();
        assertThat(changed).anyMatch(it -> it.path("totalMessages").asLong() == 1);
    }

    @Test
    void whatTheGatewayItselfChangesIsDeliveredAtOnce() throws Exception {
        var created =
                api().post("/mailboxes", "{'name':'Play'}").expect(201).json().get("id").asString();
        assertThat(mailboxesOf("mailbox.created")).containsExactly(created);

        api().delete("/mailboxes/" + created + "?withMessages=true").expect(204);
        assertThat(mailboxesOf("mailbox.removed")).containsExactly(created);
    }

    /** GreenMail has no mod-sequences, so that the counters of the mailbox stay the same. */
    @Test
    void aKeywordThatNoCounterShowsIsDelivered() throws Exception {
        append("Work");
        append("INBOX");
        hook.next("mailbox.changed");
        var work = work();
        var message =
                api().get("/mailboxes/" + work + "/messages")
                        .expect(200)
                        .json()
                        .at("/items/0/id")
                        .asString();

        api().patch("/messages/" + message, "{\"keywords\": {\"$flagged\": true}}").expect(200);

        while (!mailboxesOf("mailbox.changed").contains(work)) {
            // the inbox may have been looked at twice
        }
    }

    private String work() throws IOException {
        return api().get("/mailboxes")
                .expect(200)
                .json()
                .get("items")
                .valueStream()
                .filter(it -> it.get("name").asString().equals("Work"))
                .findFirst()
                .orElseThrow()
                .get("id")
                .asString();
    }

    private List<String> mailboxesOf(String type) throws InterruptedException {
        return hook.next(type).events().stream()
                .filter(it -> it.get("type").asString().equals(type))
                .map(it -> it.get("mailboxId").asString())
                .toList();
    }

    private void append(String mailbox) throws IOException {
        program().append(mailbox, Set.of(), "Subject: news\r\n\r\nHello\r\n".getBytes(UTF_8));
    }

    private HttpApi api() {
        return requireNonNull(api);
    }

    private SecondImapClient program() {
        return requireNonNull(second);
    }
}
