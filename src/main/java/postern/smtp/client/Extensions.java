package postern.smtp.client;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** What a server offers in its answer to EHLO (RFC 5321 §4.1.1.1). */
record Extensions(Map<String, String> parameters, Set<String> mechanisms) {

    /**
     * @param lines the answer; the first line is the greeting
     */
    static Extensions of(List<String> lines) {
        var parameters = new HashMap<String, String>();
        var mechanisms = new HashSet<String>();
        for (var line : lines.subList(1, lines.size())) {
            var upper = line.strip().toUpperCase(Locale.ROOT);
            // the form of servers and clients from before the standard
            var words = upper.startsWith("AUTH=") ? "AUTH " + upper.substring(5) : upper;
            var parts = words.split(" +", 2);
            var values = parts.length < 2 ? "" : parts[1];
            if (parts[0].equals("AUTH")) {
                mechanisms.addAll(Arrays.asList(values.split(" +")));
            }
            parameters.putIfAbsent(parts[0], values);
        }
        return new Extensions(Map.copyOf(parameters), Set.copyOf(mechanisms));
    }

    boolean offers(String keyword) {
        return parameters.containsKey(keyword);
    }

    boolean authenticates(String mechanism) {
        return mechanisms.contains(mechanism);
    }

    /** The largest message, where the server tells one (RFC 1870); zero means no limit. */
    OptionalLong largest() {
        var size = parameters.getOrDefault("SIZE", "");
        return size.matches("[0-9]{1,18}") && Long.parseLong(size) > 0
                ? OptionalLong.of(Long.parseLong(size))
                : OptionalLong.empty();
    }
}
