package postern.contract;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import postern.web.id.MessageId;
import postern.web.problem.ProblemCode;
import tools.jackson.databind.JsonNode;

/** The examples of whole bodies in openapi.yaml. */
class ContractExamplesTest {

    private static final Path FILES = Path.of("src/main/resources/postern/web/contract/examples");

    private static final Set<String> WITHOUT_EXAMPLE =
            Set.of("*/*", "application/octet-stream", "application/zip", "multipart/form-data");

    private static final Pattern HOST =
            Pattern.compile("(?:@|//|\\bhost\":\")([a-z0-9.-]*[a-z0-9])", Pattern.CASE_INSENSITIVE);

    private static final Pattern CODE = Pattern.compile("`([a-z]+(?:-[a-z]+)*)`");

    private final Contract contract = Contract.read();
    private final ContractSchemas schemas = new ContractSchemas(contract);

    /** A body of an operation, in one of its media types. */
    private record Body(ContractOperation operation, String part, String type, JsonNode media) {

        boolean hasExample() {
            return media.has("example");
        }

        JsonNode example() {
            return media.path("example");
        }

        /**
         * Octets have no example, nor has a form, where a file in it would have to be text. The
         * file of a request has none, since the generator for Kotlin writes its lines into code.
         */
        boolean isWithoutExample() {
            return WITHOUT_EXAMPLE.contains(type) || (part.equals("request") && schema().isEmpty());
        }

        String schema() {
            return Contract.name(media.path("schema"));
        }

        @Override
        public String toString() {
            return "%s/%s.yaml: %s of %s".formatted(FILES, operation.id(), type, part);
        }
    }

    @Test
    void everyBodyHasAnExample() {
        assertThat(bodies()).isNotEmpty();
        assertThat(bodies().filter(it -> !it.hasExample() && !it.isWithoutExample()))
                .as("write the example into the file, then run OpenApiTest with -Dopenapi.update")
                .isEmpty();
        assertThat(bodies().filter(it -> it.hasExample() && it.isWithoutExample())).isEmpty();
    }

    /** An answer whose body is not described would need no example. */
    @Test
    void everyAnswerDescribesItsBodyUnlessItsStatusHasNone() {
        for (var operation : contract.operations()) {
            operation
                    .responses()
                    .forEach((status, answer) ->
                            assertThat(answer.path("content").isEmpty())
                                    .as("%s answers %d without a body", operation.id(), status)
                                    .isEqualTo(status == 204 || status == 304));
        }
    }

    @Test
    void everyExampleObeysItsSchema() {
        var faults =
                bodies().filter(it -> it.hasExample() && !it.schema().isEmpty())
                        .flatMap(it ->
                                schemas.faults(it.schema(), it.example()).stream()
                                        .map(fault -> it + ": " + fault));

        assertThat(faults).isEmpty();
    }

    @Test
    void theIdsOfExamplesCanBeRead() {
        assertThat(bodies().flatMap(it -> it.example().findValues("messageId").stream()))
                .isNotEmpty()
                .allSatisfy(id ->
                        assertThatCode(() -> MessageId.parse(id.asString()))
                                .doesNotThrowAnyException());
    }

    /** Clients may send examples as they are, and nobody's host or address shall get them. */
    @Test
    void noExampleNamesARealHost() {
        var hosts =
                bodies().map(it -> it.example().toString())
                        .flatMap(it -> HOST.matcher(it).results())
                        .map(host -> host.group(1))
                        .collect(toSet());

        assertThat(hosts).isNotEmpty().allMatch(it -> it.matches("(.+\\.)?example\\.(com|org)"));
    }

    @Test
    void everyFileOfExamplesIsUsed() throws IOException {
        var bodies =
                bodies().map(it -> it.operation().id() + " " + it.part() + " " + it.type())
                        .collect(toSet());

        try (var files = Files.list(FILES)) {
            for (var file : files.toList()) {
                var name = file.getFileName().toString().replace(".yaml", "");
                var examples = yaml(file);
                var callback = contract.document().path("paths").findValue(name);
                if (callback != null) {
                    assertThat(
                                    callback.iterator()
                                            .next()
                                            .at("/post/requestBody/content")
                                            .path("application/json")
                                            .path("examples")
                                            .propertyNames())
                            .containsAll(examples.keySet());
                    continue;
                }
                examples.forEach((part, types) ->
                        ((Map<?, ?>) types)
                                .keySet()
                                .forEach(type ->
                                        assertThat(bodies)
                                                .contains(name + " " + part + " " + type)));
            }
        }
    }

    @Test
    void everyProblemOfAStatusHasAnExample() {
        for (var response : contract.document().at("/components/responses").properties()) {
            var examples =
                    response.getValue().at("/content/application~1problem+json").path("examples");
            var description = response.getValue().path("description").asString();
            var status =
                    examples.path(examples.propertyNames().iterator().next()).at("/value/status");
            var codes = codes(status.asInt());

            assertThat(examples.propertyNames())
                    .as("problems.yaml: %s", response.getKey())
                    .containsExactlyInAnyOrderElementsOf(codes);
            assertThat(CODE.matcher(description).results().map(it -> it.group(1)))
                    .as("ProblemResponses.description of %s", response.getKey())
                    .containsAll(codes);
            examples.properties().forEach(it -> assertProblem(it.getKey(), it.getValue()));
        }
    }

    private static Set<String> codes(int status) {
        return Stream.of(ProblemCode.values())
                .filter(code -> code.status().value() == status)
                .map(ProblemCode::toString)
                .collect(toSet());
    }

    private void assertProblem(String name, JsonNode example) {
        var problem = example.path("value");
        var code =
                Stream.of(ProblemCode.values())
                        .filter(it -> it.toString().equals(name))
                        .findFirst()
                        .orElseThrow();

        assertThat(schemas.faults("Problem", problem)).as(name).isEmpty();
        assertThat(problem.path("code").asString()).isEqualTo(name);
        assertThat(problem.path("type").asString()).isEqualTo("/problems/" + name);
        assertThat(problem.path("title").asString()).isEqualTo(code.title());
        assertThat(problem.path("status").asInt()).isEqualTo(code.status().value());
        assertThat(problem.path("retryable").asBoolean()).isEqualTo(code.retryable());
        assertThat(problem.has("errors")).as(name).isEqualTo(code.status().value() == 400);
    }

    private Stream<Body> bodies() {
        return contract.operations().stream()
                .flatMap(operation -> {
                    var document =
                            contract.document()
                                    .path("paths")
                                    .path(operation.path())
                                    .path(operation.method().toLowerCase(Locale.ROOT));
                    var request = bodies(operation, "request", document.path("requestBody"));
                    var answers =
                            document.path("responses")
                                    .valueStream()
                                    .filter(response -> !response.has("$ref"))
                                    .flatMap(response -> bodies(operation, "answer", response));
                    return Stream.concat(request, answers);
                });
    }

    private static Stream<Body> bodies(ContractOperation operation, String part, JsonNode holder) {
        return holder.path("content").properties().stream()
                .map(it -> new Body(operation, part, it.getKey(), it.getValue()));
    }

    private static Map<String, Object> yaml(Path file) throws IOException {
        return new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
    }
}
