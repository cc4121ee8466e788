package postern.attachment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.ContentDisposition;
import org.springframework.test.context.ContextConfiguration;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.imap.Access;
import postern.imap.ImapConnections;
import postern.imap.Lane;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchItems;
import postern.testserver.AnyMailServer;
import postern.testserver.InMemoryServer;
import postern.web.OnGreenMail;
import postern.web.id.MessageId;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ContextConfiguration(initializers = {OnGreenMail.Server.class, AnyMailServer.class})
@Timeout(120)
class DownloadsTest {

    private static final int SMALL = 5_000;
    private static final int LARGE = 700_000;

    private static final InMemoryServer SERVER = InMemoryServer.GREENMAIL;

    @LocalServerPort private int port;
    @Autowired private ImapConnections connections;
    @Autowired private JsonMapper json;
    private Account account;
    private DownloadApi api;

    @BeforeEach
    void anEmptyAccount() {
        account = newAccount();
        api = new DownloadApi(port, connections, account);
    }

    @AfterEach
    void theClientLeaves() {
        api.close();
    }

    @ParameterizedTest
    @CsvSource({
        "base64, " + SMALL,
        "quoted-printable, " + SMALL,
        "8bit, " + SMALL,
        "x-uuencode, " + SMALL,
        "irregular base64, " + SMALL
    })
    void aPartComesDecodedAsAWholeAndInPieces(String encoding, int size) throws Exception {
        var file = SampleFilePart.of(encoding, size);
        var path = part2(api.append(file.message()));

        var whole = api.get(path);

        assertThat(whole.statusCode()).isEqualTo(200);
        assertThat(whole.body()).isEqualTo(file.octets());
        assertThat(header(whole, "Accept-Ranges")).isEqualTo("bytes");
        assertThat(header(whole, "Content-Length")).isEqualTo("" + file.octets().length);
        assertSlice(path, file.octets(), "bytes=0-0", 0, 1);
        assertSlice(path, file.octets(), "bytes=1000-2998", 1000, 2999);
        assertSlice(path, file.octets(), "bytes=4001-", 4001, file.octets().length);
        assertSlice(
                path, file.octets(), "bytes=-7", file.octets().length - 7, file.octets().length);
        assertHeadIsGetWithoutItsBody(path, whole);
    }

    // This server includes the part's header in the size, so that not even base64 has a known
    // layout.
    @ParameterizedTest
    @CsvSource({"base64", "quoted-printable", "x-uuencode", "irregular base64"})
    void aLargePartOfUnknownLengthComesAsAWhole(String encoding) throws Exception {
        var file = SampleFilePart.of(encoding, LARGE);
        var path = part2(api.append(file.message()));

        var whole = api.get(path, "Range", "bytes=10-19");

        assertThat(whole.statusCode()).isEqualTo(200);
        assertThat(whole.body()).isEqualTo(file.octets());
        assertThat(header(whole, "Accept-Ranges")).isEqualTo("none");
        assertThat(whole.headers().firstValue("Content-Length")).isEmpty();
        assertHeadIsGetWithoutItsBody(path, whole);
    }

    @Test
    void aSizeThatTheServerGotWrongIsNotPassedOn() throws Exception {
        var file = SampleFilePart.of("8bit", LARGE);
        var path = part2(api.append(file.message()));

        var whole = api.get(path, "Range", "bytes=0-9");

        assertThat(whole.statusCode()).isEqualTo(200);
        assertThat(whole.body()).isEqualTo(file.octets());
        assertThat(header(whole, "Content-Length")).isEqualTo("" + file.octets().length);
        assertThat(api.head(path).headers().firstValue("Content-Length")).isEmpty();
    }

    @Test
    void aMessageComesAsItIs() throws Exception {
        var message = SampleFilePart.of("base64", SMALL).message();
        var path = "/v1/messages/%s/raw".formatted(api.append(message));

        var whole = api.get(path);

        assertThat(whole.body()).isEqualTo(message);
        assertThat(header(whole, "Content-Type")).isEqualTo("message/rfc822");
        assertThat(disposition(whole).isAttachment()).isTrue();
        assertThat(disposition(whole).getFilename()).endsWith(".eml");
        assertSlice(path, message, "bytes=100-299", 100, 300);
        assertHeadIsGetWithoutItsBody(path, whole);
    }

