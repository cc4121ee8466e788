package postern.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.yaml.snakeyaml.Yaml;
import postern.account.Account;
import postern.account.AccountTag;
import postern.account.Password;
import postern.account.Scope;
import postern.account.Session;
import postern.account.SessionTokens;
import postern.account.TokenLimits;
import postern.imap.MailboxName;
import postern.imap.MessageRef;
import postern.provider.MailServers;
import postern.web.id.MailboxId;
import postern.web.id.MessageId;
import postern.web.id.ThreadId;

/**
 * What a narrowed token may not do, tried with every operation of openapi.yaml. Nothing listens on
 * the port of the mail server: what is refused here is refused without it.
 */
@SpringBootTest(
        properties = {
            "postern.imap.host=localhost",
            "postern.imap.port=1",
            "postern.imap.security=none"
        })
@AutoConfigureMockMvc
class RequiredScopesTest {

    private static final Set<String> METHODS = Set.of("get", "put", "post", "patch", "delete");
    private static final Set<Scope> ALL = EnumSet.allOf(Scope.class);
    private static final MailboxName ELSEWHERE = MailboxName.of("Elsewhere");

    /** An operation here gives nothing of the account, or asks for no token. */
    private static final Set<String> FREE =
            Set.of(
                    "createSession",
                    "discoverServer",
                    "endSession",
                    "getSession",
                    "narrowSession",
                    "openLink",
                    "openEventsLink");

    private static final Set<String> WITHOUT_READ =
            Set.of(
                    """
                    accepted copy deletedMessages delimiter detail draft email failed id imported
                    index internetMessageId items keywords letters limit mailboxId marked matched
                    mayAddItems mayAdminister mayCreateChild mayCreateKeywords mayDelete
                    mayReadItems mayRemoveItems mayRename maySetKeywords maySetSeen myRights name
                    namespace newId next original outcome parentId path previousId problem queueId
                    quotas recipients renamedBelow resource results role root selectable size
                    smtpStatus status subscribed succeeded text totalMessages unknown unreadMessages
                    used
                    """
                            .strip()
                            .split("\\s+"));

    @Autowired private MockMvcTester http;
    @Autowired private SessionTokens tokens;
    @Autowired private MailServers servers;

    @Autowired
    @Qualifier("requestMappingHandlerMapping")
    private RequestMappingHandlerMapping mapping;

    /** One operation of the contract. */
    record Operation(String id, String method, String path, String mediaType, String required) {

        List<Scope> scopes() {
            return required.equals("none") || required.equals("whole-session")
                    ? List.of()
                    : Stream.of(required.split(" "))
                            .map(scope -> Scope.valueOf(scope.toUpperCase(Locale.ROOT)))
                            .toList();
        }

        @Override
        public String toString() {
            return id;
        }
    }

    @Test
    void everyHandlerSaysWhatATokenNeeds() {
        var handlers =
                mapping.getHandlerMethods().entrySet().stream()
                        .filter(entry ->
                                entry.getKey().getPatternValues().stream()
                                        .anyMatch(path -> path.startsWith("/v1")))
                        .map(Map.Entry::getValue);

        assertThat(handlers)
                .hasSizeGreaterThan(35)
                .allMatch(handler -> handler.hasMethodAnnotation(RequiresScope.class));
    }

    @Test
    void everyOperationSaysItInTheContractAndFewNeedNone() throws IOException {
        assertThat(operations())
                .hasSizeGreaterThan(35)
                .allSatisfy(it ->
                        assertThat(it.required())
                                .as(it.id())
                                .matches(
                                        "none|whole-session|(\\b ?(read|draft|organize|delete|send))+"));
        assertThat(operations().filter(it -> it.required().equals("none")).map(Operation::id))
                .containsExactlyInAnyOrderElementsOf(FREE);
    }

    @ParameterizedTest
    @MethodSource("operations")
    void aTokenWithAllScopesButOneOfTheseIsRefused(Operation operation) {
        for (var scope : operation.scopes()) {
            var others = EnumSet.copyOf(ALL);
            others.remove(scope);

            var answer = send(operation, new TokenLimits(others, null));

            assertThat(answer)
                    .hasStatus(403)
                    .hasHeader(
                            HttpHeaders.WWW_AUTHENTICATE,
                            "Bearer realm=\"postern\", error=\"insufficient_scope\", scope=\"%s\""
                                    .formatted(scope.id()));
            assertThat(answer)
                    .bodyJson()
                    .hasPathSatisfying("$.code", it -> it.assertThat().isEqualTo("scope-missing"))
                    .hasPathSatisfying(
                            "$.detail",
                            it ->
                                    it.assertThat()
                                            .isEqualTo(
                                                    "the token lacks the scope `%s`"
                                                            .formatted(scope.id())));
        }
    }

    @ParameterizedTest
    @MethodSource("operations")
    void aTokenWithExactlyTheseScopesIsNotRefusedForThem(Operation operation) {
        var answer = send(operation, new TokenLimits(Set.copyOf(operation.scopes()), null));

        if (operation.required().equals("whole-session")) {
            assertThat(answer).hasStatus(403);
            assertThat(code(answer)).contains("scope-missing");
        } else {
            assertThat(code(answer)).doesNotContain("scope-missing");
        }
    }

    @ParameterizedTest
    @MethodSource("operations")
    void aNarrowedTokenWithAllScopesIsNoWholeSession(Operation operation) {
        var answer = send(operation, TokenLimits.NONE);

        if (operation.required().equals("whole-session")) {
            assertThat(answer).hasStatus(403);
            assertThat(code(answer)).contains("scope-missing");
        } else {
            assertThat(code(answer)).doesNotContain("scope-missing");
        }
    }

