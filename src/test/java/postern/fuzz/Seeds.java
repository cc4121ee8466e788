package postern.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The seed inputs: earlier findings, real mail, and the tokens of a grammar. */
final class Seeds {

    private static final Path RESOURCES = Path.of("src/test/resources");
    private static final int LONGEST = 4_096;

    private Seeds() {}

    static List<byte[]> of(FuzzTarget target) {
        var seeds = new ArrayList<byte[]>();
        seeds.addAll(files(RESOURCES.resolve("fuzz").resolve(target.name().replace(' ', '-')), ""));
        target.words().forEach(it -> seeds.add(octets(it)));
        seeds.add(octets(String.join("", target.words())));
        for (var mail : files(RESOURCES.resolve("cases"), ".eml")) {
            seeds.add(Arrays.copyOf(mail, Math.min(mail.length, LONGEST)));
        }
        return seeds;
    }

    static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<byte[]> files(Path directory, String ending) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (var files = Files.list(directory)) {
            var found = new ArrayList<byte[]>();
            for (var file : files.filter(it -> it.toString().endsWith(ending)).sorted().toList()) {
                found.add(Files.readAllBytes(file));
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
