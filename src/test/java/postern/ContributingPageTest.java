package postern;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The files that {@code CONTRIBUTING.md} names, in its walks through changes too, exist. */
@NullMarked
class ContributingPageTest {

    private static final Path PAGE = Path.of("CONTRIBUTING.md");

    /** A path, and what follows it: a file that the change itself makes is called new. */
    private static final Pattern FILE =
            Pattern.compile("`((?:main|test|src|docs|\\.ci)/[\\w./-]+)`(, new)?");

    @Test
    void everyFileThatIsNamedExists() throws IOException {
        var files =
                FILE.matcher(Files.readString(PAGE))
                        .results()
                        .filter(it -> it.group(2) == null && !it.group(1).contains("NNNN"))
                        .map(ContributingPageTest::file)
                        .toList();

        assertThat(files).hasSizeGreaterThan(80).allMatch(Files::exists);
    }

    /** By the short forms of the page. */
    private static Path file(MatchResult named) {
        return Path.of(
                named.group(1)
                        .replaceFirst("^main/", "src/main/java/postern/")
                        .replaceFirst("^test/", "src/test/java/postern/"));
    }
}
