package postern.web;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Properties;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import postern.web.problem.ProblemCode;

/** Keeps {@code docs/errors.md} in sync with the problem codes. */
@NullMarked
class ProblemsPageTest {

    private static final Path PAGE = Path.of("docs/errors.md");
    private static final Path TEXTS =
            Path.of("src/main/resources/postern/web/page/problems.properties");

    private static final String HEAD =
            """
            # Errors

            Every failure is answered as `application/problem+json` (RFC 9457). A client decides by `code` and
            `retryable`; `title` and `detail` are for people and for logs, and may change.

            ```json
            {
              "type": "/problems/message-not-found",
              "title": "No such message",
              "status": 404,
              "detail": "there is no such message",
              "code": "message-not-found",
              "retryable": false
            }
            ```

            `retryable` means that the same request may succeed later and does no harm when it is repeated; wait for
            `Retry-After` where there is one. `imapResponseCode` is the code of the mail server (RFC 5530) where it gave
            one, and `errors` names the inputs that are not valid. In the results of a batch and of an import each
            message has a problem of its own. When a download fails after its first byte the connection is cut, and the
            client has fewer bytes than `Content-Length` or no last chunk.

            `ProblemsPageTest` writes this page from `ProblemCode` and `src/main/resources/postern/web/page/problems.properties`:
            `mvn test -Dtest=ProblemsPageTest -Dproblems.update`.

            | code | status | retry | title | when it occurs | what a client does |
            |---|---|---|---|---|---|
            """;

    @Test
    void thePageHasEveryCode() throws IOException {
        var texts = texts();
        var page =
                Arrays.stream(ProblemCode.values())
                        .map(code -> row(code, texts))
                        .collect(joining("", HEAD, ""));

        if (Boolean.getBoolean("problems.update")) {
            Files.writeString(PAGE, page);
        }

        assertThat(page)
                .as("docs/errors.md; -Dproblems.update rewrites it")
                .isEqualTo(Files.readString(PAGE));
    }

    @Test
    void everyCodeSaysWhenItOccursAndWhatAClientDoes() throws IOException {
        var keys =
                Arrays.stream(ProblemCode.values())
                        .flatMap(code -> Stream.of(code + ".when", code + ".do"));

        assertThat(texts().stringPropertyNames())
                .containsExactlyInAnyOrderElementsOf(keys.toList());
    }

    private static String row(ProblemCode code, Properties texts) {
        return "| `%s` | %d | %s | %s | %s | %s |\n"
                .formatted(
                        code,
                        code.status().value(),
                        code.retryable() ? "yes" : "no",
                        code.title(),
                        texts.getProperty(code + ".when"),
                        texts.getProperty(code + ".do"));
    }

    private static Properties texts() throws IOException {
        var texts = new Properties();
        try (var reader = Files.newBufferedReader(TEXTS)) {
            texts.load(reader);
        }
        return texts;
    }
}
