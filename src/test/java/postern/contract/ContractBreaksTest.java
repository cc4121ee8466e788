package postern.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;

/** Each kind of break is found, and each kind of addition is none; see docs/versioning.md. */
class ContractBreaksTest {

    private static final String RELEASED =
            """
            openapi: 3.1.0
            security:
            - basic: []
            - bearer: []
            paths:
              /v1/info:
                get:
                  operationId: getInfo
                  tags: [info]
                  security: []
                  responses:
                    "200": {description: OK}
              /v1/letters:
                post:
                  operationId: createLetter
                  tags: [letters]
                  x-required-scope: draft
                  parameters:
                  - {name: limit, in: query, schema: {type: integer, format: int32, maximum: 500, minimum: 1}}
                  - {name: sort, in: query, schema: {$ref: '#/components/schemas/Sort'}}
                  - {name: fields, in: query, style: form, explode: false, schema: {type: array, items: {type: string}}}
                  requestBody:
                    content:
                      application/json:
                        schema: {$ref: '#/components/schemas/LetterRequest'}
                      message/rfc822:
                        schema: {type: string, format: binary}
                  responses:
                    "200":
                      content:
                        application/json:
                          schema: {$ref: '#/components/schemas/Letter'}
                        text/html:
                          schema: {type: string}
                      headers:
                        ETag: {schema: {type: string}}
                    "404": {$ref: '#/components/responses/NotFound'}
            components:
              responses:
                NotFound:
                  content:
                    application/problem+json:
                      schema: {$ref: '#/components/schemas/Problem'}
                      examples:
                        letter-not-found: {value: {code: letter-not-found, status: 404}}
              securitySchemes:
                basic: {type: http, scheme: basic}
                bearer: {type: http, scheme: bearer}
              schemas:
                Sort:
                  type: string
                  enum: [size, -size]
                  x-enum-varnames: [SortSize, SortSizeDescending]
                LetterRequest:
                  type: object
                  additionalProperties: false
                  required: [subject]
                  properties:
                    subject: {type: string, maxLength: 100, minLength: 1, pattern: '^a'}
                    to: {type: array, maxItems: 9, items: {$ref: '#/components/schemas/Address'}}
                    keywords: {type: object, maxProperties: 100, propertyNames: {pattern: '^k'}, additionalProperties: {type: boolean}}
                    sentAt: {type: string, format: date-time}
                    parent: {$ref: '#/components/schemas/LetterRequest'}
                Letter:
                  type: object
                  additionalProperties: true
                  required: [id, size]
                  properties:
                    id: {type: string, pattern: '^i'}
                    size: {type: integer, minimum: 0}
                    from: {$ref: '#/components/schemas/Address'}
                    kind: {type: string, x-extensible-enum: [letter, parcel]}
                    moved: {type: string, enum: [yes-it-is, no-it-is-not]}
                Address:
                  type: object
                  additionalProperties: false
                  required: [email]
                  properties:
                    email: {type: string, maxLength: 300}
                    name: {type: string}
                Problem:
                  type: object
                  properties:
                    code: {type: string}
            """;

    @Test
    void theSameContractBreaksNothing() {
        assertThat(ContractBreaks.between(tree(RELEASED), tree(RELEASED))).isEmpty();
    }

    @Test
    void anOperationThatGoes() {
        assertThat(breaks("  /v1/letters:", "  /v1/mail:")).contains("createLetter is gone");
        assertThat(breaks("    post:", "    put:")).contains("createLetter is gone");
    }

    @Test
    void anotherNameOfAnOperationAClassOrAConstant() {
        assertThat(breaks("operationId: createLetter", "operationId: newLetter"))
                .containsExactly("createLetter is called newLetter");
        assertThat(breaks("tags: [letters]", "tags: [mail]"))
                .containsExactly(
                        "createLetter has another tag, by which generated clients name a class");
        assertThat(breaks("schemas/Problem", "schemas/Trouble", "    Problem:", "    Trouble:"))
                .containsExactly("the schema Problem is gone");
        assertThat(breaks("[SortSize, ", "[SortBySize, "))
                .containsExactly("Sort: the constant of `size` is no longer SortSize");
    }

    @Test
    void anotherSchemaAtAPlace() {
        assertThat(
                        breaks(
                                "from: {$ref: '#/components/schemas/Address'}",
                                "from: {$ref: '#/components/schemas/Letter'}"))
                .contains("Letter.from in answers: the schema was Address and is Letter");
        assertThat(
                        breaks(
                                "sort, in: query, schema: {$ref: '#/components/schemas/Sort'}",
                                "sort, in: query, schema: {type: string}"))
                .containsExactly(
                        "createLetter `sort` (query) in requests: the schema was Sort and is none");
    }

