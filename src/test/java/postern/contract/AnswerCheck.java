package postern.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import postern.contract.Expectation.Input;
import postern.contract.Expectation.Refusal;
import postern.contract.Expectation.Success;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Compares an answer with what the contract says of it. */
final class AnswerCheck {

    private static final List<Integer> OF_ALL = List.of(405, 406);

    /** Codes of requests that are refused before their other parameters are looked at. */
    private static final Set<String> FIRST = Set.of("link-expired");

    /** A mailbox that shall be moved into itself has that told first. */
    private static final Input PARENT = new Input("pointer", "/parentId");

    private final ContractSchemas schemas;

    AnswerCheck(Contract contract) {
        schemas = new ContractSchemas(contract);
    }

    /** What is wrong with the answer; empty if nothing is. */
    Optional<String> fault(ContractRequest request, ContractAnswer answer) {
        var faults = new ArrayList<String>();
        try {
            status(request, answer, faults);
            documented(request.operation(), answer, faults);
            if (faults.isEmpty()) {
                expected(request.expected(), answer, faults);
            }
        } catch (JacksonException e) {
            faults.add("the body is no JSON");
        }
        return faults.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", faults));
    }

    private static void status(
            ContractRequest request, ContractAnswer answer, List<String> faults) {
        boolean excused =
                request.expected() instanceof Success(var problems)
                        && problems.contains(answer.code());
        if (answer.status() >= 500 && !excused) {
            faults.add("a failure of the gateway");
        }
        if (!request.operation().responses().containsKey(answer.status())
                && !OF_ALL.contains(answer.status())) {
            faults.add("the status is not documented");
        }
    }

    private void documented(
            ContractOperation operation, ContractAnswer answer, List<String> faults) {
        var response = operation.responses().get(answer.status());
        if (response == null) {
            return;
        }
        headers(response.path("headers"), answer, faults);
        var content = response.path("content");
        if (content.isEmpty()) {
            if (answer.body().length > 0) {
                faults.add("a body that is not documented");
            }
            return;
        }
        var type = answer.header("Content-Type").orElse("").split(";")[0];
        if (!content.has(type) && !content.has("*/*")) {
            faults.add("the Content-Type '%s' is not documented".formatted(type));
            return;
        }
        var schema = content.path(type).path("schema");
        if (!Contract.name(schema).isEmpty()) {
            body(Contract.name(schema), answer.json(), faults);
        }
        if (answer.status() >= 400) {
            problem(response, answer, faults);
        }
    }

    private static void headers(JsonNode documented, ContractAnswer answer, List<String> faults) {
        for (var header : documented.properties()) {
            boolean number = header.getValue().at("/schema/type").asString().equals("integer");
            answer.header(header.getKey())
                    .filter(it -> it.isEmpty() || (number && !it.matches("[0-9]+")))
                    .ifPresent(it -> faults.add("%s is '%s'".formatted(header.getKey(), it)));
        }
    }

    private void body(String schema, JsonNode body, List<String> faults) {
        faults.addAll(schemas.faults(schema, body));
        if (hasNull(body)) {
            faults.add("the body has a null");
        }
    }

    private static boolean hasNull(JsonNode node) {
        return node.isNull() || node.valueStream().anyMatch(AnswerCheck::hasNull);
    }

    private static void problem(JsonNode response, ContractAnswer answer, List<String> faults) {
        var problem = answer.json();
        var code = problem.path("code").asString();
        if (problem.path("status").asInt() != answer.status()) {
            faults.add("the problem has another status");
        }
        if (!problem.path("type").asString().equals("/problems/" + code)) {
            faults.add("the problem has another type");
        }
        if (!response.path("description").asString().contains("`" + code + "`")) {
            faults.add("the code `%s` is not documented for the status".formatted(code));
        }
    }

    private static void expected(Expectation expected, ContractAnswer answer, List<String> faults) {
        switch (expected) {
            case Success(var problems) -> {
                if (answer.status() >= 400 && !problems.contains(answer.code())) {
                    faults.add("a valid request is refused");
                }
            }
            case Refusal(var what, int status, var input) -> {
                if (answer.status() < 400) {
                    if (input == null || !ignoresRanges(answer, input)) {
                        faults.add("accepted although " + what);
                    }
                } else if (FIRST.contains(answer.code())) {
                    return; // the request is refused before it is looked at
                } else if (answer.status() != status) {
                    faults.add("not refused with %d although %s".formatted(status, what));
                } else if (input != null
                        && !names(answer.json(), input)
                        && !names(answer.json(), PARENT)) {
                    faults.add("`errors` does not name %s, which %s".formatted(input, what));
                }
            }
        }
    }

    /** A ZIP has no ranges, so that none is read (RFC 9110 §14.2). */
    private static boolean ignoresRanges(ContractAnswer answer, Input input) {
        return input.name().equals("Range")
                && answer.header("Content-Type").orElse("").equals("application/zip");
    }

    private static boolean names(JsonNode problem, Input input) {
        return problem.path("errors").valueStream().anyMatch(input::isNamedBy);
    }
}
