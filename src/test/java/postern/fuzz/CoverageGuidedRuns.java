package postern.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs Jazzer on each target in a JVM of its own, as {@code mvn -Pfuzz} does. It writes findings
 * and the corpus to {@code target/fuzz}.
 */
public final class CoverageGuidedRuns {

    private CoverageGuidedRuns() {}

    /** Exits with 1 if a target has a fault. */
    public static void run() throws IOException, InterruptedException {
        var only = System.getProperty("fuzz.only", "");
        var failed = new ArrayList<String>();
        for (var target : FuzzTargets.all()) {
            if (target.name().contains(only) && run(target) != 0) {
                failed.add(target.name());
            }
        }
        if (!failed.isEmpty()) {
            System.err.println("faults in " + failed);
            System.exit(1);
        }
    }

    private static int run(FuzzTarget target) throws IOException, InterruptedException {
        var directory = Path.of("target", "fuzz", target.name().replace(' ', '-'));
        var corpus = Files.createDirectories(directory.resolve("corpus"));
        var words = new ArrayList<String>();
        int number = 0;
        for (var seed : Seeds.of(target)) {
            Files.write(corpus.resolve("seed" + number++), seed);
        }
        // a comment, as libFuzzer does not start with an empty dictionary
        words.add("# " + target.name());
        target.words().forEach(it -> words.add(quoted(it)));
        var dictionary = Files.write(directory.resolve("words"), words);
        var command =
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1g",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "com.code_intelligence.jazzer.Jazzer",
                        "--target_class=postern.fuzz.CoverageGuided",
                        "--target_args=" + target.name(),
                        "--instrumentation_includes=postern.**",
                        "--custom_hook_includes=postern.**",
                        "--reproducer_path=" + directory,
                        "-artifact_prefix=" + directory + "/",
                        "-dict=" + dictionary,
                        "-runs=" + System.getProperty("fuzz.inputs", "1000000"),
                        "-seed=" + System.getProperty("fuzz.seed", "1"),
                        "-max_total_time=" + System.getProperty("fuzz.seconds", "0"),
                        "-timeout=10",
                        "-max_len=4096",
                        corpus.toString());
        System.out.println("==== " + target);
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    private static String quoted(String word) {
        var quoted = new StringBuilder("\"");
        for (byte octet : Seeds.octets(word)) {
            quoted.append("\\x%02X".formatted(octet));
        }
        return quoted.append('"').toString();
    }
}
