package postern.benchmark;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The settings {@code -Dbenchmark.…} of the command line; see {@code docs/benchmarks.md}. */
record Settings(
        Path jar,
        List<String> jvmFlags,
        List<String> gatewayArguments,
        int messages,
        int attachmentMiB,
        int importMiB,
        int warmUps,
        int rounds,
        Duration roundTrip,
        List<String> only,
        Path output) {

    private static final List<String> GROUPS =
            List.of(
                    "lists",
                    "opening",
                    "downloads",
                    "transfer",
                    "search",
                    "footprint",
                    "batch",
                    "sending",
                    "events",
                    "listeners",
                    "sync");

    private static final List<String> FIGURES_ALONE = List.of("footprint", "sending", "listeners");

    Settings {
        if (!GROUPS.containsAll(only)) {
            throw new IllegalArgumentException(
                    "benchmark.only takes some of " + GROUPS + ", not " + only);
        }
    }

    static Settings ofSystemProperties() {
        return new Settings(
                Path.of(text("jar", "target/postern.jar")),
                words(text("jvm-flags", "")),
                words(text("gateway-arguments", "")),
                Integer.getInteger("benchmark.messages", 20_000),
                Integer.getInteger("benchmark.attachment-mib", 50),
                Integer.getInteger("benchmark.import-mib", 200),
                Integer.getInteger("benchmark.warm-ups", 20),
                Integer.getInteger("benchmark.rounds", 21),
                Duration.ofMillis(Integer.getInteger("benchmark.round-trip-millis", 20)),
                words(text("only", "")),
                Path.of(text("output", "target")));
    }

    boolean wants(String group) {
        return only.isEmpty() || only.contains(group);
    }

    /** Whether anything is compared with a bare socket that reads the large mailbox. */
    boolean wantsRatios() {
        return GROUPS.stream().anyMatch(group -> !FIGURES_ALONE.contains(group) && wants(group));
    }

    /** With further arguments of the gateway. */
    Settings with(List<String> arguments) {
        return new Settings(
                jar,
                jvmFlags,
                Stream.concat(gatewayArguments.stream(), arguments.stream()).toList(),
                messages,
                attachmentMiB,
                importMiB,
                warmUps,
                rounds,
                roundTrip,
                only,
                output);
    }

    long attachmentOctets() {
        return (long) attachmentMiB << 20;
    }

    long importOctets() {
        return (long) importMiB << 20;
    }

    private static String text(String name, String otherwise) {
        return System.getProperty("benchmark." + name, otherwise);
    }

    private static List<String> words(String text) {
        return Arrays.stream(text.split(" +")).filter(word -> !word.isEmpty()).toList();
    }
}
