package postern.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import postern.account.Security;
import postern.testserver.FakeProxy;
import postern.testserver.SelfSignedCertificate;
import postern.testserver.provider.ProviderScript;
import postern.testserver.provider.ProviderServer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The shipped presets against servers that play their providers: what the gateway connects to is
 * the preset's host, and a proxy leads it to the played one.
 */
@SpringBootTest
@AutoConfigureMockMvc
@ContextConfiguration(initializers = ProviderContractTest.ThroughTheProxy.class)
class ProviderContractTest {

    private static final AtomicInteger USERS = new AtomicInteger();
    private static final Map<String, Provider> PRESETS = PresetsFile.read(PresetsFile.OURS);
    private static final SelfSignedCertificate CERTIFICATE =
            SelfSignedCertificate.of(
                    ProviderScript.all().stream()
                            .map(script -> preset(script).imap().host())
                            .distinct()
                            .map(host -> host.equals("127.0.0.1") ? "ip:" + host : "dns:" + host)
                            .toList());
    private static final FakeProxy PROXY = proxy();

    /** The providers that have ids of messages. */
    private static final Set<String> IDENTIFIES = Set.of("gmail", "yahoo", "aol");

    /** Allows all presets, and trusts the servers that play them. */
    static final class ThroughTheProxy
            implements ApplicationContextInitializer<ConfigurableApplicationContext> {

        @Override
        public void initialize(ConfigurableApplicationContext context) {
            TestPropertyValues.of(
                            "postern.imap.host=mail.example.org",
                            "postern.presets=all,proton-bridge",
                            "postern.proxies.all=socks5://" + PROXY.address(),
                            "postern.imap.connection.ssl-bundle=providers")
                    .and(CERTIFICATE.bundle("providers"))
                    .applyTo(context);
        }
    }

    @Autowired private MockMvcTester http;
    @Autowired private JsonMapper json;

    private @Nullable ProviderServer running;

    @AfterEach
    void stop() throws IOException {
        if (running != null) {
            running.close();
        }
    }

    static List<ProviderScript> providers() {
        return ProviderScript.all();
    }

    static Stream<ProviderScript> withPasswords() {
        return providers().stream().filter(script -> !onlyOauth(script));
    }

    static Stream<ProviderScript> withOauth() {
        return providers().stream().filter(script -> preset(script).oauth() != null);
    }

