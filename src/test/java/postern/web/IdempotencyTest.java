package postern.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;
import postern.account.Account;
import postern.imap.ChangeWatch;
import postern.imap.ImapException;
import postern.shared.FailingState;
import postern.shared.SharedArea;
import postern.testserver.InMemoryServer;
import postern.web.idempotency.Idempotent;

@OnGreenMail
@Import(IdempotencyTest.Stamps.class)
class IdempotencyTest {

    private static final String STAMP = "{\"colour\": \"red\"}";

    @Autowired private MockMvcTester http;
    @Autowired private Stamps stamps;
    private String user = "";

    record Stamp(String colour) {}

    @RestController
    @RequestMapping("/v1/stamps")
    static class Stamps {

        private int made;
        private Runnable before = () -> {};

        @Idempotent
        @PostMapping
        ResponseEntity<Map<String, Integer>> make(Account account, @RequestBody Stamp stamp) {
            before.run();
            return ResponseEntity.created(URI.create("/v1/stamps/" + ++made))
                    .eTag("v1")
                    .body(Map.of("number", made));
        }

        @Idempotent
        @PostMapping("/in/{album}")
        Map<String, Integer> makeIn(
                Account account, @PathVariable int album, @RequestParam(defaultValue = "1") int n) {
            return Map.of("number", ++made);
        }

        @Idempotent
        @PostMapping(path = "/files", consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
        Map<String, String> upload(Account account, @RequestParam MultipartFile file)
                throws IOException {
            made++;
            return Map.of("content", new String(file.getBytes(), StandardCharsets.UTF_8));
        }

        @PostMapping("/anew")
        int anew(Account account) {
            return ++made;
        }
    }

    @BeforeEach
    void anAccountOfItsOwn() {
        user = InMemoryServer.GREENMAIL.newUser();
        stamps.made = 0;
        stamps.before = () -> {};
    }

    @Test
    void answersARepetitionAsTheFirstTime() {
        var first = make("k", STAMP);

        var again = make("k", STAMP);

        assertThat(first).hasStatus(201).doesNotContainHeader("Idempotency-Replayed");
        assertThat(again)
                .hasStatus(201)
                .hasHeader("Idempotency-Replayed", "true")
                .hasHeader(HttpHeaders.LOCATION, "/v1/stamps/1")
                .hasHeader(HttpHeaders.ETAG, "\"v1\"")
                .hasContentType(MediaType.APPLICATION_JSON)
                .bodyJson()
                .isEqualTo("{\"number\": 1}");
        assertThat(stamps.made).isEqualTo(1);
    }

    @Test
    void aKeyIsOneOfTheAccountAndOfTheRoute() {
        make("k", STAMP);
        post("k", "/v1/stamps/in/1");
        user = InMemoryServer.GREENMAIL.newUser();
        make("k", STAMP);

        assertThat(stamps.made).isEqualTo(3);
    }

    @Test
    void withoutAKeyEachRequestIsANewOne() {
        http.post().uri("/v1/stamps/anew").header(HttpHeaders.AUTHORIZATION, basic()).exchange();
        post("k", "/v1/stamps/anew");
        post("k", "/v1/stamps/anew");

        assertThat(stamps.made).isEqualTo(3);
    }

    @Test
    void refusesAKeyThatCameWithAnotherRequest() {
        make("k", STAMP);
        post("p", "/v1/stamps/in/1");

        for (var other :
                List.of(
                        make("k", STAMP + " "),
                        make("k", STAMP.replace("red", "tan")),
                        post("p", "/v1/stamps/in/2"),
                        post("p", "/v1/stamps/in/1?n=2"))) {
            assertProblem(other, 422, "idempotency-key-reused");
        }
        assertThat(stamps.made).isEqualTo(2);
    }

