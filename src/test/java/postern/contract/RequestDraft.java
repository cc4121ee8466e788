package postern.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.contract.ContractRequest.Credentials;
import postern.contract.ContractRequest.Payload;
import tools.jackson.databind.JsonNode;

/** A request that is being put together. */
final class RequestDraft {

    static final String MULTIPART = "multipart/form-data";
    private static final String BOUNDARY = "b0undary";

    final ContractOperation operation;
    final Map<String, String> path = new LinkedHashMap<>();
    final Map<String, List<String>> query = new LinkedHashMap<>();
    final Map<String, String> headers = new LinkedHashMap<>();
    Credentials credentials = Credentials.OWN;
    @Nullable String type;
    @Nullable JsonNode json;
    byte[] octets = new byte[0];

    RequestDraft(ContractOperation operation) {
        this.operation = operation;
    }

    /** Sets a query parameter to one value, or to a list of values. */
    void setQuery(String name, List<String> values) {
        query.put(name, values.stream().map(ContractRequest::encode).toList());
    }

    ContractRequest expecting(Expectation expected) {
        var pairs = new ArrayList<String>();
        query.forEach((name, values) ->
                pairs.add(ContractRequest.encode(name) + "=" + String.join(",", values)));
        return new ContractRequest(
                operation,
                Map.copyOf(path),
                List.copyOf(pairs),
                new LinkedHashMap<>(headers),
                credentials,
                payload(),
                json,
                expected);
    }

    private @Nullable Payload payload() {
        if (type == null) {
            return null;
        }
        if (json == null) {
            return new Payload(type, octets);
        }
        var text = json.toString();
        return type.equals(MULTIPART)
                ? new Payload(type + "; boundary=" + BOUNDARY, form(text).getBytes(UTF_8))
                : new Payload(type, text.getBytes(UTF_8));
    }

    /** The message, and the file that its last attachment names. */
    private static String form(String message) {
        return """
        --%1$s
        Content-Disposition: form-data; name="message"
        Content-Type: application/json

        %2$s
        --%1$s
        Content-Disposition: form-data; name="files"; filename="%3$s"
        Content-Type: text/plain

        a file
        --%1$s--
        """
                .formatted(BOUNDARY, message, FILE)
                .replace("\n", "\r\n");
    }

    /** What attachments call the file of a form. */
    static final String FILE = "tea.txt";
}
