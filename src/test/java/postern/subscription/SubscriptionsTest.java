package postern.subscription;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ContextConfiguration;
import postern.account.Account;
import postern.account.Password;
import postern.account.Session;
import postern.account.SessionTokens;
import postern.provider.MailServers;
import postern.testclient.HttpApi;
import postern.testclient.SecondImapClient;
import postern.testserver.InMemoryServer;
import postern.testserver.WebhookReceiver;
import postern.testserver.WebhookReceiver.Hook;
import postern.testserver.WebhookReceiver.Received;
import postern.web.OnGreenMail;
import tools.jackson.databind.JsonNode;

/** Subscriptions from being made to being ended, while a second program changes the mailbox. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "postern.webhooks.permitted-hosts=127.0.0.1",
            "postern.webhooks.timeout=60s",
            "postern.subscriptions.look=100ms",
            "postern.subscriptions.lease=1h",
            "postern.subscriptions.poll=200ms",
            "postern.subscriptions.retry=50ms",
            "postern.subscriptions.per-account=3",
            "postern.watch.poll=50ms",
            "logging.level.postern=debug"
        })
@ContextConfiguration(initializers = OnGreenMail.Server.class)
@ExtendWith(OutputCaptureExtension.class)
@Timeout(120)
class SubscriptionsTest {

    private static final InMemoryServer SERVER = InMemoryServer.GREENMAIL;
    private static final WebhookReceiver RECEIVER = WebhookReceiver.start();
    private static int serial;

    @LocalServerPort private int port;
    @Autowired private SessionTokens tokens;
    @Autowired private MailServers servers;
    @Autowired private MeterRegistry meters;

    private @Nullable SecondImapClient second;
    private @Nullable HttpApi api;
    private @Nullable Session session;
    private Hook hook = RECEIVER.hook("none");
    private String user = "";

    @BeforeEach
    void logIn() throws IOException {
        user = SERVER.newUser();
        second = SecondImapClient.of(SERVER, user);
        session = tokens.start(account());
        api = new HttpApi(port, tokens.seal(session));
        hook = RECEIVER.hook("hook" + ++serial);
    }

    @AfterEach
    void close() throws IOException {
        for (var item : api().get("/subscriptions").json().path("items")) {
            api().delete("/subscriptions/" + item.get("id").asString());
        }
        requireNonNull(second).close();
    }

    @AfterAll
    static void stop() {
        RECEIVER.close();
    }

    @Test
    void whatASecondProgramDoesIsDelivered() throws Exception {
        var created =
                subscribe("'message.added','message.updated','message.removed'", "")
                        .expect(201)
                        .json();
        var secret = created.get("secret").asString();
        assertThat(secret).startsWith("whsec_");
        assertThat(created.get("durable").asBoolean()).isFalse();
        assertThat(created.get("status").asString()).isEqualTo("active");
        var verified = hook.next();
        assertThat(type(verified)).isEqualTo("subscription.verified");
        assertThat(verified.isSignedWith(secret)).isTrue();

        var id = deliver();
        var added = hook.next();
        assertThat(added.isSignedWith(secret)).isTrue();
        assertThat(type(added)).isEqualTo("message.added");
        assertThat(added.json().get("subscriptionId")).isEqualTo(created.get("id"));
        assertThat(added.json().at("/mailboxes/0/added").asInt()).isEqualTo(1);
        assertThat(added.json().at("/mailboxes/0/state").asString()).isNotEmpty();
        var message = added.events().getFirst().get("messageId").asString();
        assertThat(
                        api().get("/messages/" + message)
                                .expect(200)
                                .json()
                                .get("internetMessageId")
                                .asString())
                .isEqualTo(id);

        program().store("INBOX", List.of("<" + id + ">"), true, "$flagged");
        var updated = hook.next();
        assertThat(type(updated)).isEqualTo("message.updated");
        assertThat(updated.events().getFirst().get("messageId").asString()).isEqualTo(message);

        program().expunge("INBOX", List.of("<" + id + ">"));
        var removed = hook.next();
        assertThat(type(removed)).isEqualTo("message.removed");
        assertThat(removed.events().getFirst().get("messageId").asString()).isEqualTo(message);
    }

    @Test
    void onlyIdsAndTheFieldsThatAreAskedForAreDelivered() throws Exception {
        var bare = subscribe("'message.added'", "").expect(201);
        var other = RECEIVER.hook("fields" + serial);
        api().post(
                        "/subscriptions",
                        "{'url':'%s','mailboxIds':['inbox'],'events':['message.added','message.updated'],'fields':['subject','keywords']}"
                                .formatted(other.url()))
                .expect(201);
        hook.next();
        other.next();

        var id = deliver();
        program().store("INBOX", List.of("<" + id + ">"), true, "$seen");

        var ids = hook.next("message.added").events().getFirst();
        assertThat(names(ids)).containsExactly("id", "mailboxId", "messageId", "type");
        var fields = other.next("message.added").events().getFirst();
        assertThat(names(fields.get("message"))).containsExactly("keywords", "subject");
        assertThat(fields.at("/message/subject").asString()).isEqualTo("news");
        assertThat(bare.json().has("fields")).isFalse();
    }

    @Test
    void aFilterSaysWhichMessagesAreTold() throws Exception {
        subscribe("'message.added'", ",'filter':{'subject':'code'}").expect(201);
        hook.next();

        append("lunch");
        append("your code");

        var told = hook.next();
        assertThat(told.events()).hasSize(1);
        var id = told.events().getFirst().get("messageId").asString();
        assertThat(api().get("/messages/" + id).json().get("subject").asString())
                .isEqualTo("your code");
    }

    @Test
    void aDeliveryThatFailsIsMadeAgainWithTheSameIds() throws Exception {
        var created = subscribe("'message.added'", "").expect(201).json();
        hook.next();
        hook.plan(500, null).plan(302, null).plan(429, "0");

        deliver();

        var first = hook.next();
        for (int i = 0; i < 3; i++) {
            var again = hook.next();
            assertThat(again.id()).isEqualTo(first.id());
            assertThat(again.body()).isEqualTo(first.body());
        }
        var second = deliver();
        var next = hook.next();
        assertThat(next.id()).isNotEqualTo(first.id());
        assertThat(next.events()).hasSize(1);
        assertThat(second).isNotEmpty();
        await(created, "deliveredAt", true);
        assertThat(get(created).has("failingSince")).isFalse();
        assertThat(meters.counter("postern.webhook.deliveries", "outcome", "refused").count())
                .isGreaterThanOrEqualTo(3);
        assertThat(meters.timer("postern.subscription.lag").count()).isPositive();
    }

    /** Each has an id of its own, or an app that looks at ids would miss the last one. */
    @Test
    void theSameChangeThatHappensAgainIsAnotherEvent() throws Exception {
        var id = deliver();
        subscribe("'message.updated'", ",'fields':['keywords']").expect(201);
        hook.next();
        var seen = new TreeSet<String>();
        for (boolean add : List.of(true, false, true, false)) {
            program().store("INBOX", List.of("<" + id + ">"), add, "$flagged");
            var event = hook.next().events().getFirst();
            assertThat(event.at("/message/keywords").has("$flagged")).isEqualTo(add);
            seen.add(event.get("id").asString());
        }
        assertThat(seen).hasSize(4);
    }

    @Test
    void aUrlThatAnswers410PausesAndAResumedOneHearsWhatHappenedMeanwhile() throws Exception {
        var created = subscribe("'message.added'", "").expect(201).json();
        hook.next();
        hook.plan(410, null);
        deliver();
        hook.next();
        await(created, "pausedBecause", true);
        assertThat(get(created).get("pausedBecause").asString()).isEqualTo("gone");
        deliver();

        assertThat(patch(created, "{'resume':true}").get("status").asString()).isEqualTo("active");

        assertThat(hook.next().events()).hasSize(2);
    }

    @Test
    void aUrlThatDoesNotTakeTheFirstDeliveryIsRefused() throws Exception {
        hook.plan(404, null);
        var refused = subscribe("'message.added'", "").expect(422).json();
        assertThat(refused.get("code").asString()).isEqualTo("webhook-refused");
        assertThat(refused.get("detail").asString()).contains("404");
        assertThat(api().get("/subscriptions").json().get("items")).isEmpty();
        assertThat(api().get("/sessions/current").json().get("subscriptions").asInt()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'events':['message.added'],'mailboxIds':['inbox']|http://app.example.org/|/url",
                "'events':['message.added'],'mailboxIds':['inbox']|https://localhost/|/url",
                "'events':['message.added'],'mailboxIds':['inbox']|https://10.0.0.1/|/url",
                "'events':['message.added'],'mailboxIds':['inbox']|https://a.example.org:8443/|/url",
                "'events':['message.added'],'mailboxIds':['inbox']|https://u:p@a.example.org/|/url",
                "'events':['message.added'],'mailboxIds':['inbox']|https://a.example.org/ x|/url",
                "'events':[],'mailboxIds':['inbox']|https://a.example.org/|/events",
                "'events':['message.added']|https://a.example.org/|/events/0",
                "'events':['mailbox.changed'],'mailboxIds':['inbox']|https://a.example.org/|/events/0",
                "'events':['mailbox.changed'],'fields':['subject']|https://a.example.org/|/fields",
                "'events':['mailbox.changed'],'filter':{'subject':'a'}|https://a.example.org/|/filter",
                "'events':['message.removed'],'mailboxIds':['inbox'],'filter':{'subject':'a'}|https://a.example.org/|/events/0",
                "'events':['message.added'],'mailboxIds':['inbox'],'filter':{'subject':''}|https://a.example.org/|/filter/subject",
                "'events':['message.added'],'mailboxIds':[]|https://a.example.org/|/mailboxIds",
                "'events':['message.added'],'mailboxIds':['inbox'],'until':'2020-01-01T00:00:00Z'|https://a.example.org/|/until",
                "'events':['message.added'],'mailboxIds':['inbox'],'until':'2999-01-01T00:00:00Z'|https://a.example.org/|/until",
            },
            quoteCharacter = '~')
    void aBadRequestNamesWhatIsBad(String rest, String url, String pointer) throws Exception {
        var answer = api().post("/subscriptions", "{'url':'%s',%s}".formatted(url, rest));
        var problem = answer.expect(400).json();
        assertThat(problem.get("errors").size()).isEqualTo(1);
        assertThat(problem.at("/errors/0/pointer").asString()).isEqualTo(pointer);
    }

    @Test
    void anAccountHasSoManyAndEndingOneMakesRoom() throws Exception {
        var first = subscribe("'message.added'", "").expect(201).json();
        subscribe("'message.added'", "").expect(201);
        subscribe("'message.added'", "").expect(201);
        var fourth = subscribe("'message.added'", "").expect(409).json();
        assertThat(fourth.get("code").asString()).isEqualTo("too-many-subscriptions");
        assertThat(api().get("/sessions/current").json().get("subscriptions").asInt()).isEqualTo(3);

        api().delete(path(first)).expect(204);

        api().get(path(first)).expect(404);
        subscribe("'message.added'", "").expect(201);
    }

    @Test
    void othersSeeNothingOfIt() throws Exception {
        var mine = subscribe("'message.added'", "").expect(201).json();
        var imap = servers.named(MailServers.DEFAULT).orElseThrow().imap();
        var other = new Account(imap, SERVER.newUser(), new Password(SERVER.password()));
        var others = new HttpApi(port, tokens.seal(tokens.start(other)));
        assertThat(others.get("/subscriptions").expect(200).json().get("items")).isEmpty();
        others.get(path(mine)).expect(404);
        others.delete(path(mine)).expect(404);

        var wrong = new Account(imap, user, new Password("wrong"));
        var guessed = new HttpApi(port, tokens.seal(tokens.start(wrong)));
        guessed.get("/subscriptions").expect(401);
        guessed.delete(path(mine)).expect(401);
    }

    @Test
    void aSecretIsShownOnceAndTheOneBeforeIsGoodForAWhile() throws Exception {
        var created = subscribe("'message.added'", "").expect(201).json();
        hook.next();
        assertThat(get(created).has("secret")).isFalse();

        var rotated = patch(created, "{'rotateSecret':true}").get("secret").asString();
        deliver();

        var told = hook.next();
        assertThat(rotated).isNotEqualTo(created.get("secret").asString());
        assertThat(told.isSignedWith(rotated)).isTrue();
        assertThat(told.isSignedWith(created.get("secret").asString())).isTrue();
        assertThat(get(created).has("secret")).isFalse();
    }

    @Test
    void aSubscriptionIsRenewedAndMovedToAnotherUrl() throws Exception {
        var soon = Instant.now().plusSeconds(3600).toString();
        var created = subscribe("'message.added'", ",'until':'" + soon + "'").expect(201).json();
        hook.next();
        var later = Instant.now().plusSeconds(7200).toString();
        var renewed = patch(created, "{'until':'" + later + "'}");
        assertThat(Instant.parse(renewed.get("expiresAt").asString()))
                .isAfter(Instant.parse(created.get("expiresAt").asString()));

        var other = RECEIVER.hook("moved" + serial);
        other.plan(500, null);
        api().send("PATCH", path(created), "{\"url\":\"%s\"}".formatted(other.url())).expect(422);
        assertThat(get(created).get("url").asString()).isEqualTo(hook.url());
        patch(created, "{'url':'" + other.url() + "'}");
        deliver();

        other.next("message.added");
        assertThat(hook.nothingCame()).isTrue();
    }

    @Test
    void aLogoutKeepsSubscriptionsUnlessTheyAreToEnd() throws Exception {
        var created = subscribe("'message.added'", "").expect(201).json();
        hook.next();
        api().delete("/sessions/current").expect(204);
        deliver();
        hook.next("message.added");

        api = new HttpApi(port, tokens.seal(tokens.start(account())));
        assertThat(api().get("/sessions/current").json().get("subscriptions").asInt()).isEqualTo(1);
        api().delete("/sessions/current?subscriptions=end").expect(204);

        api = new HttpApi(port, tokens.seal(tokens.start(account())));
        api().get(path(created)).expect(404);
    }

    @Test
    void aNarrowedTokenSubscribesToNoMoreThanItReachesAndNoLonger() throws Exception {
        program().create("Other");
        var whole = subscribe("'message.added'", "").expect(201).json();
        var narrowed =
                new HttpApi(
                        port,
                        api().post(
                                        "/sessions/current/narrow",
                                        "{'scopes':['read'],'mailboxIds':['inbox']}")
                                .json()
                                .get("token")
                                .asString());
        var other =
                api().get("/mailboxes")
                        .json()
                        .get("items")
                        .valueStream()
                        .filter(it -> it.get("name").asString().equals("Other"))
                        .findFirst()
                        .orElseThrow()
                        .get("id")
                        .asString();
        var hers = RECEIVER.hook("narrowed" + serial);
        var body = "{'url':'%s','mailboxIds':['%s'],'events':['message.added']}";
        narrowed.post("/subscriptions", body.formatted(hers.url(), other)).expect(403);
        var made =
                narrowed.post("/subscriptions", body.formatted(hers.url(), "inbox"))
                        .expect(201)
                        .json();
        hers.next();
        narrowed.get(path(whole)).expect(404);
        assertThat(narrowed.get("/subscriptions").json().get("items")).hasSize(1);
        assertThat(api().get("/subscriptions").json().get("items")).hasSize(2);
        assertThat(Instant.parse(made.get("expiresAt").asString()))
                .isBeforeOrEqualTo(requireNonNull(session).expiresAt());

        narrowed.delete("/sessions/current").expect(204);

        var paused = hers.next("subscription.paused").events().getFirst();
        assertThat(paused.get("reason").asString()).isEqualTo("session-ended");
        assertThat(get(made).get("pausedBecause").asString()).isEqualTo("session-ended");
    }

    @Test
    void aSubscriptionToTheAccountTellsOfItsMailboxes() throws Exception {
        var created =
                api().post(
                                "/subscriptions",
                                "{'url':'%s','events':['mailbox.changed','mailbox.created','mailbox.removed']}"
                                        .formatted(hook.url()))
                        .expect(201)
                        .json();
        hook.next();
        assertThat(created.has("mailboxIds")).isFalse();
        program().create("Fresh");
        var seen = type(hook.next());
        // it was there already when the mailboxes were looked up for the first time, or not
        assertThat(seen).isEqualTo("mailbox.created");

        deliver();
        var changed = hook.next("mailbox.changed").events().getFirst();
        assertThat(changed.get("totalMessages").asInt()).isEqualTo(1);
        assertThat(changed.get("state").asString()).isNotEmpty();

        program().delete("Fresh");
        hook.next("mailbox.removed");
    }

    @Test
    void manyChangesComeInDeliveriesOfBoundedSizeAndThenAsResync() throws Exception {
        subscribe("'message.added'", "").expect(201);
        hook.next();
        // while a delivery is not answered, nobody looks for the next: all others are found at once
        var answer = new CountDownLatch(1);
        hook.waitFor(answer);
        deliver();
        hook.next();
        for (int i = 0; i < 1_201; i++) {
            deliver();
        }
        answer.countDown();

        var ids = new TreeSet<String>();
        for (int i = 0; i < 10; i++) {
            var next = hook.next();
            assertThat(next.events()).hasSize(100);
            next.events().forEach(it -> ids.add(it.get("id").asString()));
        }
        assertThat(ids).hasSize(1_000);
        assertThat(type(hook.next())).isEqualTo("resync");
        deliver();
        assertThat(type(hook.next())).isEqualTo("message.added");
    }

    @Test
    void nothingPrivateIsLogged(CapturedOutput output) throws Exception {
        hook = RECEIVER.hook("hook" + ++serial);
        api().post(
                        "/subscriptions",
                        "{'url':'%s?token=very-private','mailboxIds':['inbox'],'events':['message.added'],'fields':['subject']}"
                                .formatted(hook.url()))
                .expect(201);
        hook.next();
        hook.plan(500, null);
        append("utterly secret");
        hook.next();
        hook.next();

        assertThat(output).doesNotContain("very-private", "utterly secret", "whsec_", user);
    }

    private void await(JsonNode created, String member, boolean there) throws IOException {
        while (get(created).has(member) != there) {
            Thread.onSpinWait();
        }
    }

    private JsonNode get(JsonNode created) throws IOException {
        return api().get(path(created)).expect(200).json();
    }

    private JsonNode patch(JsonNode created, String json) throws IOException {
        return api().send("PATCH", path(created), json.replace('\'', '"')).expect(200).json();
    }

    private static String path(JsonNode created) {
        return "/subscriptions/" + created.get("id").asString();
    }

    private HttpApi.Answer subscribe(String events, String rest) throws IOException {
        return api().post(
                        "/subscriptions",
                        "{'url':'%s','mailboxIds':['inbox'],'events':[%s]%s}"
                                .formatted(hook.url(), events, rest));
    }

    private static String type(Received received) {
        return received.events().getFirst().get("type").asString();
    }

    private static Set<String> names(JsonNode node) {
        return new TreeSet<>(node.propertyNames());
    }

    private Account account() {
        var imap = servers.named(MailServers.DEFAULT).orElseThrow().imap();
        return new Account(imap, user, new Password(SERVER.password()));
    }

    private String deliver() throws IOException {
        return append("news");
    }

    private String append(String subject) throws IOException {
        var id = "%d@example.org".formatted(++serial);
        program()
                .append(
                        "INBOX",
                        Set.of(),
                        "Message-ID: <%s>\r\nSubject: %s\r\n\r\nHello\r\n"
                                .formatted(id, subject)
                                .getBytes(UTF_8));
        return id;
    }

    private HttpApi api() {
        return requireNonNull(api);
    }

    private SecondImapClient program() {
        return requireNonNull(second);
    }
}