    @Test
    void asksForPatienceWhileTheFirstOneRuns() throws Exception {
        var begun = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        stamps.before =
                () -> {
                    begun.countDown();
                    await(goOn);
                };
        try (var others = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = others.submit(() -> make("k", STAMP));
            await(begun);

            var second = make("k", STAMP);
            goOn.countDown();

            assertProblem(second, 409, "request-in-progress");
            assertThat(second).hasHeader(HttpHeaders.RETRY_AFTER, "1");
            assertThat(second).bodyJson().extractingPath("$.retryable").isEqualTo(true);
            assertThat(first.get()).hasStatus(201);
        }
        assertThat(make("k", STAMP)).hasHeader("Idempotency-Replayed", "true");
    }

    @Test
    void whatFailedBeforeAnythingWasChangedIsTriedAgain() {
        stamps.before =
                () -> {
                    throw new ImapException.ConnectionLost("x", null);
                };
        assertThat(make("k", STAMP)).hasStatus(502);
        stamps.before = () -> {};

        assertThat(make("k", STAMP)).hasStatus(201);
        assertThat(make("bad", "{\"color\": 1}")).hasStatus(400);
        assertThat(make("bad", STAMP)).hasStatus(201);
    }

    @Test
    void whatTheServerRefusedAsAWholeIsTriedAgain() {
        stamps.before =
                () -> {
                    ChangeWatch.change().run();
                    throw new ImapException.OverQuota(null);
                };
        assertThat(make("k", STAMP)).hasStatus(507);
        stamps.before = () -> {};

        assertThat(make("k", STAMP)).hasStatus(201);
    }

    @Test
    void whatMayHaveBeenDoneIsNotDoneASecondTime() {
        stamps.before =
                () -> {
                    ChangeWatch.change();
                    throw new ImapException.ConnectionLost("x", null);
                };
        assertProblem(make("k", STAMP), 502, "outcome-unknown");
        stamps.before = () -> {};

        var again = make("k", STAMP);

        assertProblem(again, 502, "outcome-unknown");
        assertThat(again).bodyJson().extractingPath("$.retryable").isEqualTo(false);
        assertThat(stamps.made).isZero();
    }

    @Test
    void aStoreThatIsLostAfterAChangeIsNotToldAsIfNothingWereDone() {
        var lost = new FailingState();
        lost.fail();
        stamps.before =
                () -> {
                    ChangeWatch.change();
                    lost.get(SharedArea.SUBMISSIONS, "x");
                };

        assertProblem(make("k", STAMP), 502, "outcome-unknown");
    }

    @Test
    void keepsNoAnswerForWhoeverHasAnotherPassword() {
        make("k", STAMP);

        assertThat(
                        http.post()
                                .uri("/v1/stamps")
                                .header(HttpHeaders.AUTHORIZATION, basic(user, "other"))
                                .header("Idempotency-Key", "k")
                                .contentType(MediaType.APPLICATION_JSON)
                                .content(STAMP))
                .doesNotContainHeader("Idempotency-Replayed");
    }

    @Test
    void asksForCredentialsFirst() {
        var answer =
                http.post()
                        .uri("/v1/stamps")
                        .header("Idempotency-Key", "k")
                        .contentType(MediaType.APPLICATION_JSON)
                        .content(STAMP)
                        .exchange();

        assertProblem(answer, 401, "authentication-required");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\u00e9", "a\tb"})
    void namesTheHeaderWhenTheKeyIsMalformed(String key) {
        var answer = make(key, STAMP);

        assertProblem(answer, 400, "invalid-request");
        assertThat(answer)
                .bodyJson()
                .extractingPath("$.errors[0].parameter")
                .isEqualTo("Idempotency-Key");
        assertThat(stamps.made).isZero();
    }

    @Test
    void aKeyInQuotesIsTheBareOne() {
        make("a \\ \"k", STAMP);

        assertThat(make("\"a \\\\ \\\"k\"", STAMP)).hasHeader("Idempotency-Replayed", "true");
        assertThat(make("\"k\"", STAMP)).doesNotContainHeader("Idempotency-Replayed");
        assertThat(make("k", STAMP)).hasHeader("Idempotency-Replayed", "true");
        assertThat(make("\"" + "k".repeat(255) + "\"", STAMP)).hasStatus(201);
        assertThat(stamps.made).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"", "\"\"", "\"a", "\"a\"b", "\"a\\b\"", "\"a\\\""})
    void aKeyThatBeginsWithAQuoteIsAString(String key) {
        assertProblem(make(key, STAMP), 400, "invalid-request");
    }

