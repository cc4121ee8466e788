package postern.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractCollectionAssert;
import org.assertj.core.api.AbstractObjectAssert;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.json.AbstractJsonContentAssert;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

@SpringBootTest
@AutoConfigureMockMvc
@Import(SampleContract.class)
@ActiveProfiles(SampleContract.PROFILE)
class SampleContractTest {

    private static final Map<String, String> STRING = Map.of("type", "string");
    private static final Map<String, String> NULL = Map.of("type", "null");

    @Autowired private MockMvcTester http;

    @Test
    void requiresEveryComponentThatIsNotNullable() {
        assertThatSchema("Letter.required")
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .contains("id", "marks", "receivedAt", "paper", "replies", "lines")
                .doesNotContain("subject", "envelope");
    }

    @Test
    void aNullableComponentIsAbsentAndNeverNull() {
        assertThatSchema("Letter.properties.subject.type").isEqualTo("string");
        assertThatSchema("Letter.properties.envelope").isEqualTo(schema("Paper"));
    }

    @Test
    void aNullableElementIsNull() {
        assertThatSchema("Letter.properties.lines.items.type").isEqualTo(List.of("string", "null"));
        assertThatSchema("LetterPatch.properties.marks.additionalProperties.type")
                .isEqualTo(List.of("boolean", "null"));
    }

    @Test
    void aPatchMayRemoveWithNull() {
        contract().doesNotHavePath("$.components.schemas.LetterPatch.required");
        assertThatSchema("LetterPatch.properties.answers.type")
                .isEqualTo(List.of("string", "null"));
        assertThatSchema("LetterPatch.properties.priority.oneOf")
                .isEqualTo(List.of(schema("Priority"), NULL));
    }

    @Test
    void aValueTypeIsDescribedInPlace() {
        contract().doesNotHavePath("$.components.schemas.LetterId");
        assertThatSchema("Letter.properties.id")
                .isEqualTo(
                        Map.of(
                                "type", "string",
                                "description", "Names a letter.",
                                "example", "l1AbC"));
        assertThatPath("/v1/letters/{letterId}", "delete.parameters[0].schema.type")
                .isEqualTo("string");
        assertThatSchema("Letter.properties.marks.additionalProperties")
                .isEqualTo(Map.of("type", "boolean"));
    }

    @Test
    void anEnumIsNamedAndSpeltAsJacksonWritesIt() {
        assertThatSchema("Priority.enum").isEqualTo(List.of("low", "high"));
        assertThatSchema("Priority.x-enum-varnames")
                .isEqualTo(List.of("PriorityLow", "PriorityHigh"));
        assertThatPath("/v1/letters", "get.parameters[?(@.name == 'priority')].schema.$ref")
                .isEqualTo(List.of("#/components/schemas/Priority"));
    }

    /** So that a new value or property does not break the clients of today. */
    @Test
    void anAnswerMayGetMoreValuesAndProperties() {
        assertThatSchema("Letter.additionalProperties").isEqualTo(true);
        assertThatSchema("Letter.properties.priority")
                .isEqualTo(
                        Map.of(
                                "type", "string",
                                "description",
                                        "Known values: `low`, `high`; there may be others later.",
                                "x-extensible-enum", List.of("low", "high")));
    }

    @Test
    void aRequestHasNothingButWhatIsDocumented() {
        assertThatSchema("Draft.additionalProperties").isEqualTo(false);
        assertThatSchema("Draft.properties.priority").isEqualTo(schema("Priority"));
        assertThatSchema("LetterPatch.additionalProperties").isEqualTo(false);
    }

    @Test
    void aSealedTypeIsOneOfItsMembersToldApartByATag() {
        assertThatSchema("Paper.oneOf")
                .isEqualTo(List.of(schema("PlainPaper"), schema("RuledPaper")));
        assertThatSchema("Paper.discriminator")
                .isEqualTo(
                        Map.of(
                                "propertyName",
                                "kind",
                                "mapping",
                                Map.of(
                                        "plain", "#/components/schemas/PlainPaper",
                                        "ruled", "#/components/schemas/RuledPaper")));
        assertThatSchema("RuledPaper.properties.kind")
                .isEqualTo(Map.of("type", "string", "const", "ruled"));
        assertThatSchema("RuledPaper.required").isEqualTo(List.of("kind", "lines"));
    }

    @Test
    void aParameterIsLeftOutAndNeverNull() {
        assertThatPath("/v1/letters", "get.parameters[?(@.name == 'from')].schema.type")
                .isEqualTo(List.of("string"));
        assertThatPath("/v1/letters", "get.parameters[?(@.name == 'flag')].schema")
                .isEqualTo(List.of(Map.of("type", "array", "items", STRING)));
        assertThatPath("/v1/letters", "get.parameters[?(@.name == 'flag')].explode")
                .isEqualTo(List.of(false));
        assertThatPath("/v1/letters", "get.parameters[?(@.required == true)]").isEqualTo(List.of());
    }

