package postern.web.problem;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotEmpty;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import postern.account.Account;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.ResponseCode;
import postern.testserver.SomeAccount;
import postern.web.OnGreenMail;
import postern.web.id.Cursor;
import postern.web.id.MailboxId;
import postern.web.id.MessageId;

@OnGreenMail
@Import(DeclaresProblemsTest.Parcels.class)
@ExtendWith(OutputCaptureExtension.class)
class DeclaresProblemsTest {

    private static final MailboxId WORK = MailboxId.of(MailboxName.of("Work"));
    private static final MessageId PARCEL =
            MessageId.of(SomeAccount.message(MailboxName.of("Work"), 7, 9));

    @Autowired private MockMvcTester http;
    @Autowired private Parcels parcels;

    enum Size {
        @JsonProperty("small")
        SMALL,
        @JsonProperty("extra-large")
        EXTRA_LARGE
    }

    record Parcel(
            @NotEmpty String to,
            int weight,
            @Nullable Instant sentAt,
            @Nullable MessageId about,
            @Nullable MailboxId into,
            List<Label> labels) {}

    record Label(String text, @Nullable Map<String, @Nullable Boolean> marks) {}

    record Wanted(@Nullable String from, @Nullable Size size) {}

    @RestController
    @RequestMapping("/v1/parcels")
    static class Parcels {

        private RuntimeException failure = new IllegalStateException();

        @GetMapping
        List<String> list(
                @RequestParam(defaultValue = "50") @Max(200) int limit,
                @RequestParam @Nullable Cursor cursor,
                @RequestParam(name = "in") @Nullable MailboxId mailboxId,
                @RequestParam(defaultValue = "false") boolean all,
                @RequestParam @Nullable Instant since,
                Wanted wanted) {
            return List.of(String.valueOf(wanted.size()));
        }

        @PostMapping
        Parcel store(@Valid @RequestBody Parcel parcel) {
            return parcel;
        }

        @GetMapping("/of/{mailboxId}/{messageId}")
        List<String> of(@PathVariable MailboxId mailboxId, @PathVariable MessageId messageId) {
            return List.of(mailboxId.text(), messageId.toString());
        }

        @GetMapping("/number/{number}")
        int number(@PathVariable int number) {
            return number;
        }

        @GetMapping("/mine")
        List<String> mine(Account account) {
            return List.of(account.user());
        }

        @GetMapping("/broken")
        void broken(HttpServletResponse response) {
            response.setContentType("image/png");
            response.setHeader(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=x.png");
            response.setHeader(HttpHeaders.ETAG, "\"7\"");
            response.setHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, "https://app.example");
            throw failure;
        }
    }

    static Stream<Arguments> imapOutcomes() {
        var code = new ResponseCode("NOPERM", "secret words of the server");
        return Stream.of(
                Arguments.of(
                        new ImapException.AuthenticationFailed(code), 401, "authentication-failed"),
                Arguments.of(new ImapException.PermissionDenied(code), 403, "permission-denied"),
                Arguments.of(new ImapException.MailboxNotFound(code), 404, "mailbox-not-found"),
                Arguments.of(new ImapException.MessageNotFound(), 404, "message-not-found"),
                Arguments.of(new ImapException.PartNotFound(), 404, "part-not-found"),
                Arguments.of(new ImapException.MailboxExists(code), 409, "mailbox-exists"),
                Arguments.of(
                        new ImapException.MailboxHasChildren(code), 409, "mailbox-has-children"),
                Arguments.of(new ImapException.MailboxInUse(code), 409, "mailbox-in-use"),
                Arguments.of(new ImapException.MailboxReset(), 410, "mailbox-reset"),
                Arguments.of(new ImapException.MessageModified(code), 412, "message-modified"),
                Arguments.of(new ImapException.MessageTooBig(code), 413, "message-too-big"),
                Arguments.of(new ImapException.NotPossible("no", code), 422, "not-possible"),
                Arguments.of(new ImapException.UnknownEncoding(code), 422, "not-possible"),
                Arguments.of(
                        new ImapException.ConnectionLimit(Duration.ZERO, code),
                        429,
                        "connection-limit"),
                Arguments.of(new ImapException.OverQuota(code), 507, "over-quota"),
                Arguments.of(
                        new ImapException.ServerUnreachable("x", null), 502, "server-unreachable"),
                Arguments.of(
                        new ImapException.CertificateNotTrusted("x", null),
                        502,
                        "certificate-not-trusted"),
                Arguments.of(
                        new ImapException.TooManyLogins(Duration.ZERO), 429, "too-many-logins"),
                Arguments.of(
                        new ImapException.ConnectionLost("x", null), 502, "server-unreachable"),
                Arguments.of(new ImapException.OutcomeUnknown(null), 502, "outcome-unknown"),
                Arguments.of(
                        new ImapException.ProtocolError("x", code, null), 502, "protocol-error"),
                Arguments.of(
                        new ImapException.ServerUnavailable(Duration.ZERO, code),
                        503,
                        "server-unavailable"),
                Arguments.of(new ImapException.ServerTimedOut("x", null), 504, "server-timed-out"));
    }