    @Test
    void aRunningRequestIsNotToldOfToAWrongPassword() throws Exception {
        var begun = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        stamps.before =
                () -> {
                    begun.countDown();
                    await(goOn);
                };
        try (var others = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = others.submit(() -> make("k", STAMP));
            await(begun);

            var stranger = makeAs(basic(user, "wrong"), "k", STAMP);
            goOn.countDown();

            assertProblem(stranger, 401, "authentication-failed");
            assertThat(first.get()).hasStatus(201);
        }
    }

    @Test
    void aWrongPasswordTakesNoKeyAndGetsNoAnswer() {
        assertProblem(makeAs(basic(user, "wrong"), "k", STAMP), 401, "authentication-failed");
        make("k", STAMP);

        assertProblem(makeAs(basic(user, "wrong"), "k", STAMP), 401, "authentication-failed");
        assertProblem(makeAs(basic(user, "wrong"), "k", "{}"), 401, "authentication-failed");
        assertThat(stamps.made).isEqualTo(1);
    }

    @Test
    void aKeySurvivesAnotherCredential() {
        make("k", STAMP);
        var session =
                http.post()
                        .uri("/v1/sessions")
                        .contentType(MediaType.APPLICATION_JSON)
                        .content(
                                "{\"username\": \"%s\", \"password\": \"%s\"}"
                                        .formatted(user, InMemoryServer.GREENMAIL.password()))
                        .exchange();
        var token =
                new String(session.getResponse().getContentAsByteArray(), StandardCharsets.UTF_8)
                        .replaceFirst("(?s).*\"token\":\"([^\"]+)\".*", "$1");

        assertThat(makeAs("Bearer " + token, "k", STAMP))
                .hasStatus(201)
                .hasHeader("Idempotency-Replayed", "true");
    }

    @ParameterizedTest
    @CsvSource({"255, 201", "256, 400"})
    void takesKeysOfUpTo255Characters(int length, int status) {
        assertThat(make("k".repeat(length), STAMP)).hasStatus(status);
    }

    @Test
    void refusesTwoKeysAtOnce() {
        assertProblem(
                http.post()
                        .uri("/v1/stamps")
                        .header(HttpHeaders.AUTHORIZATION, basic())
                        .header("Idempotency-Key", "a", "b")
                        .contentType(MediaType.APPLICATION_JSON)
                        .content(STAMP)
                        .exchange(),
                400,
                "invalid-request");
    }

    @Test
    void leavesFormsToTheContainer() {
        for (int i = 0; i < 2; i++) {
            assertThat(
                            http.post()
                                    .uri("/v1/stamps/files")
                                    .multipart()
                                    .file("file", "blue".getBytes(StandardCharsets.UTF_8))
                                    .header(HttpHeaders.AUTHORIZATION, basic())
                                    .header("Idempotency-Key", "k"))
                    .hasStatusOk()
                    .bodyJson()
                    .isEqualTo("{\"content\": \"blue\"}");
        }
        assertThat(stamps.made).isEqualTo(1);
    }

    private MvcTestResult make(String key, String body) {
        return makeAs(basic(), key, body);
    }

    private MvcTestResult makeAs(String authorization, String key, String body) {
        return http.post()
                .uri("/v1/stamps")
                .header(HttpHeaders.AUTHORIZATION, authorization)
                .header("Idempotency-Key", key)
                .contentType(MediaType.APPLICATION_JSON)
                .content(body)
                .exchange();
    }

    private MvcTestResult post(String key, String path) {
        return http.post()
                .uri(path)
                .header(HttpHeaders.AUTHORIZATION, basic())
                .header("Idempotency-Key", key)
                .exchange();
    }

    private String basic() {
        return basic(user, InMemoryServer.GREENMAIL.password());
    }

    private static String basic(String user, String password) {
        var pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assertProblem(MvcTestResult answer, int status, String code) {
        assertThat(answer).hasStatus(status).bodyJson().extractingPath("$.code").isEqualTo(code);
    }
}