    @Test
    void moreCredentials() {
        assertThat(breaks("      security: []\n", "")).containsExactly("getInfo needs credentials");
        assertThat(breaks("security:\n- basic: []\n", "security:\n"))
                .containsExactly("createLetter no longer takes basic");
        assertThat(breaks("    basic: {type", "    digest: {type"))
                .containsExactly("the security scheme basic is gone");
        assertThat(breaks("x-required-scope: draft", "x-required-scope: send"))
                .containsExactly("createLetter needs the scope send");
    }

    @Test
    void aParameterThatGoesOrIsNeeded() {
        assertThat(breaks("{name: limit, in: query", "{name: most, in: query"))
                .containsExactly("createLetter `limit` (query) is gone");
        assertThat(breaks("{name: limit, in: query", "{name: limit, in: header"))
                .containsExactly("createLetter `limit` (query) is gone");
        assertThat(breaks("{name: limit,", "{name: limit, required: true,"))
                .containsExactly("createLetter `limit` (query) is required");
        assertThat(
                        breaks(
                                "- {name: limit,",
                                "- {name: new, in: query, required: true}\n      - {name: limit,"))
                .containsExactly("createLetter `new` (query) is new and required");
        assertThat(breaks("explode: false", "explode: true"))
                .containsExactly(
                        "createLetter `fields` (query) is written in another way (style, explode)");
    }

    @Test
    void aNarrowerInput() {
        assertThat(breaks("maximum: 500", "maximum: 200"))
                .containsExactly(
                        "createLetter `limit` (query) in requests: maximum was 500 and is 200");
        assertThat(breaks("minimum: 1}", "minimum: 2}")).hasSize(1);
        assertThat(breaks("maxLength: 100", "maxLength: 99")).hasSize(1);
        assertThat(breaks("minLength: 1", "minLength: 2")).hasSize(1);
        assertThat(breaks("maxItems: 9", "maxItems: 8")).hasSize(1);
        assertThat(breaks("maxItems: 9", "maxItems: 9, minItems: 1")).hasSize(1);
        assertThat(breaks("maxProperties: 100", "maxProperties: 10")).hasSize(1);
        assertThat(breaks("'^a'", "'^b'"))
                .containsExactly("LetterRequest.subject in requests: pattern was ^a and is ^b");
        assertThat(breaks("'^k'", "'^l'"))
                .containsExactly(
                        "LetterRequest.keywords names in requests: pattern was ^k and is ^l");
        assertThat(breaks("[size, -size]", "[size]", ", SortSizeDescending", ""))
                .containsExactly("Sort in requests: enum was [size,-size] and is [size]");
        assertThat(breaks("format: date-time", "format: date-time, enum: [x]")).hasSize(1);
        assertThat(breaks("additionalProperties: {type: boolean}", "additionalProperties: false"))
                .hasSize(1);
    }

    @Test
    void anotherTypeOrFormat() {
        assertThat(breaks("size: {type: integer", "size: {type: number"))
                .containsExactly("Letter.size in answers: type was integer and is number");
        assertThat(breaks("size: {type: integer", "size: {type: [integer, 'null']")).hasSize(1);
        assertThat(breaks("sentAt: {type: string", "sentAt: {type: integer")).hasSize(1);
        assertThat(breaks("format: int32", "format: int64"))
                .containsExactly(
                        "createLetter `limit` (query) in requests: format was int32 and is int64");
        assertThat(breaks("items: {type: string}", "items: {type: boolean}"))
                .containsExactly(
                        "createLetter `fields` (query)[] in requests: type was string and is boolean");
        assertThat(breaks("{type: boolean}", "{type: string}"))
                .containsExactly(
                        "LetterRequest.keywords{} in requests: type was boolean and is string");
        assertThat(breaks("format: date-time", "format: date-time, default: now")).hasSize(1);
    }

    @Test
    void aPropertyThatGoesOrIsNeeded() {
        assertThat(breaks("        sentAt:", "        sent:"))
                .containsExactly("LetterRequest.sentAt in requests is gone");
        assertThat(breaks("        kind:", "        sort:"))
                .containsExactly("Letter.kind in answers is gone");
        assertThat(breaks("required: [subject]", "required: [subject, to]"))
                .containsExactly("LetterRequest.to in requests is required");
        assertThat(
                        breaks(
                                "required: [subject]", "required: [subject, new]",
                                "        sentAt:", "        new: {type: string}\n        sentAt:"))
                .containsExactly("LetterRequest.new in requests is required");
        assertThat(breaks("required: [id, size]", "required: [id]"))
                .containsExactly("Letter.size in answers is optional");
    }

    @Test
    void aSchemaOfRequestsAndAnswersObeysBothRules() {
        assertThat(breaks("required: [email]", "required: [email, name]"))
                .containsExactly("Address.name in requests is required");
        assertThat(breaks("required: [email]", "required: []"))
                .containsExactly("Address.email in answers is optional");
        assertThat(breaks("maxLength: 300", "maxLength: 400"))
                .containsExactly("Address.email in answers: maxLength was 300 and is 400");
    }

