package postern.web.trace;

import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import postern.trace.RequestTrace;
import postern.trace.Step;

/**
 * Gathers what one request causes, and puts it into the header of its answer: {@code
 * Server-Timing}, which browsers draw, and a {@code Postern-Explain} with the sums and one for each
 * step (RFC 9651, a list). All steps are counted, and the first ones are shown.
 */
final class Explanation implements RequestTrace.Listener {

    static final String HEADER = "Postern-Explain";
    static final String SERVER_TIMING = "Server-Timing";

    private static final int MOST_SHOWN = 40;

    /**
     * All of it takes 2,000 octets at most, with the names of the fields. nginx answers 502 when
     * the header of an answer is larger than 4 KB ({@code proxy_buffer_size}), and an answer has
     * other fields.
     */
    private static final int LARGEST = 2_000;

    /** What the sums take at most, with the names of their two fields. */
    private static final int SUMS = 600;

    /** Of each field, beside its name and value: {@code ": "} and the end of the line. */
    private static final int BETWEEN = 4;

    private final long started = System.nanoTime();
    private final List<String> shown = new ArrayList<>();
    private final Map<Step.Kind, Sum> sums = new EnumMap<>(Step.Kind.class);
    private int length;
    private int steps;
    private int commands;
    private int trips;

    /** What the steps of a kind took together; some may have run at the same time. */
    private record Sum(int steps, int trips, Duration elapsed) {

        static final Sum NONE = new Sum(0, 0, Duration.ZERO);

        Sum plus(Step step) {
            return new Sum(steps + 1, trips + step.trips(), elapsed.plus(step.elapsed()));
        }
    }

    @Override
    public synchronized void ended(Step step) {
        steps++;
        commands += step.commands().size();
        trips += step.trips();
        sums.merge(step.kind(), Sum.NONE.plus(step), (sum, _) -> sum.plus(step));
        var item = item(step);
        int octets = HEADER.length() + item.length() + BETWEEN;
        if (shown.size() == steps - 1
                && shown.size() < MOST_SHOWN
                && length + octets <= LARGEST - SUMS) {
            shown.add(item);
            length += octets;
        }
    }

    /** Writes the header fields with what has ended so far. */
    synchronized void writeTo(HttpServletResponse response) {
        response.setHeader(SERVER_TIMING, serverTiming());
        response.setHeader(HEADER, summary());
        shown.forEach(item -> response.addHeader(HEADER, item));
    }

    private String summary() {
        var hidden = steps - shown.size();
        return "total;trips=%d;commands=%d;steps=%d;ms=%s%s"
                .formatted(
                        trips,
                        commands,
                        steps,
                        millis(Step.since(started)),
                        hidden == 0 ? "" : ";hidden=" + hidden);
    }

    private String serverTiming() {
        var all =
                sums.entrySet().stream()
                        .map(it ->
                                "%s;dur=%s;desc=\"%d x, %d trips\""
                                        .formatted(
                                                name(it.getKey()),
                                                millis(it.getValue().elapsed()),
                                                it.getValue().steps(),
                                                it.getValue().trips()))
                        .collect(Collectors.toCollection(ArrayList::new));
        all.add("total;dur=" + millis(Step.since(started)));
        return String.join(", ", all);
    }

    private static String item(Step step) {
        var text =
                new StringBuilder(name(step.kind())).append(";ms=").append(millis(step.elapsed()));
        if (step.trips() > 0) {
            text.append(";trips=").append(step.trips());
        }
        if (!step.commands().isEmpty()) {
            var sent =
                    step.commands().stream()
                            .map(Explanation::sent)
                            .collect(Collectors.joining(", "));
            text.append(";commands=\"").append(sent).append('"');
        }
        return text.append(";outcome=").append(step.outcome()).toString();
    }

    /** Such as {@code FETCH(UID FLAGS)}, or {@code STORE:no} for one that failed. */
    private static String sent(Step.Command command) {
        return command.verb()
                + (command.items().isEmpty() ? "" : "(" + command.items() + ")")
                + (command.outcome().equals("ok") ? "" : ":" + command.outcome());
    }

    private static String name(Step.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String millis(Duration time) {
        return String.format(Locale.ROOT, "%.1f", time.toNanos() / 1e6);
    }
}
