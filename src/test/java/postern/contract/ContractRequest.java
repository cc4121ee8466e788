package postern.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A request, and what must come of it.
 *
 * @param path the path parameters by name
 * @param query names and values, encoded
 * @param json the JSON within the body, if any
 */
record ContractRequest(
        ContractOperation operation,
        Map<String, String> path,
        List<String> query,
        Map<String, String> headers,
        Credentials credentials,
        @Nullable Payload payload,
        @Nullable JsonNode json,
        Expectation expected) {

    private static final int SHOWN = 1_500;

    enum Credentials {
        OWN,
        NONE,
        BROKEN
    }

    /** A body. */
    record Payload(String type, byte[] octets) {}

    /** The path with its query. */
    String target() {
        var target = operation.path();
        for (var parameter : path.entrySet()) {
            target = target.replace("{" + parameter.getKey() + "}", encode(parameter.getValue()));
        }
        return query.isEmpty() ? target : target + "?" + String.join("&", query);
    }

    static String encode(String text) {
        return URLEncoder.encode(text, UTF_8).replace("+", "%20");
    }

    /** The request as a command line. */
    @Override
    public String toString() {
        var line = new StringBuilder("curl -X ").append(operation.method());
        if (operation.secured() && credentials != Credentials.NONE) {
            line.append(credentials == Credentials.OWN ? " -u USER:PASSWORD" : " -u USER:WRONG");
        }
        line.append(
                headers.entrySet().stream()
                        .map(it -> " -H '%s: %s'".formatted(it.getKey(), it.getValue()))
                        .collect(Collectors.joining()));
        if (payload != null) {
            var text = new String(payload.octets(), UTF_8);
            line.append(" -H 'Content-Type: %s'".formatted(payload.type()));
            line.append(
                    " -d '%s'"
                            .formatted(
                                    text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text));
        }
        return line.append(" '").append(target()).append("'").toString();
    }
}
