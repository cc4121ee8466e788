package postern.web.contract;

import static org.springframework.http.MediaType.APPLICATION_PROBLEM_JSON_VALUE;

import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;
import org.springdoc.core.customizers.GlobalOperationCustomizer;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.util.StringUtils;
import org.springframework.web.method.HandlerMethod;
import postern.web.idempotency.Idempotent;
import postern.web.problem.DeclaresProblems;
import postern.web.problem.Problem;

/** Documents every error of every operation as a {@link Problem} (RFC 9457). */
@Component
@Order(0)
class ProblemResponses implements GlobalOperationCustomizer, GlobalOpenApiCustomizer {

    private static final String COMPONENT = "#/components/responses/";

    /** The statuses of every operation that uses a mail server, which may refuse any command. */
    private static final Set<HttpStatus> IMAP =
            Set.of(
                    HttpStatus.UNAUTHORIZED,
                    HttpStatus.FORBIDDEN,
                    HttpStatus.UNPROCESSABLE_CONTENT,
                    HttpStatus.TOO_MANY_REQUESTS,
                    HttpStatus.BAD_GATEWAY,
                    HttpStatus.SERVICE_UNAVAILABLE,
                    HttpStatus.GATEWAY_TIMEOUT);

    @Override
    public Operation customize(Operation operation, HandlerMethod handler) {
        for (var status : statuses(operation, handler)) {
            var reference = new ApiResponse().$ref(COMPONENT + name(status));
            operation.getResponses().addApiResponse(String.valueOf(status.value()), reference);
        }
        return operation;
    }

    private static Set<HttpStatus> statuses(Operation operation, HandlerMethod handler) {
        var statuses = EnumSet.noneOf(HttpStatus.class);
        var declared = handler.getMethodAnnotation(DeclaresProblems.class);
        if (declared == null || declared.imap()) {
            statuses.addAll(IMAP);
        }
        if (declared != null) {
            Arrays.stream(declared.value()).mapToObj(HttpStatus::valueOf).forEach(statuses::add);
        }
        if (!isPublic(operation)) {
            statuses.add(HttpStatus.UNAUTHORIZED);
        }
        if (handler.hasMethodAnnotation(Idempotent.class)) {
            statuses.add(HttpStatus.CONFLICT);
            statuses.add(HttpStatus.SERVICE_UNAVAILABLE);
            statuses.add(HttpStatus.UNPROCESSABLE_CONTENT);
        }
        // every operation refuses unknown parameters
        statuses.add(HttpStatus.BAD_REQUEST);
        statuses.add(HttpStatus.URI_TOO_LONG);
        // a condition that the resource cannot meet
        statuses.add(HttpStatus.PRECONDITION_FAILED);
        statuses.add(HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE);
        // and is refused to foreign pages and apps, and beyond its rate
        statuses.add(HttpStatus.FORBIDDEN);
        statuses.add(HttpStatus.TOO_MANY_REQUESTS);
        if (operation.getRequestBody() != null) {
            statuses.add(HttpStatus.REQUEST_TIMEOUT);
            statuses.add(HttpStatus.SERVICE_UNAVAILABLE);
            statuses.add(HttpStatus.CONTENT_TOO_LARGE);
            statuses.add(HttpStatus.UNSUPPORTED_MEDIA_TYPE);
        }
        if (operation.getResponses().containsKey("206")) {
            statuses.add(HttpStatus.REQUESTED_RANGE_NOT_SATISFIABLE);
        }
        return statuses;
    }

    private static boolean isPublic(Operation operation) {
        return operation.getSecurity() != null && operation.getSecurity().isEmpty();
    }

    @Override
    public void customise(OpenAPI document) {
        var used = references(document);
        if (used.isEmpty()) {
            return;
        }
        var components = document.getComponents();
        ModelConverters.getInstance(true).readAll(Problem.class).forEach(components::addSchemas);
        Arrays.stream(HttpStatus.values())
                .filter(status -> used.contains(COMPONENT + name(status)))
                .forEach(status -> components.addResponses(name(status), response(status)));
    }

    private static Set<String> references(OpenAPI document) {
        return document.getPaths().values().stream()
                .flatMap(path -> path.readOperations().stream())
                .flatMap(operation -> operation.getResponses().values().stream())
                .flatMap(response -> Stream.ofNullable(response.get$ref()))
                .collect(Collectors.toSet());
    }

    private static ApiResponse response(HttpStatus status) {
        var schema = new JsonSchema().$ref(Components.COMPONENTS_SCHEMAS_REF + "Problem");
        var media = new MediaType().schema(schema);
        ProblemExamples.addTo(media, status);
        var response =
                new ApiResponse()
                        .description(description(status))
                        .content(new Content().addMediaType(APPLICATION_PROBLEM_JSON_VALUE, media));
        headers(status).forEach(name -> response.addHeaderObject(name, ContractHeaders.get(name)));
        return response;
    }

    private static List<String> headers(HttpStatus status) {
        return switch (status) {
            case UNAUTHORIZED -> List.of(HttpHeaders.WWW_AUTHENTICATE);
            case CONFLICT, SERVICE_UNAVAILABLE -> List.of(HttpHeaders.RETRY_AFTER);
            case TOO_MANY_REQUESTS ->
                    List.of(HttpHeaders.RETRY_AFTER, "RateLimit", "RateLimit-Policy");
            default -> List.of();
        };
    }

