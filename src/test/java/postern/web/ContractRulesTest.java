package postern.web;

import static java.util.Objects.requireNonNullElse;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** What every operation and schema of openapi.yaml obeys, so that generated clients work. */
class ContractRulesTest {

    private static final String SCHEMAS = "#/components/schemas/";
    private static final Set<String> METHODS = Set.of("get", "put", "post", "patch", "delete");

    private final Map<String, Object> contract = contract();
    private final Map<String, Object> schemas = map(map(contract.get("components")).get("schemas"));

    /** In Go, NewX is the constructor of X. */
    @Test
    void noSchemaIsNamedLikeTheConstructorOfAnother() {
        assertThat(schemas.keySet())
                .doesNotContainAnyElementsOf(schemas.keySet().stream().map("New"::concat).toList());
    }

    /** In Go, the constants of all enumerations and all types share one namespace. */
    @Test
    void theConstantsOfAllEnumerationsDiffer() {
        var names =
                schemas.values().stream()
                        .map(ContractRulesTest::map)
                        .filter(schema -> schema.containsKey("enum"))
                        .flatMap(schema -> list(schema.get("x-enum-varnames")).stream())
                        .map(String::valueOf)
                        .toList();

        assertThat(names).doesNotHaveDuplicates().doesNotContainAnyElementsOf(schemas.keySet());
        assertThat(names).contains("SortReceivedAtDescending");
        schemas.forEach((name, schema) ->
                assertThat(list(map(schema).get("x-enum-varnames")))
                        .as(name)
                        .hasSameSizeAs(list(map(schema).get("enum"))));
    }

    @Test
    void requestsAreClosedAndHaveNoDefaults() {
        for (var name : reachable(requests())) {
            var schema = map(schemas.get(name));
            if (schema.containsKey("properties")) {
                assertThat(schema.get("additionalProperties")).as(name).isEqualTo(false);
                assertThat(map(schema.get("properties")).values())
                        .as(name)
                        .allSatisfy(it -> assertThat(map(it)).doesNotContainKey("default"));
            }
        }
    }

    /** Examples of properties that exclude each other make no example of a body. */
    @Test
    void aBodyHasAnExampleAsAWhole() {
        assertThat(reachable(operations().map(it -> map(it.get("requestBody")))))
                .filteredOn(it -> it.endsWith("Request") || it.endsWith("Patch"))
                .hasSizeGreaterThan(9)
                .allSatisfy(it -> assertThat(map(schemas.get(it))).containsKey("example"));
    }

    @Test
    void namesOfKeywordsInRequestsAreBounded() {
        assertThat(
                        reachable(requests()).stream()
                                .map(it ->
                                        map(map(schemas.get(it)).get("properties")).get("keywords"))
                                .filter(it -> it != null))
                .hasSize(3)
                .allSatisfy(
                        it -> assertThat(map(it)).containsKeys("propertyNames", "maxProperties"));
    }

    /** Another property or value in a request would break who reads it in an answer. */
    @Test
    void noSchemaOfARequestThatMayGrowIsInAnAnswer() {
        var both = reachable(answers());
        both.retainAll(reachable(requests()));

        assertThat(
                        both.stream()
                                .filter(name -> {
                                    var schema = map(schemas.get(name));
                                    return schema.containsKey("properties")
                                            || schema.containsKey("enum");
                                }))
                .containsExactlyInAnyOrder("EmailAddress", "HeaderField");
    }

    @Test
    void answersMayGetMorePropertiesAndValues() {
        var answers = reachable(answers());
        answers.removeAll(reachable(requests()));

        assertThat(answers).contains("Message", "Problem", "MailboxList", "ProblemCode");
        for (var name : answers) {
            var schema = map(schemas.get(name));
            if (schema.containsKey("properties")) {
                assertThat(schema.get("additionalProperties")).as(name).isEqualTo(true);
            }
            assertThat(deep(schema)).as(name).noneMatch(it -> map(it).containsKey("enum"));
        }
    }

    @Test
    void everyPatternIsForTheWholeTextAndForAllLanguages() {
        var patterns =
                deep(contract)
                        .map(it -> map(it).get("pattern"))
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .toList();

        assertThat(patterns)
                .hasSizeGreaterThan(50)
                .allSatisfy(pattern -> {
                    assertThat(pattern).startsWith("^").endsWith("$").doesNotContain("\\u", "\\p");
                    Pattern.compile(pattern);
                });
    }

