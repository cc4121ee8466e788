package postern.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.http.HttpHeaders;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** What the gateway answered. */
record ContractAnswer(int status, HttpHeaders headers, byte[] body) {

    private static final int SHOWN = 600;

    Optional<String> header(String name) {
        return headers.firstValue(name);
    }

    /** Throws JacksonException if the body is no JSON. */
    JsonNode json() {
        return Contract.JSON.readTree(body);
    }

    /** The code of the problem; empty if it is none. */
    String code() {
        return status < 400 || body.length == 0 ? "" : json().path("code").asString("");
    }

    @Override
    public String toString() {
        var text = new String(body, UTF_8);
        return status + " " + (text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text);
    }
}