    @Test
    void anEmptyPartIsAnEmptyFile() throws Exception {
        var path = part2(api.append(new SampleFilePart(new byte[0], "base64", "").message()));

        var whole = api.get(path);

        assertThat(whole.statusCode()).isEqualTo(200);
        assertThat(whole.body()).isEmpty();
        assertThat(header(whole, "Content-Length")).isEqualTo("0");
        assertThat(api.get(path, "Range", "bytes=0-").statusCode()).isEqualTo(416);
    }

    @Test
    void aFileThatIsAtHandIsNotSentAgain() throws Exception {
        var path = aSmallFile();
        var tag = header(api.get(path), "ETag");

        var again = api.get(path, "If-None-Match", "\"other\", " + tag);

        assertThat(tag).startsWith("\"");
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(header(again, "ETag")).isEqualTo(tag);
        assertThat(header(again, "Cache-Control")).contains("private", "immutable");
        assertThat(api.get(path, "If-None-Match", "\"other\"").statusCode()).isEqualTo(200);
        assertThat(api.get(path, "If-Match", tag).statusCode()).isEqualTo(200);
    }

    @Test
    void anotherFileThanTheOneWantedIsNotSent() throws Exception {
        var answer = api.get(aSmallFile(), "If-Match", "\"other\"");

        assertThat(answer.statusCode()).isEqualTo(412);
        assertThat(problem(answer).get("code").asString()).isEqualTo("message-modified");
    }

    @Test
    void aRangeIsSentOnlyOfTheFileThatTheCallerHas() throws Exception {
        var path = aSmallFile();
        var tag = header(api.head(path), "ETag");

        assertThat(api.get(path, "Range", "bytes=5-9", "If-Range", tag).body()).hasSize(5);
        var other = api.get(path, "Range", "bytes=5-9", "If-Range", "\"other\"");
        assertThat(other.statusCode()).isEqualTo(200);
        assertThat(other.body()).hasSize(SMALL);
    }

    @Test
    void aRangeBehindTheEndSaysHowLongTheFileIs() throws Exception {
        var path = aSmallFile();

        var answer = api.get(path, "Range", "bytes=%d-".formatted(SMALL));

        assertThat(answer.statusCode()).isEqualTo(416);
        assertThat(header(answer, "Content-Range")).isEqualTo("bytes */" + SMALL);
        assertThat(problem(answer).get("code").asString()).isEqualTo("range-not-satisfiable");
        assertThat(answer.headers().firstValue("Content-Disposition")).isEmpty();
        assertThat(header(answer, "Cache-Control")).isEqualTo("no-store");
    }

    @Test
    void aRangeThatIsNoneIsRefused() throws Exception {
        var path = aSmallFile();

        var answer = api.get(path, "Range", "bytes=9-5");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(problem(answer).at("/errors/0/parameter").asString()).isEqualTo("Range");
        assertThat(api.head(path, "Range", "bytes=9-5").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "3, part-not-found",
        "0, part-not-found",
        "x, part-not-found",
        "2.1, part-not-found"
    })
    void aPartThatIsNotThereIsNotFound(String partId, String code) throws Exception {
        var id = api.append(SampleFilePart.of("base64", SMALL).message());

        var answer = api.get("/v1/messages/%s/parts/%s".formatted(id, partId));

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(problem(answer).get("code").asString()).isEqualTo(code);
    }

    @Test
    void aMessageIdThatIsNoneIsNotFound() throws Exception {
        assertThat(api.get("/v1/messages/nonsense/raw").statusCode()).isEqualTo(404);
        assertThat(api.get("/v1/messages/nonsense/parts/2").statusCode()).isEqualTo(404);
    }

    @Test
    void aFileKeepsItsNameInEveryScript() throws Exception {
        var message =
                SampleFilePart.of("base64", SMALL)
                        .message(
                                "image/png",
                                "inline; filename*=UTF-8''%E8%AB%8B%E6%B1%82%20%22%C3%BC%22.png");

        var answer = api.get(part2(api.append(message)));

        assertThat(disposition(answer).isInline()).isTrue();
        assertThat(disposition(answer).getFilename()).startsWith("\u8acb\u6c42").endsWith(".png");
        assertThat(header(answer, "Content-Disposition")).contains("; filename=\"");
        assertThat(header(answer, "Content-Type")).isEqualTo("image/png");
    }