    @Test
    void anArgumentThatTheGatewayFillsInIsNotDocumented() {
        contract().doesNotHavePath("$.components.schemas.Caller");
        assertThatPath("/v1/letters", "get.parameters[?(@.name == 'caller')]").isEqualTo(List.of());
    }

    @Test
    void successHasTheStatusThatIsSent() {
        assertThatPath("/v1/letters", "post.responses['201'].content")
                .isEqualTo(Map.of("application/json", Map.of("schema", schema("Letter"))));
        assertThatPath("/v1/letters/{letterId}", "delete.responses['204']")
                .isEqualTo(Map.of("description", "No Content"));
    }

    @Test
    void oneOperationTakesSeveralMediaTypes() {
        assertThatPath("/v1/letters", "post.requestBody.content['application/json'].schema")
                .isEqualTo(schema("Draft"));
        assertThatPath("/v1/letters", "post.requestBody.content['message/rfc822'].schema")
                .isEqualTo(Map.of("type", "string", "format", "binary"));
    }

    @Test
    void everyErrorOfAnOperationIsAProblem() {
        assertThatStatuses("/v1/letters/{letterId}", "patch")
                .containsExactlyInAnyOrder(
                        "200", "400", "401", "403", "404", "408", "410", "412", "413", "415", "422",
                        "414", "429", "431", "502", "503", "504");
        assertThatPath("/v1/letters/{letterId}", "patch.responses['412'].$ref")
                .isEqualTo("#/components/responses/PreconditionFailed");
        contract()
                .extractingPath(
                        "$.components.responses.PreconditionFailed.content['application/problem+json'].schema")
                .isEqualTo(schema("Problem"));
    }

    @Test
    void anOperationThatTalksToNoMailServerHasNoneOfItsProblems() {
        assertThatStatuses("/v1/visits/rules", "get")
                .containsExactlyInAnyOrder(
                        "200", "304", "400", "401", "403", "412", "414", "429", "431");
    }

    @Test
    void aRefusalSaysWhatToDoNext() {
        contract().hasPath("$.components.responses.Unauthorized.headers.WWW-Authenticate");
        contract().hasPath("$.components.responses.TooManyRequests.headers.Retry-After");
        contract().hasPath("$.components.responses.ServiceUnavailable.headers.Retry-After");
    }

    @Test
    void aDownloadIsOctetsInWholeAndInPart() {
        var octets = Map.of("type", "string", "format", "binary");
        assertThatPath(
                        "/v1/letters/{letterId}/raw",
                        "get.responses['200'].content['message/rfc822'].schema")
                .isEqualTo(octets);
        assertThatPath(
                        "/v1/letters/{letterId}/raw",
                        "get.responses['206'].content['message/rfc822'].schema")
                .isEqualTo(octets);
        assertThatPath(
                        "/v1/letters/{letterId}/raw",
                        "get.responses['200'].content['application/octet-stream'].schema")
                .isEqualTo(octets);
        assertThatStatuses("/v1/letters/{letterId}/raw", "get").contains("304", "416");
        assertThatPath("/v1/letters/{letterId}/raw", "get.parameters[*].name")
                .isEqualTo(List.of("letterId", "Range", "If-Range", "If-Match", "If-None-Match"));
    }

    @Test
    void credentialsAreNeededUnlessAnOperationSaysOtherwise() {
        contract()
                .extractingPath("$.security")
                .isEqualTo(
                        List.of(
                                Map.of("basic", List.of()),
                                Map.of("bearer", List.of()),
                                Map.of("basic", List.of(), "app", List.of()),
                                Map.of("bearer", List.of(), "app", List.of())));
        assertThatPath("/v1/visits", "post.security")
                .isEqualTo(List.of(Map.of(), Map.of("app", List.of())));
    }

    private AbstractObjectAssert<?, Object> assertThatSchema(String path) {
        return contract().extractingPath("$.components.schemas." + path);
    }

    private AbstractObjectAssert<?, Object> assertThatPath(String path, String rest) {
        return contract().extractingPath("$.paths['%s'].%s".formatted(path, rest));
    }

    private AbstractCollectionAssert<?, ?, Object, ?> assertThatStatuses(
            String path, String method) {
        return assertThatPath(path, method + ".responses")
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .extracting(Map::keySet, InstanceOfAssertFactories.collection(Object.class));
    }

    private AbstractJsonContentAssert<?> contract() {
        return assertThat(http.get().uri("/v3/api-docs")).bodyJson();
    }

    private static Map<String, String> schema(String name) {
        return Map.of("$ref", "#/components/schemas/" + name);
    }
}