    @ParameterizedTest
    @MethodSource("providers")
    void aUserReadsFindsAndChangesMail(ProviderScript script) {
        var server = start(script);
        server.deliver("INBOX", "first", "about apples");
        server.deliver("INBOX", "second", "about pears");
        var token = signIn(script);
        var mailboxes = mailboxes(token);

        var list = items(get("/v1/mailboxes/inbox/messages", token));
        assertThat(subjects(list)).containsExactly("second", "first");
        var second = list.getFirst().path("id").asString();
        assertThat(
                        tree(get("/v1/messages/" + second + "?include=text", token))
                                .at("/text/content")
                                .asString())
                .contains("about pears");

        assertThat(patch(second, token, "{'keywords':{'$flagged':true}}")).hasStatusOk();
        assertThat(server.flagged("INBOX")).containsExactly("second");

        assertThat(subjects(search(token, "{'filter':{'text':'apples'},'mailboxIds':['inbox']}")))
                .containsExactly("first");
        assertThat(subjects(search(token, "{'filter':{'subject':'second'}}")))
                .containsExactly("second");

        assertThat(delete("/v1/messages/" + second, token)).hasStatus(204);
        assertThat(server.subjects("INBOX")).containsExactly("first");
        assertThat(subjects(items(get("/v1/mailboxes/trash/messages", token))))
                .containsExactly("second");
        assertThat(mailboxes).containsKeys("inbox", "drafts", "sent", "trash", "junk");
        assertThat(server.unannounced()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gmail | all=[Gmail]/All Mail, drafts=[Gmail]/Drafts, flagged=[Gmail]/Starred,"
                        + " important=[Gmail]/Important, inbox=INBOX, junk=[Gmail]/Spam,"
                        + " sent=[Gmail]/Sent Mail, trash=[Gmail]/Trash",
                "outlook | archive=Archive, drafts=Drafts, inbox=INBOX, junk=Junk, sent=Sent,"
                        + " trash=Deleted",
                "yahoo | archive=Archive, drafts=Draft, inbox=INBOX, junk=Bulk Mail, sent=Sent,"
                        + " trash=Trash",
                "aol | archive=Archive, drafts=Draft, inbox=INBOX, junk=Bulk Mail, sent=Sent,"
                        + " trash=Trash",
                "icloud | archive=Archive, drafts=Drafts, inbox=INBOX, junk=Junk,"
                        + " sent=Sent Messages, trash=Deleted Messages",
                "netease-163 | drafts=草稿箱, inbox=INBOX, junk=垃圾邮件, sent=已发送, trash=已删除",
                "qq | drafts=Drafts, inbox=INBOX, junk=Junk, sent=Sent Messages,"
                        + " trash=Deleted Messages",
                "proton-bridge | all=All Mail, archive=Archive, drafts=Drafts, flagged=Starred,"
                        + " inbox=INBOX, junk=Spam, sent=Sent, trash=Trash"
            })
    void theSpecialMailboxesAreFound(String provider, String roles) {
        var script = script(provider);
        start(script);

        assertThat(mailboxes(signIn(script)))
                .isEqualTo(
                        Arrays.stream(roles.split(", "))
                                .map(role -> role.split("="))
                                .collect(Collectors.toMap(role -> role[0], role -> role[1])));
    }

