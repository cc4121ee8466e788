package postern.contract;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * An operation of the contract.
 *
 * @param secured whether it needs credentials
 * @param bodies the schemas of its body by media type; empty if it has none
 * @param responses the documented responses by status, without references
 */
record ContractOperation(
        String id,
        String method,
        String path,
        boolean secured,
        List<Parameter> parameters,
        Map<String, JsonNode> bodies,
        Map<Integer, JsonNode> responses) {

    enum Place {
        PATH,
        QUERY,
        HEADER
    }

    /** A documented parameter. */
    record Parameter(String name, Place place, boolean required, JsonNode schema) {}

    Optional<Parameter> parameter(String name) {
        return parameters.stream().filter(it -> it.name().equals(name)).findFirst();
    }

    boolean has(String parameter) {
        return parameter(parameter).isPresent();
    }

    @Override
    public String toString() {
        return id;
    }
}
