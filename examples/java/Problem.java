import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import module java.base;
import module java.net.http;

/** An error of the gateway (application/problem+json): `code` is stable, the texts are for people. */
class Problem extends IOException {
    final int status;
    final String code;
    final boolean retryable;
    final long retryAfter;

    Problem(HttpResponse<InputStream> answer) throws IOException {
        this(answer, body(answer));
    }

    private Problem(HttpResponse<?> answer, JsonObject body) {
        super(answer.statusCode() + " " + body);
        status = answer.statusCode();
        code = body.has("code") ? body.get("code").getAsString() : "";
        // what a proxy answers tells as little as a lost connection
        retryable = body.has("retryable")
                ? body.get("retryable").getAsBoolean()
                : code.isEmpty() && Set.of(429, 502, 503, 504).contains(status);
        retryAfter = answer.headers().firstValueAsLong("Retry-After").orElse(2);
    }

    /** A proxy may answer something else than JSON. */
    private static JsonObject body(HttpResponse<InputStream> answer) throws IOException {
        var type = answer.headers().firstValue("Content-Type").orElse("");
        try (var body = answer.body()) {
            var text = new String(body.readAllBytes(), StandardCharsets.UTF_8);
            return type.contains("json") ? JsonParser.parseString(text).getAsJsonObject() : new JsonObject();
        }
    }
}
