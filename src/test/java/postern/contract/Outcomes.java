package postern.contract;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import postern.contract.Expectation.Success;

/** Counts the answers, and keeps one example of each kind of fault. */
final class Outcomes {

    private final Map<String, Map<String, Integer>> counts = new TreeMap<>();
    private final Map<String, List<String>> faults = new LinkedHashMap<>();

    synchronized void count(ContractRequest request, ContractAnswer answer) {
        var outcome =
                (request.expected() instanceof Success ? "valid" : "invalid")
                        + " "
                        + answer.status()
                        + (answer.code().isEmpty() ? "" : " " + answer.code());
        counts.computeIfAbsent(request.operation().id(), _ -> new TreeMap<>())
                .merge(outcome, 1, Integer::sum);
    }

    synchronized void fault(
            long number, ContractRequest request, ContractAnswer answer, String fault) {
        var kind =
                "%s: %s (%d %s)"
                        .formatted(request.operation(), fault, answer.status(), answer.code());
        faults.computeIfAbsent(kind, _ -> new ArrayList<>())
                .add("request %d: %s\n  -> %s".formatted(number, request, answer));
    }

    synchronized int answers() {
        return counts.values().stream()
                .flatMap(it -> it.values().stream())
                .mapToInt(Integer::intValue)
                .sum();
    }

    synchronized String table() {
        var text = new StringBuilder();
        counts.forEach(
                (operation, outcomes) -> text.append("%-24s %s%n".formatted(operation, outcomes)));
        return text.toString();
    }

    /** Each kind of fault with its first example. */
    synchronized List<String> faults() {
        return faults.entrySet().stream()
                .map(it ->
                        "%d times %s\n  %s"
                                .formatted(
                                        it.getValue().size(),
                                        it.getKey(),
                                        it.getValue().getFirst()))
                .toList();
    }
}