    @Test
    void aPageIsAFileAndNoPageOfThisOrigin() throws Exception {
        var message =
                SampleFilePart.of("base64", SMALL)
                        .message("text/html; charset=utf-8", "inline; filename=page.html");

        var answer = api.get(part2(api.append(message)));

        assertThat(disposition(answer).isAttachment()).isTrue();
        assertThat(answer.headers().allValues("X-Content-Type-Options")).containsExactly("nosniff");
        assertThat(header(answer, "Content-Security-Policy"))
                .contains("default-src 'none'", "sandbox");
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-such-charset", "\"{}\"", "x-unknown", "us-ascii"})
    void aTextInWhateverCharsetIsSentAsItIs(String charset) throws Exception {
        var file = SampleFilePart.of("base64", SMALL);
        var message = file.message("text/plain; charset=" + charset, "attachment");

        var answer = api.get(part2(api.append(message)));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(file.octets());
        assertThat(header(answer, "Content-Type")).startsWith("text/plain");
    }

    @Test
    void downloadingDoesNotMarkAsSeen() throws Exception {
        var id = api.append(SampleFilePart.of("base64", LARGE).message());
        api.get(part2(id));
        api.get("/v1/messages/%s/raw".formatted(id));

        var message = MessageId.parse(id).ref();
        try (var mailbox =
                connections.select(
                        account, message.mailbox(), Access.READ_ONLY, Lane.INTERACTIVE)) {
            var flags = mailbox.fetch(message.uid(), FetchItems.of(FetchItem.FLAGS)).flags();
            assertThat(flags).extracting(Object::toString).noneMatch(seen());
        }
    }

    // A message id does not contain the user, so the first messages of two accounts have the same
    // id.
    @Test
    void oneUsersFileIsNeverTakenForAnothers() throws Exception {
        var mine = api.append(SampleFilePart.of("base64", LARGE).message());
        try (var other = new DownloadApi(port, connections, newAccount())) {
            var theirFile = SampleFilePart.of("base64", LARGE - 1);
            var theirs = other.append(theirFile.message());
            var myAnswer = api.get(part2(mine));

            var theirAnswer = other.get(part2(theirs), "If-None-Match", header(myAnswer, "ETag"));

            assertThat(theirAnswer.statusCode()).isEqualTo(200);
            assertThat(theirAnswer.body()).isEqualTo(theirFile.octets());
            assertThat(myAnswer.headers().allValues("Vary")).contains("Authorization");
        }
    }

    private static Predicate<String> seen() {
        return flag -> flag.contains("Seen");
    }

    private void assertSlice(String path, byte[] file, String range, int from, int to)
            throws IOException, InterruptedException {
        var answer = api.get(path, "Range", range);

        assertThat(answer.statusCode()).isEqualTo(206);
        assertThat(answer.body()).isEqualTo(Arrays.copyOfRange(file, from, to));
        assertThat(header(answer, "Content-Range"))
                .isEqualTo("bytes %d-%d/%d".formatted(from, to - 1, file.length));
        assertThat(header(answer, "Content-Length")).isEqualTo("" + (to - from));
    }

    private void assertHeadIsGetWithoutItsBody(String path, HttpResponse<byte[]> get)
            throws IOException, InterruptedException {
        var head = api.head(path);

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(lasting(head)).isEqualTo(lasting(get));
    }

    private static Object lasting(HttpResponse<byte[]> answer) {
        var headers = new TreeMap<>(answer.headers().map());
        headers.remove("date");
        headers.remove("transfer-encoding");
        headers.remove("x-request-id");
        // they tell of earlier requests, too
        headers.remove("ratelimit");
        headers.remove("ratelimit-policy");
        return headers;
    }

    private String aSmallFile() {
        return part2(api.append(SampleFilePart.of("base64", SMALL).message()));
    }

    private static String part2(String messageId) {
        return "/v1/messages/%s/parts/2".formatted(messageId);
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("none of that name");
    }

    private static ContentDisposition disposition(HttpResponse<?> answer) {
        return ContentDisposition.parse(header(answer, "Content-Disposition"));
    }

    private JsonNode problem(HttpResponse<byte[]> answer) {
        assertThat(header(answer, "Content-Type")).isEqualTo("application/problem+json");
        return json.readTree(new String(answer.body(), StandardCharsets.UTF_8));
    }

    private static Account newAccount() {
        return new Account(
                new ImapServer(SERVER.host(), SERVER.port(), Security.NONE),
                SERVER.newUser(),
                new Password(SERVER.password()));
    }
}