    @Test
    void aWiderAnswer() {
        assertThat(breaks("[yes-it-is, ", "[perhaps, yes-it-is, ")).hasSize(1);
        assertThat(breaks("size: {type: integer, minimum: 0}", "size: {type: integer}")).hasSize(1);
        assertThat(breaks("{type: string, pattern: '^i'}", "{type: string}")).hasSize(1);
        assertThat(breaks("[letter, parcel]", "[letter]"))
                .containsExactly(
                        "Letter.kind in answers: x-extensible-enum was [letter,parcel] and is [letter]");
    }

    @Test
    void aBodyThatIsNeededAndAMediaTypeThatGoes() {
        assertThat(breaks("      requestBody:\n", "      requestBody:\n        required: true\n"))
                .containsExactly("createLetter needs a body");
        assertThat(breaks("message/rfc822:", "message/global:"))
                .containsExactly("createLetter takes message/rfc822 no longer");
        assertThat(breaks("text/html:", "text/plain:"))
                .containsExactly("createLetter answers 200 text/html no longer");
    }

    @Test
    void aStatusOrAHeaderThatGoes() {
        assertThat(breaks("        \"200\":\n", "        \"201\":\n"))
                .containsExactly("createLetter no longer answers 200");
        assertThat(breaks("ETag:", "Version:"))
                .containsExactly("createLetter answers 200 with ETag no longer");
    }

    @Test
    void aProblemThatGoesOrHasAnotherStatus() {
        assertThat(breaks("code: letter-not-found", "code: no-letter"))
                .containsExactly("the problem `letter-not-found` is gone");
        assertThat(breaks("status: 404}", "status: 410}"))
                .containsExactly("the problem `letter-not-found` was a 404 and is a 410");
    }

    @Test
    void additionsAreNoBreak() {
        var none =
                List.of(
                        breaks(
                                "  /v1/info:",
                                "  /v1/new: {get: {operationId: getNew}}\n  /v1/info:"),
                        breaks(
                                "- {name: limit,",
                                "- {name: new, in: query}\n      - {name: limit,"),
                        breaks("        sentAt:", "        new: {type: string}\n        sentAt:"),
                        breaks("        kind:", "        new: {type: string}\n        kind:"),
                        breaks("    Problem:", "    New: {type: string}\n    Problem:"),
                        breaks("ETag:", "Vary: {schema: {type: string}}\n            ETag:"),
                        breaks("[letter, parcel]", "[letter, card, parcel]"),
                        breaks(
                                "[size, -size]", "[date, size, -size]",
                                "[SortSize,", "[SortDate, SortSize,"),
                        breaks("\"404\":", "\"410\": {description: gone}\n        \"404\":"),
                        breaks(
                                "letter-not-found: {",
                                "new: {value: {code: new, status: 404}}\n            letter-not-found: {"),
                        breaks("        \"404\": {$ref: '#/components/responses/NotFound'}\n", ""));

        assertThat(none).allMatch(List::isEmpty);
    }

    @Test
    void whatIsLooserForClientsIsNoBreak() {
        var none =
                List.of(
                        breaks("maximum: 500", "maximum: 1000"),
                        breaks("minLength: 1, ", ""),
                        breaks("minLength: 1, ", "minLength: 0, "),
                        breaks("maxItems: 9", "maxItems: 9, minItems: 0"),
                        breaks(", pattern: '^a'", ""),
                        breaks("required: [subject]", "required: []"),
                        breaks("required: [id, size]", "required: [id, size, kind]"),
                        breaks("[yes-it-is, no-it-is-not]", "[yes-it-is]"),
                        breaks(
                                "size: {type: integer, minimum: 0}",
                                "size: {type: integer, minimum: 1}"),
                        breaks("sentAt: {type: string", "sentAt: {type: [string, 'null']"),
                        breaks("      x-required-scope: draft\n", ""),
                        breaks("x-required-scope: draft", "x-required-scope: none"),
                        breaks(
                                "operationId: getInfo",
                                "operationId: getInfo\n      summary: Other words"),
                        breaks(
                                "code: {type: string}",
                                "code: {type: string, description: Other words}"));

        assertThat(none).allMatch(List::isEmpty);
    }

    /** The breaks of the released contract with one text for another, in pairs. */
    private static List<String> breaks(String... replacements) {
        var now = RELEASED;
        for (int i = 0; i < replacements.length; i += 2) {
            assertThat(now).contains(replacements[i]);
            now = now.replace(replacements[i], replacements[i + 1]);
        }
        return ContractBreaks.between(tree(RELEASED), tree(now));
    }

    private static JsonNode tree(String yaml) {
        return Contract.JSON.valueToTree(new Yaml().load(yaml));
    }
}
