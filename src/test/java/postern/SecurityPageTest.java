package postern;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** {@code docs/security.md} names tests that exist, for each threat. */
@NullMarked
class SecurityPageTest {

    private static final Path PAGE = Path.of("docs/security.md");
    private static final Pattern TEST = Pattern.compile("`(\\w+(?:Test|IT))`");

    @Test
    void everyThreatHasATestThatExists() throws IOException {
        var threats =
                Files.readAllLines(PAGE).stream()
                        .filter(line -> line.startsWith("| ") && !line.startsWith("| threat "))
                        .toList();
        var tests = tests();

        assertThat(threats).hasSizeGreaterThan(25);
        assertThat(threats)
                .allSatisfy(threat ->
                        assertThat(TEST.matcher(threat).results().map(it -> it.group(1)))
                                .isNotEmpty()
                                .isSubsetOf(tests));
    }

    private static Set<String> tests() throws IOException {
        try (var files = Files.walk(Path.of("src/test/java"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".java"))
                    .map(name -> name.substring(0, name.length() - ".java".length()))
                    .collect(Collectors.toSet());
        }
    }
}