    @Test
    void listsInAQueryHaveCommas() {
        assertThat(parameters())
                .filteredOn(it -> map(it.get("schema")).containsKey("items"))
                .isNotEmpty()
                .allSatisfy(it -> assertThat(it).containsEntry("explode", false));
    }

    /** Tools send examples with every request. */
    @Test
    void anIdempotencyKeyHasNoExample() {
        assertThat(parameters())
                .filteredOn(it -> "Idempotency-Key".equals(it.get("name")))
                .isNotEmpty()
                .allSatisfy(it -> assertThat(it).doesNotContainKey("example"));
    }

    @Test
    void textsOfAQueryAreBounded() {
        assertThat(parameters())
                .filteredOn(it -> Set.of("from", "to", "subject", "text").contains(it.get("name")))
                .isNotEmpty()
                .allSatisfy(it ->
                        assertThat(map(it.get("schema")))
                                .containsEntry("pattern", "^[^\\x00-\\x1f\\x7f]*$")
                                .containsEntry("minLength", 1));
        assertThat(parameters())
                .filteredOn(it -> "larger".equals(it.get("name")))
                .isNotEmpty()
                .allSatisfy(it ->
                        assertThat(map(it.get("schema")))
                                .containsEntry("maximum", 4_294_967_295L)
                                .containsEntry("minimum", 0));
    }

    /** It may answer NO to any command. */
    @Test
    void everyOperationOfAMailServerMayBeImpossible() {
        assertThat(operations().map(it -> map(it.get("responses"))))
                .filteredOn(it -> it.containsKey("502"))
                .hasSizeGreaterThan(30)
                .allSatisfy(it -> assertThat(it).containsKey("422"));
    }

    /** Generators that know few media types take a file as octets for this one. */
    @Test
    void aFileIsAlsoAnOctetStream() {
        var files =
                operations()
                        .map(it -> map(map(it.get("responses")).get("200")))
                        .map(it -> map(it.get("content")))
                        .filter(it -> it.toString().contains("format=binary"))
                        .toList();

        assertThat(files)
                .hasSizeGreaterThan(4)
                .allSatisfy(it -> assertThat(it).containsKey("application/octet-stream"));
    }

    private Stream<Map<String, Object>> operations() {
        return map(contract.get("paths")).values().stream()
                .flatMap(path ->
                        map(path).entrySet().stream()
                                .filter(it -> METHODS.contains(it.getKey()))
                                .map(it -> map(it.getValue())));
    }

    private List<Map<String, Object>> parameters() {
        return operations()
                .flatMap(it -> list(it.get("parameters")).stream())
                .map(ContractRulesTest::map)
                .toList();
    }

    private Stream<Object> requests() {
        return operations()
                .flatMap(it -> Stream.of(list(it.get("parameters")), map(it.get("requestBody"))));
    }

    private Stream<Object> answers() {
        return Stream.concat(
                operations().map(it -> map(it.get("responses"))),
                Stream.of(map(map(contract.get("components")).get("responses"))));
    }

    /** The names of all schemas that these refer to, directly or not. */
    private Set<String> reachable(Stream<Object> roots) {
        var names = new HashSet<String>();
        roots.forEach(root -> collect(root, names));
        return names;
    }

    private void collect(@Nullable Object node, Set<String> names) {
        deep(node)
                .map(it -> map(it).get("$ref"))
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .filter(it -> it.startsWith(SCHEMAS))
                .map(it -> it.substring(SCHEMAS.length()))
                .filter(names::add)
                .forEach(name -> collect(schemas.get(name), names));
    }

    /** All objects within. */
    private static Stream<Object> deep(@Nullable Object node) {
        return switch (node) {
            case Map<?, ?> it ->
                    Stream.concat(
                            Stream.of(it), it.values().stream().flatMap(ContractRulesTest::deep));
            case Collection<?> it -> it.stream().flatMap(ContractRulesTest::deep);
            case null, default -> Stream.empty();
        };
    }

    @SuppressWarnings("unchecked") // a YAML object has strings as keys, but for statuses
    private static Map<String, Object> map(@Nullable Object node) {
        return node instanceof Map<?, ?> it ? (Map<String, Object>) it : Map.of();
    }

    private static List<?> list(@Nullable Object node) {
        return requireNonNullElse((List<?>) node, List.of());
    }

    private static Map<String, Object> contract() {
        try (var file = Files.newBufferedReader(Path.of("openapi.yaml"))) {
            return map(new Yaml().load(file));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