    private static String description(HttpStatus status) {
        return switch (status) {
            case BAD_REQUEST ->
                    "A parameter, a header or the body is not valid, `errors` names it:"
                            + " `invalid-request`, `invalid-cursor`.";
            case UNAUTHORIZED ->
                    "No credentials: `authentication-required`; none that the mail server accepts:"
                            + " `authentication-failed`, `access-token-refused`; or a session that is over:"
                            + " `session-expired`, `session-revoked`, `sign-in-ended`.";
            case FORBIDDEN ->
                    "The mail server refuses: `permission-denied`; the token was narrowed and"
                            + " lacks the scope: `scope-missing`, or the mailbox:"
                            + " `mailbox-out-of-scope`; the gateway may not talk to"
                            + " that server: `server-not-allowed`; or the request comes from a page of"
                            + " another site: `foreign-page`, or from an app without a key:"
                            + " `app-not-allowed`. In sending: the submission server does not"
                            + " accept the credential: `submission-login-refused`, or does not"
                            + " permit it: `sending-not-permitted`.";
            case REQUEST_TIMEOUT -> "The body came too slowly: `request-too-slow`.";
            case NOT_FOUND ->
                    "No such thing: `mailbox-not-found`, `message-not-found`, `thread-not-found`,"
                            + " `part-not-found`, `server-not-found`, `not-found`.";
            case CONFLICT ->
                    "The mailbox is in the way: `mailbox-exists`, `mailbox-has-children`,"
                            + " `mailbox-not-empty`; others are changing it or the message, try again:"
                            + " `mailbox-in-use`; the draft or the receipt has been sent:"
                            + " `already-sent`, or the draft may have been: `submission-unknown`;"
                            + " the account has too many subscriptions: `too-many-subscriptions`;"
                            + " or the first request with this `Idempotency-Key` is"
                            + " still running: `request-in-progress`.";
            case GONE ->
                    "The server renumbered its messages: `mailbox-reset`; or can no longer tell"
                            + " what changed: `state-expired`; or a link is over:"
                            + " `link-expired`.";
            case PRECONDITION_FAILED ->
                    "It is not as `If-Match` has it, since somebody else changed it first:"
                            + " `message-modified`; or a condition came with what has no `ETag`:"
                            + " `precondition-failed`.";
            case CONTENT_TOO_LARGE ->
                    "More than the gateway takes: `request-too-big`; or than the mail server:"
                            + " `message-too-big`.";
            case URI_TOO_LONG -> "The path and query are too long: `uri-too-long`.";
            case REQUEST_HEADER_FIELDS_TOO_LARGE -> "The headers are too large: `headers-too-big`.";
            case UNSUPPORTED_MEDIA_TYPE ->
                    "The body is of none of the media types above: `unsupported-media-type`.";
            case REQUESTED_RANGE_NOT_SATISFIABLE ->
                    "No part of the file lies in that range: `range-not-satisfiable`.";
            case UNPROCESSABLE_CONTENT ->
                    "The mail server cannot do this: `not-possible`; the message cannot be sent as it"
                            + " is: `message-not-sendable`, or is refused: `message-refused`,"
                            + " `recipients-refused`; the URL of a subscription does not take a"
                            + " delivery: `webhook-refused`; or the `Idempotency-Key` came"
                            + " with another request before: `idempotency-key-reused`.";
            case TOO_MANY_REQUESTS ->
                    "All connections of this account are busy, or the server throttles:"
                            + " `connection-limit`; too many logins have failed:"
                            + " `too-many-logins`; or it is too much from this account, client or app"
                            + " at a time: `too-many-requests`; or the submission server takes no more"
                            + " messages now: `sending-limit`.";
            case BAD_GATEWAY ->
                    "The mail server is not to be reached: `server-unreachable`; or not to be"
                            + " understood: `protocol-error`; its certificate is not trusted:"
                            + " `certificate-not-trusted`; or the connection ended when it may have"
                            + " done what was asked, or a part of it, so that it must not be sent again"
                            + " unseen: `outcome-unknown`; or the web server of a mailing list"
                            + " refuses to be asked: `unsubscribe-failed`.";
            case SERVICE_UNAVAILABLE ->
                    "The mail server asks for patience: `server-unavailable`; or the authorization"
                            + " server does: `sign-in-unavailable`; or other uploads take all the"
                            + " gateway's room for them: `uploads-full`; or no further"
                            + " `Idempotency-Key` can be remembered: `keys-full`; or too many"
                            + " listen for changes: `listeners-full`, `subscriptions-full`; or the"
                            + " store of the replicas is away: `store-unavailable`.";
            case GATEWAY_TIMEOUT -> "The mail server took too long: `server-timed-out`.";
            case INSUFFICIENT_STORAGE -> "The account is full: `over-quota`.";
            default -> throw new IllegalArgumentException("no problem has the status " + status);
        };
    }

    /** The name in the document: {@code NotFound} for {@code NOT_FOUND}. */
    private static String name(HttpStatus status) {
        return Arrays.stream(status.name().split("_"))
                .map(word -> StringUtils.capitalize(word.toLowerCase(Locale.ROOT)))
                .collect(Collectors.joining());
    }
}
