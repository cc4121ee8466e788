package postern.web.contract;

import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.JsonSchema;
import org.springframework.http.HttpHeaders;
import postern.web.idempotency.IdempotencyKeys;

/** The descriptions of response headers in the contract. */
final class ContractHeaders {

    private ContractHeaders() {}

    static Header get(String name) {
        return switch (name) {
            case HttpHeaders.ACCEPT_RANGES -> text("`bytes`: parts of it can be asked for.");
            case HttpHeaders.CONTENT_DISPOSITION -> text("The filename (RFC 6266).");
            case HttpHeaders.CONTENT_RANGE -> text("Which octets these are, and of how many.");
            case "Content-Security-Policy" -> text("What this page may load and run.");
            case HttpHeaders.ETAG -> text("The version, for `If-None-Match` and `If-Match`.");
            case HttpHeaders.LINK -> text("`rel=\"next\"`: the same request for what comes next.");
            case "Postern-Next-Cursor" ->
                    text("Where the next file begins; absent when this is the last.");
            case "Postern-Resume-Cursor" ->
                    text("Where a later export begins, to have what came after this file.");
            case HttpHeaders.LOCATION -> text("Where the new resource is.");
            case IdempotencyKeys.REPLAYED ->
                    text("`true`: the answer of the first request with this `Idempotency-Key`.");
            case "RateLimit" ->
                    text("What is left of the requests of a minute (httpapi-ratelimit-headers).");
            case "RateLimit-Policy" -> text("How many requests are taken in a minute.");
            case HttpHeaders.RETRY_AFTER -> number("After how many seconds to try again.");
            case HttpHeaders.WWW_AUTHENTICATE ->
                    text("How to present credentials (RFC 9110 §11.6.1).");
            case "Postern-Blocked-Remote-Content" ->
                    number("How many references to content of other servers were taken out.");
            case "Postern-Truncated" ->
                    text("`true` when the message goes on; its parts can be downloaded whole.");
            default -> throw new IllegalArgumentException("the contract has no words for " + name);
        };
    }

    private static Header text(String description) {
        return header(description, "string");
    }

    private static Header number(String description) {
        return header(description, "integer");
    }

    private static Header header(String description, String type) {
        return new Header().description(description).schema(new JsonSchema().typesItem(type));
    }
}
