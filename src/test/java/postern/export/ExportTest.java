package postern.export;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import postern.testserver.InMemoryServer;
import postern.web.OnGreenMail;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@OnGreenMail
class ExportTest {

    private static final InMemoryServer SERVER = InMemoryServer.GREENMAIL;
    private static final String EXPORT = "/v1/mailboxes/inbox/export";
    private static final String IMPORT = "/v1/mailboxes/inbox/import";
    private static final String MBOX =
            """
            From anne@example.com Sun Mar  1 09:08:07 2026
            Status: RO
            From: anne@example.com
            Subject: one

            1

            From anne@example.com Sun Mar  1 09:08:07 2026
            Status: O
            From: anne@example.com
            Subject: two

            2

            """;

    @Autowired private MockMvcTester http;
    @Autowired private JsonMapper json;
    private String authorization;

    @BeforeEach
    void anEmptyAccount() {
        var pair = SERVER.newUser() + ":" + SERVER.password();
        authorization =
                "Basic "
                        + Base64.getEncoder()
                                .encodeToString(pair.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void whatIsImportedIsExported() throws Exception {
        var imported = body(post(IMPORT, MBOX));

        assertThat(imported.get("imported").asInt()).isEqualTo(2);
        assertThat(imported.get("failed").asInt()).isZero();
        assertThat(imported.get("items").get(1).get("index").asInt()).isEqualTo(1);
        assertThat(imported.get("items").get(1).get("status").asString()).isEqualTo("imported");
        var id = imported.get("items").get(1).get("id").asString();
        assertThat(body(get("/v1/messages/" + id)).get("subject").asString()).isEqualTo("two");
        var exported = get(EXPORT + "?format=mbox");
        assertThat(exported).hasStatusOk().hasHeader("Content-Type", "application/mbox");
        assertThat(exported.getResponse().getContentAsString()).isEqualTo(MBOX);
        assertThat(exported.getResponse().getHeader("Postern-Next-Cursor")).isNull();
        assertThat(get(EXPORT + "?format=mbox&status=false").getResponse().getContentAsString())
                .isEqualTo(MBOX.replaceAll("Status: .*\n", ""));
    }

    @Test
    void aPageSaysWhereTheNextBegins() throws Exception {
        post(IMPORT, MBOX);

        var first = get(EXPORT + "?format=zip&limit=1");
        var cursor = first.getResponse().getHeader("Postern-Next-Cursor");
        var second = get(EXPORT + "?format=zip&limit=1&cursor=" + cursor);

        assertThat(first.getResponse().getHeader("Link"))
                .isEqualTo("<?format=zip&limit=1&cursor=%s>; rel=\"next\"".formatted(cursor));
        assertThat(name(first)).contains("one");
        assertThat(name(second)).contains("two");
        assertThat(second.getResponse().getHeader("Postern-Next-Cursor")).isNull();
    }

    @Test
    void everyExportSaysWhereTheOneOfTheNextNightGoesOn() throws Exception {
        var empty = resume(get(EXPORT + "?format=mbox"));
        post(IMPORT, MBOX);
        var first = get(EXPORT + "?format=mbox&cursor=" + empty);
        var quiet = get(EXPORT + "?format=mbox&cursor=" + resume(first));
        post(IMPORT, letter("Mon Mar  2"));
        var next = get(EXPORT + "?format=zip&limit=5&cursor=" + resume(quiet));

        assertThat(first.getResponse().getContentAsString()).isEqualTo(MBOX);
        assertThat(quiet).hasStatusOk();
        assertThat(quiet.getResponse().getContentAsByteArray()).isEmpty();
        assertThat(quiet.getResponse().getHeader("Postern-Next-Cursor")).isNull();
        assertThat(name(next)).contains("Mon Mar 2");
        var part = get(EXPORT + "?format=zip&limit=1");
        assertThat(resume(part)).isEqualTo(part.getResponse().getHeader("Postern-Next-Cursor"));
    }

    private static String resume(MvcTestResult exported) {
        return requireNonNull(exported.getResponse().getHeader("Postern-Resume-Cursor"));
    }

    @Test
    void theTimesStayWithThePages() throws Exception {
        post(IMPORT, MBOX + letter("Mon Mar  2") + letter("Tue Mar  3") + letter("Wed Mar  4"));
        var query = "?format=zip&limit=1&since=2026-03-02&before=2026-03-04T00:00:00Z";

        var first = get(EXPORT + query);
        var link = requireNonNull(first.getResponse().getHeader("Link"));
        var second = get(EXPORT + link.substring(1, link.indexOf('>')));

        assertThat(name(first)).contains("Mon Mar 2");
        assertThat(name(second)).contains("Tue Mar 3");
        assertThat(second.getResponse().getHeader("Postern-Next-Cursor")).isNull();
    }

    private static String letter(String day) {
        return "From x %s 09:08:07 2026\nSubject: %s\n\ntext\n\n".formatted(day, day);
    }

    @Test
    void anImportWithAKeyIsRunOnce() throws Exception {
        var first = post(IMPORT, MBOX, "k");
        var again = post(IMPORT, MBOX, "k");
        var other = post(IMPORT, MBOX.replace("two", "six"), "k");
        var large = post(IMPORT, MBOX + "x".repeat(100_000), "l");
        var largeAgain = post(IMPORT, MBOX + "x".repeat(100_000), "l");

        assertThat(body(first).get("imported").asInt()).isEqualTo(2);
        assertThat(again).hasStatusOk().hasHeader("Idempotency-Replayed", "true");
        assertThat(body(again)).isEqualTo(body(first));
        assertThat(body(other).get("code").asString()).isEqualTo("idempotency-key-reused");
        assertThat(largeAgain).hasHeader("Idempotency-Replayed", "true");
        assertThat(body(largeAgain)).isEqualTo(body(large));
        assertThat(body(get("/v1/mailboxes/inbox")).get("totalMessages").asInt()).isEqualTo(4);
    }

    @Test
    void aKeyWhoseMboxWasRefusedIsFree() throws Exception {
        assertThat(post(IMPORT, "Subject: x\n\ntext\n", "k")).hasStatus(400);

        assertThat(post(IMPORT, MBOX, "k")).hasStatusOk();
    }

    @Test
    void headTellsTheCursorAndSendsNothing() throws Exception {
        post(IMPORT, MBOX);

        var head =
                http.head()
                        .uri(EXPORT + "?format=mbox&maxBytes=1")
                        .header("Authorization", authorization)
                        .exchange();

        assertThat(head).hasStatusOk().containsHeader("Postern-Next-Cursor");
        assertThat(head.getResponse().getContentAsByteArray()).isEmpty();
    }

    @Test
    void anEmptyMailboxIsAnEmptyFile() throws Exception {
        var mbox = get(EXPORT + "?format=mbox");

        assertThat(mbox).hasStatusOk();
        assertThat(mbox.getResponse().getContentAsByteArray()).isEmpty();
        assertThat(body(post(IMPORT, "")).get("imported").asInt()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "'', format",
        "?format=eml, format",
        "?format=mbox&limit=0, limit",
        "?format=mbox&maxBytes=-1, maxBytes",
        "?format=mbox&cursor=x, cursor",
        "?format=mbox&since=1, since",
        "?format=mbox&since=2026-03-01&before=2026-02-30, before",
        "?format=mbox&before=2026-03-01T12:00:00, before",
        "?format=mbox&unseen=true, unseen"
    })
    void aBadParameterIsNamed(String query, String parameter) {
        var problem = body(get(EXPORT + query));

        assertThat(problem.get("status").asInt()).isEqualTo(400);
        assertThat(problem.at("/errors/0/parameter").asString()).isEqualTo(parameter);
    }

    @Test
    void theCursorOfAnotherListIsRefused() {
        var problem = body(get(EXPORT + "?format=mbox&cursor=E3oCBLLLS-E"));

        assertThat(problem.get("status").asInt()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"?keywords=$recent", "?keywords=a b", "?skip=-1", "?skip=x", "?x=1"})
    void aBadParameterOfAnImportIsRefused(String query) {
        assertThat(post(IMPORT + query, MBOX)).hasStatus(400);
    }

    @Test
    void whatIsNoMboxIsRefused() {
        var problem = body(post(IMPORT, "Subject: x\n\ntext\n"));

        assertThat(problem.get("status").asInt()).isEqualTo(400);
        assertThat(problem.at("/errors/0/pointer").asString()).isEmpty();
        assertThat(
                        http.post()
                                .uri(IMPORT)
                                .contentType("text/plain")
                                .content(MBOX)
                                .header("Authorization", authorization))
                .hasStatus(415);
        assertThat(post("/v1/mailboxes/archive/import", MBOX)).hasStatus(404);
    }

    private static String name(MvcTestResult zip) throws Exception {
        var octets = zip.getResponse().getContentAsByteArray();
        try (var in = new ZipInputStream(new ByteArrayInputStream(octets))) {
            var name = in.getNextEntry().getName();
            assertThat(in.getNextEntry()).isNull();
            return name;
        }
    }

    private MvcTestResult get(String uri) {
        return http.get().uri(uri).header("Authorization", authorization).exchange();
    }

    private MvcTestResult post(String uri, String mbox) {
        return importing(uri, mbox).exchange();
    }

    private MvcTestResult post(String uri, String mbox, String key) {
        return importing(uri, mbox).header("Idempotency-Key", key).exchange();
    }

    private MockMvcTester.MockMvcRequestBuilder importing(String uri, String mbox) {
        return http.post()
                .uri(uri)
                .contentType("application/mbox")
                .content(mbox)
                .header("Authorization", authorization);
    }

    private JsonNode body(MvcTestResult answer) {
        return json.readTree(answer.getResponse().getContentAsByteArray());
    }
}