    @ParameterizedTest
    @MethodSource("providers")
    void aDraftIsStoredAndAMessageIsArchived(ProviderScript script) {
        var server = start(script);
        server.deliver("INBOX", "keep", "me");
        var token = signIn(script);
        var mailboxes = mailboxes(token);

        var draft =
                send(
                        HttpMethod.POST,
                        "/v1/mailboxes/drafts/messages",
                        token,
                        "{'subject':'offer','text':'Hi'}");
        assertThat(draft).hasStatus(201);
        assertThat(subjects(items(get("/v1/mailboxes/drafts/messages", token))))
                .containsExactly("offer");

        if (mailboxes.containsKey("archive")) {
            var row = items(get("/v1/mailboxes/inbox/messages", token)).getFirst();
            assertThat(patch(row.path("id").asString(), token, "{'mailboxId':'archive'}"))
                    .hasStatusOk();
            assertThat(server.subjects("INBOX")).isEmpty();
            var archived = items(get("/v1/mailboxes/archive/messages", token));
            assertThat(subjects(archived)).containsExactly("keep");
            assertThat(archived.getFirst().path("emailId")).isEqualTo(row.path("emailId"));
            assertThat(row.has("emailId")).isEqualTo(IDENTIFIES.contains(script.preset()));
        }
        assertThat(server.unannounced()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("providers")
    void conversationsAndManyMessagesWorkToo(ProviderScript script) {
        var server = start(script);
        server.deliver("INBOX", "first", "about apples");
        server.deliver("INBOX", "second", "about pears");
        var token = signIn(script);

        var threads = items(get("/v1/mailboxes/inbox/threads?scope=account", token));
        assertThat(threads).hasSize(2);
        assertThat(subjects(items(get("/v1/mailboxes/inbox/messages?sort=subject", token))))
                .containsExactly("first", "second");
        assertThat(
                        send(
                                HttpMethod.POST,
                                "/v1/messages/batch",
                                token,
                                "{'mailboxId':'inbox','filter':{'text':'apples'},"
                                        + "'keywords':{'$flagged':true}}"))
                .hasStatusOk();
        assertThat(server.flagged("INBOX")).containsExactly("first");

        var first =
                items(get("/v1/mailboxes/inbox/messages", token)).getLast().path("id").asString();
        assertThat(delete("/v1/messages/" + first + "?permanent=true", token)).hasStatus(204);
        assertThat(server.subjects("INBOX")).containsExactly("second");
        assertThat(get("/v1/mailboxes/inbox/export?format=mbox", token)).hasStatusOk();
        assertThat(get("/v1/account", token)).hasStatusOk();
        assertThat(server.unannounced()).isEmpty();
    }

    @Test
    void gmailSearchesAsGmailDoes() {
        var gmail = script("gmail");
        start(gmail).deliver("INBOX", "first", "about apples");

        assertThat(subjects(search(signIn(gmail), "{'filter':{'gmailRaw':'apples'}}")))
                .containsExactly("first");
    }

    @ParameterizedTest
    @MethodSource("withPasswords")
    void aWrongPasswordAndThatOfTheAccountAreRefused(ProviderScript script) {
        start(script);

        for (var password : List.of("wrong", ProviderServer.ACCOUNT_PASSWORD)) {
            var answer = signIn(script, "password", password);
            assertThat(answer).hasStatus(401);
            assertThat(code(answer)).isEqualTo("authentication-failed");
            assertThat(tree(answer).path("detail").asString()).endsWith(preset(script).userMust());
        }
    }

    @ParameterizedTest
    @MethodSource("withOauth")
    void anAccessTokenOpensTheAccountAndAnotherIsRefused(ProviderScript script) {
        start(script);

        assertThat(signIn(script, "accessToken", ProviderServer.ACCESS_TOKEN)).hasStatus(201);
        var refused = signIn(script, "accessToken", "stale-token");
        assertThat(refused).hasStatus(401);
        assertThat(code(refused)).isEqualTo("access-token-refused");
    }

    @Test
    void aProviderWithoutPasswordsSaysThatThePasswordIsRefused() {
        var outlook = script("outlook");
        start(outlook);

        assertThat(code(signIn(outlook, "password", ProviderServer.ACCOUNT_PASSWORD)))
                .isEqualTo("authentication-failed");
    }

    @ParameterizedTest
    @MethodSource("providers")
    void aThrottledAccountIsToldWhenToComeBack(ProviderScript script) {
        var server = start(script);
        var token = signIn(script);

        server.throttle();

        assertLater(get("/v1/mailboxes/inbox/messages", token));
    }

    @Test
    void theTimeThatExchangeNamesIsPassedOn() {
        var outlook = script("outlook");
        var server = start(outlook);
        var token = signIn(outlook);

        server.throttle();

        assertThat(get("/v1/mailboxes/inbox/messages", token))
                .hasStatus(429)
                .hasHeader(HttpHeaders.RETRY_AFTER, "61");
    }

    @Test
    void aLoginThatExchangeDoesNotServeIsTriedOnceMore() {
        var outlook = script("outlook");
        var server = start(outlook);
        server.deliver("INBOX", "first", "about apples");
        server.serveNothingAfterLogins(1);

        var token = signIn(outlook);

        assertThat(subjects(items(get("/v1/mailboxes/inbox/messages", token))))
                .containsExactly("first");
    }

    @Test
    void iCloudTakesTheNameWithoutItsDomain() {
        start(script("icloud"));

        assertThat(
                        send(
                                HttpMethod.POST,
                                "/v1/sessions",
                                null,
                                "{'username':'anne%d','password':'%s','server':'icloud'}"
                                        .formatted(USERS.get(), ProviderServer.APP_PASSWORD)))
                .hasStatus(201);
    }

    @ParameterizedTest
    @MethodSource("providers")
    void aLoginBeyondTheLimitOfConnectionsIsToldWhenToComeBack(ProviderScript script) {
        var server = start(script);
        server.permit(0);

        assertLater(
                onlyOauth(script)
                        ? signIn(script, "accessToken", ProviderServer.ACCESS_TOKEN)
                        : signIn(script, "password", ProviderServer.APP_PASSWORD));
    }

    @ParameterizedTest
    @MethodSource("providers")
    void anAccountWithOneConnectionLeftIsServedOverThat(ProviderScript script) {
        var server = start(script);
        server.deliver("INBOX", "first", "about apples");
        server.permit(1);
        var token = signIn(script);

        assertThat(subjects(search(token, "{'filter':{'subject':'first'}}")))
                .containsExactly("first");
    }

    private static void assertLater(MvcTestResult answer) {
        assertThat(answer.getResponse().getStatus()).isIn(429, 503);
        assertThat(answer).containsHeader(HttpHeaders.RETRY_AFTER);
    }

    private String code(MvcTestResult answer) {
        return tree(answer).path("code").asString();
    }

    private static ProviderScript script(String preset) {
        return providers().stream()
                .filter(script -> script.preset().equals(preset))
                .findFirst()
                .orElseThrow();
    }

    private ProviderServer start(ProviderScript script) {
        var imap = preset(script).imap();
        var server =
                ProviderServer.start(
                        script,
                        "anne%d@example.org".formatted(USERS.incrementAndGet()),
                        CERTIFICATE.context(),
                        imap.security() == Security.STARTTLS);
        PROXY.route(imap.host(), imap.port(), server.listening());
        running = server;
        return server;
    }

    /** The mailboxes' names by role. */
    private Map<String, String> mailboxes(String token) {
        return items(get("/v1/mailboxes", token)).stream()
                .filter(mailbox -> mailbox.has("role"))
                .collect(
                        Collectors.toMap(
                                mailbox -> mailbox.path("role").asString(),
                                mailbox -> mailbox.path("path").asString()));
    }

    private String signIn(ProviderScript script) {
        var answer =
                onlyOauth(script)
                        ? signIn(script, "accessToken", ProviderServer.ACCESS_TOKEN)
                        : signIn(script, "password", ProviderServer.APP_PASSWORD);
        assertThat(answer).hasStatus(201);
        return tree(answer).path("token").asString();
    }

    private MvcTestResult signIn(ProviderScript script, String field, String credential) {
        return send(
                HttpMethod.POST,
                "/v1/sessions",
                null,
                "{'username':'anne%d@example.org','%s':'%s','server':'%s'}"
                        .formatted(USERS.get(), field, credential, script.preset()));
    }

    private MvcTestResult get(String path, String token) {
        return send(HttpMethod.GET, path, token, null);
    }

    private MvcTestResult delete(String path, String token) {
        return send(HttpMethod.DELETE, path, token, null);
    }

    private MvcTestResult patch(String message, String token, String patch) {
        return send(HttpMethod.PATCH, "/v1/messages/" + message, token, patch);
    }

    private List<JsonNode> search(String token, String query) {
        return items(send(HttpMethod.POST, "/v1/search", token, query));
    }

    private MvcTestResult send(
            HttpMethod method, String path, @Nullable String token, @Nullable String body) {
        var request = http.method(method).uri(path);
        if (token != null) {
            request = request.header(HttpHeaders.AUTHORIZATION, "Bearer " + token);
        }
        return body == null
                ? request.exchange()
                : request.contentType(MediaType.APPLICATION_JSON)
                        .content(body.replace('\'', '"'))
                        .exchange();
    }

    private List<JsonNode> items(MvcTestResult answer) {
        assertThat(answer).hasStatusOk();
        return tree(answer).path("items").valueStream().toList();
    }

    private static List<String> subjects(List<JsonNode> messages) {
        return messages.stream().map(message -> message.path("subject").asString()).toList();
    }

    private JsonNode tree(MvcTestResult answer) {
        try {
            return json.readTree(answer.getResponse().getContentAsString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean onlyOauth(ProviderScript script) {
        return preset(script).signIn().equals(List.of(SignIn.OAUTH));
    }

    private static Provider preset(ProviderScript script) {
        return Objects.requireNonNull(PRESETS.get(script.preset()));
    }

    private static FakeProxy proxy() {
        try {
            return FakeProxy.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
