package postern.subscription;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
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
import postern.account.SessionTokens;
import postern.testclient.HttpApi;
import postern.testclient.SecondImapClient;
import postern.testserver.AnyMailServer;
import postern.testserver.RealServer;
import postern.testserver.WebhookReceiver;

/** An app that only takes deliveries, and answers each third one badly, knows what is there. */
@ContextConfiguration(initializers = AnyMailServer.class)
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "postern.imap.host=localhost",
            "postern.webhooks.permitted-hosts=127.0.0.1",
            "postern.subscriptions.look=100ms",
            "postern.subscriptions.poll=1h",
            "postern.subscriptions.retry=20ms",
            "postern.watch.poll=1h"
        })
@Timeout(300)
class SubscriptionsIT {

    private static final WebhookReceiver RECEIVER = WebhookReceiver.start();

    private final Map<String, String> byMessageId = new HashMap<>();

    @LocalServerPort private int port;
    @Autowired private SessionTokens tokens;

    @AfterAll
    static void stop() {
        RECEIVER.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"DOVECOT_2_3", "DOVECOT_2_4"})
    void whoTakesDeliveriesHasWhatTheServerHas(RealServer server) throws Exception {
        var user = server.newUser();
        var imap = new ImapServer(server.host(), server.port(), Security.NONE);
        var account = new Account(imap, user, new Password(server.password()));
        var api = new HttpApi(port, tokens.seal(tokens.start(account)));
        var messages = RECEIVER.hook(server + "-messages");
        var mailboxes = RECEIVER.hook(server + "-mailboxes");
        api.post(
                        "/subscriptions",
                        "{'url':'%s','mailboxIds':['inbox'],'events':['message.added','message.removed'],'fields':['internetMessageId']}"
                                .formatted(messages.url()))
                .expect(201);
        api.post(
                        "/subscriptions",
                        "{'url':'%s','events':['mailbox.changed','mailbox.created','mailbox.renamed','mailbox.removed']}"
                                .formatted(mailboxes.url()))
                .expect(201);
        messages.next("subscription.verified");
        try (var program = SecondImapClient.of(server, user)) {
            var copy = new TreeSet<String>();
            var seen = new HashSet<String>();
            var random = new Random(1);
            for (int step = 1; step <= 30; step++) {
                if (step % 3 == 0) {
                    messages.plan(500, null);
                }
                var there = ids(program);
                if (!there.isEmpty() && random.nextInt(3) == 0) {
                    program.expunge("INBOX", List.of("<" + there.first() + ">"));
                } else {
                    var id = "%d@example.org".formatted(step);
                    program.append(
                            "INBOX",
                            Set.of(),
                            "Message-ID: <%s>\r\n\r\nHello\r\n".formatted(id).getBytes(UTF_8));
                }
                while (!copy.equals(ids(program))) {
                    apply(messages.next(), copy, seen);
                }
            }
            program.create("Fresh");
            mailboxes.next("mailbox.created");
            program.append("Fresh", Set.of(), "Subject: x\r\n\r\nHello\r\n".getBytes(UTF_8));
            mailboxes.next("mailbox.changed");
            program.delete("Fresh");
            mailboxes.next("mailbox.removed");
            assertThat(seen).hasSizeGreaterThan(20);
        }
    }

    private void apply(WebhookReceiver.Received received, Set<String> copy, Set<String> seen) {
        for (var event : received.events()) {
            if (!seen.add(event.get("id").asString())) {
                continue;
            }
            var id = event.get("messageId").asString();
            if (event.get("type").asString().equals("message.added")) {
                var text = event.at("/message/internetMessageId").asString();
                byMessageId.put(id, text);
                copy.add(text);
            } else {
                copy.remove(byMessageId.getOrDefault(id, ""));
            }
        }
    }

    private static TreeSet<String> ids(SecondImapClient program) throws Exception {
        var ids = new TreeSet<String>();
        program.look("INBOX").forEach(it -> ids.add(it.messageId().replaceAll("[<>]", "")));
        return ids;
    }
}