    @ParameterizedTest
    @MethodSource("imapOutcomes")
    void everyImapOutcomeHasItsStatusAndCode(ImapException failure, int status, String code) {
        parcels.failure = failure;

        var answer = get("/broken");

        assertProblem(answer, status, code);
        assertThat(answer).bodyText().doesNotContain("secret words");
        if (failure.responseCode() != null) {
            assertThat(answer).bodyJson().extractingPath("$.imapResponseCode").isEqualTo("NOPERM");
        } else {
            assertThat(answer).bodyJson().doesNotHavePath("$.imapResponseCode");
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "1000, 1", "1001, 2", "30000, 30"})
    void retryAfterIsWholeSecondsAndNeverZero(long millis, String seconds) {
        parcels.failure = new ImapException.ConnectionLimit(Duration.ofMillis(millis), null);
        assertThat(get("/broken")).hasHeader(HttpHeaders.RETRY_AFTER, seconds);

        parcels.failure = new ImapException.ServerUnavailable(Duration.ofMillis(millis), null);
        assertThat(get("/broken")).hasHeader(HttpHeaders.RETRY_AFTER, seconds);
    }

    @Test
    void aProblemTakesThePlaceOfTheFileThatWasBegun() {
        parcels.failure = new ImapException.PartNotFound();

        var answer = http.get().uri("/v1/parcels/broken").accept(MediaType.IMAGE_PNG).exchange();

        assertProblem(answer, 404, "part-not-found");
        assertThat(answer)
                .doesNotContainHeader(HttpHeaders.CONTENT_DISPOSITION)
                .doesNotContainHeader(HttpHeaders.ETAG)
                .hasHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, "https://app.example")
                .hasHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    }

    @Test
    void headAnswersTheSameWithoutABody() {
        parcels.failure = new ImapException.PartNotFound();

        var answer = http.method(HttpMethod.HEAD).uri("/v1/parcels/broken").exchange();

        assertThat(answer)
                .hasStatus(404)
                .hasContentType(MediaType.APPLICATION_PROBLEM_JSON)
                .bodyText()
                .isEmpty();
    }

    @Test
    void whatIsUnexpectedIsLoggedWithoutItsWords(CapturedOutput log) {
        parcels.failure =
                new IllegalStateException(
                        "Dear Anne", new RuntimeException("the password is sesame"));

        var answer = get("/broken");

        assertProblem(answer, 500, "internal-error");
        assertThat(answer).bodyText().doesNotContain("Anne", "sesame", "Exception", "postern.");
        assertThat(log)
                .contains("java.lang.IllegalStateException", "ProblemsTest.whatIsUnexpected")
                .doesNotContain("Dear Anne", "sesame");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "limit=201 | limit | must be less than or equal to 200",
                "limit=many | limit | is not a whole number within bounds",
                "limit=99999999999 | limit | is not a whole number within bounds",
                "all=perhaps | all | is neither true nor false",
                "since=yesterday | since | is not a time as in RFC 3339",
                "in=Posteingang | in | is not a mailbox id",
                "size=huge | size | is not one of small, extra-large",
                "Limit=3 | Limit | is not a parameter of this",
                "account=x | account | is not a parameter of this",
                "limit=1&%ff=1 | %ff | is not percent-encoded UTF-8"
            })
    void aBadParameterIsNamed(String query, String name, String detail) {
        var answer = get("?" + query);

        assertProblem(answer, 400, "invalid-request");
        assertThat(answer)
                .bodyJson()
                .extractingPath("$.errors")
                .isEqualTo(List.of(Map.of("parameter", name, "detail", detail)));
    }

    @Test
    void enumsAreSpeltAsInJson() {
        assertThat(get("?size=extra-large")).bodyJson().isEqualTo("[\"EXTRA_LARGE\"]");
    }

    @Test
    void aDamagedCursorHasItsOwnCode() {
        var cursor = Cursor.of(1, 2, 3).toString();

        assertThat(get("?cursor=" + cursor)).hasStatusOk();
        assertProblem(get("?cursor=" + cursor.substring(1)), 400, "invalid-cursor");
    }

    @Test
    void aPathWithADamagedIdNamesNothing() {
        assertThat(get("/of/%s/%s".formatted(WORK.text(), PARCEL))).hasStatusOk();
        assertThat(get("/of/trash/" + PARCEL)).bodyText().contains("trash");
        assertProblem(get("/of/%sA/%s".formatted(WORK.text(), PARCEL)), 404, "mailbox-not-found");
        assertProblem(get("/of/%s/%sA".formatted(WORK.text(), PARCEL)), 404, "message-not-found");
        assertProblem(get("/number/seven"), 404, "not-found");
        assertProblem(get("/nowhere/at/all"), 404, "not-found");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"to\":\"x\",\"weight\":1,\"labels\":[],\"colour\":1} | /colour | is not a field"
                        + " of this",
                "{\"to\":\"x\",\"weight\":1,\"labels\":[{\"text\":\"a\",\"a/b\":1}]} |"
                        + " /labels/0/a~1b | is not a field of this",
                "{\"weight\":1,\"labels\":[]} | /to | is missing or of another type",
                "{\"to\":\"x\",\"labels\":[]} | /weight | is missing or of another type",
                "{\"to\":null,\"weight\":1,\"labels\":[]} | /to | must not be null",
                "{\"to\":\"x\",\"weight\":1,\"labels\":[null]} | /labels/0 | must not be null",
                "{\"to\":\"x\",\"weight\":1,\"labels\":[{}]} | /labels/0/text | is missing or of"
                        + " another type",
                "{\"to\":\"x\",\"weight\":\"heavy\",\"labels\":[]} | /weight | is missing or of another"
                        + " type",
                "{\"to\":\"x\",\"weight\":1,\"labels\":[],\"sentAt\":\"now\"} | /sentAt | is not a"
                        + " date-time as in RFC 3339",
                "{\"to\":\"x\",\"weight\":1,\"labels\":[],\"about\":\"Eg\"} | /about | is not a"
                        + " message id",
                "{\"to\":\"\",\"weight\":1,\"labels\":[]} | /to | must not be empty",
                "[] | `` | is missing or of another type",
                "{\"to\":\"x\" | `` | is not JSON: line 1, column 10",
                "`` | `` | is missing"
            })
    void aBadPlaceInTheBodyIsNamed(String body, String pointer, String detail) {
        var answer =
                http.post()
                        .uri("/v1/parcels")
                        .contentType(MediaType.APPLICATION_JSON)
                        .content(body)
                        .exchange();

        assertProblem(answer, 400, "invalid-request");
        assertThat(answer)
                .bodyJson()
                .extractingPath("$.errors")
                .isEqualTo(List.of(Map.of("pointer", pointer, "detail", detail)));
    }

    @Test
    void whatMayBeNullOrAbsentMayBe() {
        var answer =
                http.post()
                        .uri("/v1/parcels")
                        .contentType(MediaType.APPLICATION_JSON)
                        .content(
                                """
                                {"to":"x","weight":1,"sentAt":null,
                                 "labels":[{"text":"a","marks":{"b":null}}]}\
                                """)
                        .exchange();

        assertThat(answer).hasStatusOk().bodyJson().doesNotHavePath("$.sentAt");
    }

    @Test
    void idsAreStringsInJson() {
        var body =
                """
                {"to":"x","weight":1,"about":"%s","into":"%s","labels":[]}\
                """
                        .formatted(PARCEL, WORK.text());

        var answer =
                http.post()
                        .uri("/v1/parcels")
                        .contentType(MediaType.APPLICATION_JSON)
                        .content(body)
                        .exchange();

        assertThat(answer).hasStatusOk().bodyJson().isEqualTo(body);
        assertThat(
                        http.post()
                                .uri("/v1/parcels")
                                .contentType(MediaType.APPLICATION_JSON)
                                .content(body.replace(WORK.text(), "trash")))
                .bodyJson()
                .extractingPath("$.into")
                .isEqualTo("trash");
    }

    @Test
    void whatSpringRefusesIsAProblemToo() {
        assertProblem(http.delete().uri("/v1/parcels").exchange(), 405, "method-not-allowed");
        assertThat(http.delete().uri("/v1/parcels")).containsHeader(HttpHeaders.ALLOW);
        assertProblem(
                http.post()
                        .uri("/v1/parcels")
                        .contentType(MediaType.TEXT_PLAIN)
                        .content("x")
                        .exchange(),
                415,
                "unsupported-media-type");
    }

    @Test
    void credentialsAreAskedFor() {
        var answer = get("/mine");

        assertProblem(answer, 401, "authentication-required");
        assertThat(answer.getResponse().getHeaders(HttpHeaders.WWW_AUTHENTICATE))
                .containsExactly(
                        "Basic realm=\"postern\", charset=\"UTF-8\"", "Bearer realm=\"postern\"");
    }

    @Test
    void basicCarriesAnyUtf8AndAColonInThePassword() {
        assertThat(mine(basic("änne@example.com:pass:word 🗝")))
                .hasStatusOk()
                .bodyJson()
                .isEqualTo("[\"änne@example.com\"]");
        assertThat(mine(basic("anne:").replace("Basic", "bAsIc  "))).hasStatusOk();
    }

    @ParameterizedTest
    @CsvSource({
        "Basic !!!, 400, invalid-request",
        "Basic, 400, invalid-request",
        "Basic bm9jb2xvbg==, 400, invalid-request",
        "Basic OnB3, 400, invalid-request",
        "Basic YQBiOng=, 400, invalid-request",
        "Basic /zp4, 400, invalid-request",
        "Digest x, 401, authentication-required",
        "Bearer, 401, authentication-failed",
        "Bearer x.y.z, 401, authentication-failed"
    })
    void aMalformedHeaderIsRefusedAndNotRepeated(String header, int status, String code) {
        var answer = mine(header);

        assertProblem(answer, status, code);
        assertThat(answer).bodyText().doesNotContain("nocolon", "x.y.z");
    }

    @Test
    void whoSendsATokenIsNotAskedForAPassword() {
        assertThat(mine("Bearer x.y.z").getResponse().getHeaders(HttpHeaders.WWW_AUTHENTICATE))
                .containsExactly("Bearer realm=\"postern\"");
    }

    private MvcTestResult get(String rest) {
        return http.get().uri(URI.create("/v1/parcels" + rest)).exchange();
    }

    private MvcTestResult mine(String authorization) {
        return http.get()
                .uri("/v1/parcels/mine")
                .header(HttpHeaders.AUTHORIZATION, authorization)
                .exchange();
    }

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private static void assertProblem(MvcTestResult answer, int status, String code) {
        assertThat(answer)
                .hasStatus(status)
                .hasContentType(MediaType.APPLICATION_PROBLEM_JSON)
                .bodyJson()
                .hasPathSatisfying("$.code", it -> it.assertThat().isEqualTo(code))
                .hasPathSatisfying("$.type", it -> it.assertThat().isEqualTo("/problems/" + code))
                .hasPathSatisfying("$.status", it -> it.assertThat().isEqualTo(status))
                .hasPath("$.title")
                .hasPath("$.retryable");
    }
}
