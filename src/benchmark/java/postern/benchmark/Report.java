package postern.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The tables that a run prints and writes to {@code benchmarks.md}. */
final class Report {

    private final List<String> ratios = new ArrayList<>();
    private final List<String> figures = new ArrayList<>();
    private final String machine;

    Report(String machine) {
        this.machine = machine;
    }

    /** The ratio of the gateway's median to that of the baseline. */
    void ratio(
            Scenario where,
            String work,
            String against,
            Samples baseline,
            Samples measured,
            Target target) {
        ratio(where.roundTrip(), work, against, baseline, measured, target);
    }

    void ratio(
            Duration roundTrip,
            String work,
            String against,
            Samples baseline,
            Samples measured,
            Target target) {
        double ratio = measured.medianMillis() / baseline.medianMillis();
        var row =
                String.format(
                        Locale.ROOT,
                        "| %s | %d ms | %s | %.2f ms | %.2f ms | %.2f | %s |",
                        work,
                        roundTrip.toMillis(),
                        against,
                        baseline.medianMillis(),
                        measured.medianMillis(),
                        ratio,
                        target.verdictOn(ratio));
        ratios.add(row);
        System.out.println("  " + row);
    }

    void figure(String what, String value) {
        figure(what, value, "");
    }

    void figure(String what, String value, String target) {
        figures.add("| %s | %s | %s |".formatted(what, value, target));
        System.out.println("  " + what + ": " + value);
    }

    void write(Path file) throws IOException {
        var text = toMarkdown();
        Files.writeString(file, text);
        System.out.println();
        System.out.println(text);
        System.out.println("Written to " + file);
    }

    private String toMarkdown() {
        var text = new StringBuilder(machine).append("\n\n");
        if (!ratios.isEmpty()) {
            text.append("| work | round trip | against | that | gateway | ratio | target |\n");
            text.append("|---|---|---|---|---|---|---|\n");
            ratios.forEach(row -> text.append(row).append('\n'));
            text.append('\n');
        }
        if (!figures.isEmpty()) {
            text.append("| figure | value | target |\n|---|---|---|\n");
            figures.forEach(row -> text.append(row).append('\n'));
        }
        return text.toString();
    }
}