    @ParameterizedTest
    @MethodSource("operations")
    void aTokenThatWasNotNarrowedIsNeverRefused(Operation operation) {
        assertThat(code(send(operation, session()))).doesNotContain("scope-missing");
    }

    @ParameterizedTest
    @MethodSource("operations")
    void aTokenForOtherMailboxesIsRefusedWhatThePathNames(Operation operation) {
        var answer = send(operation, new TokenLimits(ALL, Set.of("INBOX")));

        if (operation.path().matches(".*\\{(mailboxId|messageId|threadId)}.*")
                && !operation.required().equals("whole-session")) {
            assertThat(answer).hasStatus(403);
            assertThat(code(answer)).contains("mailbox-out-of-scope");
        }
    }

    /**
     * The names of all properties in the answers of operations that need no {@code read}. One that
     * is new here must be absent for tokens without that scope, or tell nothing that it guards.
     */
    @Test
    void whatDoesNotNeedReadAnswersNothingOfMessages() throws IOException {
        Map<String, Object> contract = new Yaml().load(Files.readString(Path.of("openapi.yaml")));
        var seen = new HashSet<>(Set.of("#/components/schemas/Problem"));
        var answered = new TreeSet<String>();
        for (var methods : map(contract.get("paths")).values()) {
            for (var method : map(methods).values()) {
                var scopes = String.valueOf(map(method).get("x-required-scope"));
                if (scopes.matches("(organize|draft|delete|send)( .*)?")
                        && !scopes.contains("read")) {
                    map(map(method).get("responses")).entrySet().stream()
                            .filter(response -> response.getKey().startsWith("2"))
                            .forEach(response ->
                                    addProperties(contract, response.getValue(), seen, answered));
                }
            }
        }

        assertThat(answered).containsExactlyInAnyOrderElementsOf(WITHOUT_READ);
    }

    /** Follows each reference once. */
    private static void addProperties(
            Map<String, Object> contract,
            @Nullable Object node,
            Set<String> seen,
            Set<String> names) {
        var schema = map(node);
        var within = new ArrayList<Object>();
        if (schema.get("$ref") instanceof String reference && seen.add(reference)) {
            Object target = contract;
            for (var step : reference.substring(2).split("/")) {
                target = map(target).get(step);
            }
            within.add(map(target));
        }
        names.addAll(map(schema.get("properties")).keySet());
        within.addAll(map(schema.get("properties")).values());
        within.addAll(map(schema.get("content")).values());
        for (var key : List.of("schema", "items", "additionalProperties")) {
            within.add(schema.getOrDefault(key, ""));
        }
        for (var key : List.of("oneOf", "anyOf", "allOf")) {
            if (schema.get(key) instanceof List<?> choices) {
                within.addAll(choices);
            }
        }
        within.stream()
                .filter(Map.class::isInstance)
                .forEach(it -> addProperties(contract, it, seen, names));
    }

    private MvcTestResult send(Operation operation, TokenLimits limits) {
        var session = session();
        return send(operation, tokens.narrow(session, limits, session.expiresAt()));
    }

    private Session session() {
        return tokens.start(account());
    }

    private Account account() {
        return new Account(servers.forUser("anne").imap(), "anne", new Password("secret"));
    }

    private MvcTestResult send(Operation operation, Session session) {
        var message = new MessageRef(ELSEWHERE, 1, 1, AccountTag.of(account()));
        var path =
                operation
                        .path()
                        .replace("{mailboxId}", MailboxId.of(ELSEWHERE).text())
                        .replace("{messageId}", MessageId.of(message).toString())
                        .replace("{threadId}", ThreadId.of(message, 1).text())
                        .replace("{partId}", "1")
                        .replace("{identifier}", "bob");
        var request =
                http.method(HttpMethod.valueOf(operation.method().toUpperCase(Locale.ROOT)))
                        .uri(path.contains("{") ? path.replaceAll("\\{.*?}", "x") : path)
                        .header(HttpHeaders.AUTHORIZATION, "Bearer " + tokens.seal(session));
        return operation.mediaType().isEmpty()
                ? request.exchange()
                : request.contentType(MediaType.parseMediaType(operation.mediaType()))
                        .content("{}")
                        .exchange();
    }

    private static String code(MvcTestResult answer) {
        try {
            return answer.getResponse().getStatus() < 400
                    ? ""
                    : answer.getResponse().getContentAsString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<Operation> operations() throws IOException {
        Map<String, Object> contract = new Yaml().load(Files.readString(Path.of("openapi.yaml")));
        var operations = new ArrayList<Operation>();
        map(contract.get("paths"))
                .forEach((path, methods) ->
                        map(methods)
                                .forEach((method, operation) -> {
                                    if (METHODS.contains(method)) {
                                        operations.add(operation(path, method, map(operation)));
                                    }
                                }));
        return operations.stream();
    }

    private static Operation operation(String path, String method, Map<String, Object> operation) {
        var types = map(map(operation.getOrDefault("requestBody", Map.of())).get("content"));
        return new Operation(
                String.valueOf(operation.get("operationId")),
                method,
                path,
                types.keySet().stream().findFirst().orElse(""),
                String.valueOf(operation.get("x-required-scope")));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(@Nullable Object value) {
        return value instanceof Map ? (Map<String, Object>) value : Map.of();
    }
}
