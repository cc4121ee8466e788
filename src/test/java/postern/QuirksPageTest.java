package postern;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import postern.testserver.Quirk;

/** Keeps the section of {@code docs/servers.md} on quirks in step with the tests that play them. */
@NullMarked
public class QuirksPageTest {

    private static final Path PAGE = Path.of("docs/servers.md");
    private static final String TITLE = "## Quirks that are handled\n";

    private static final String HEAD =
            TITLE
                    + """

                    What real servers do against the standard, and what a caller sees. Each row is a test that plays the dialogue;
                    `QuirksPageTest` writes this section from them: `mvn test -Dtest=QuirksPageTest -Dquirks.update`.

                    | server | what it does | what the caller sees |
                    |---|---|---|
                    """;

    @Test
    void listsEveryQuirkThatATestPlays() throws IOException {
        var page = Files.readString(PAGE);

        if (Boolean.getBoolean("quirks.update")) {
            Files.writeString(PAGE, withoutSection(page) + "\n" + section());
        }

        assertThat(section())
                .as("the quirks in docs/servers.md; -Dquirks.update rewrites them")
                .isEqualTo(sectionOf(Files.readString(PAGE)));
    }

    /** The page without its section on quirks. */
    public static String withoutSection(String page) {
        int at = page.indexOf("\n" + TITLE);
        return at < 0 ? page : page.substring(0, at);
    }

    private static String sectionOf(String page) {
        int at = page.indexOf(TITLE);
        return at < 0 ? "" : page.substring(at);
    }

    private static String section() {
        return new ClassFileImporter()
                .importPackages("postern").stream()
                        .flatMap(type -> type.getMethods().stream())
                        .filter(method -> method.isAnnotatedWith(Quirk.class))
                        .sorted(Comparator.comparing(JavaMethod::getFullName))
                        .map(method -> row(method.getAnnotationOfType(Quirk.class)))
                        .sorted()
                        .collect(Collectors.joining("", HEAD, ""));
    }

    private static String row(Quirk quirk) {
        return "| %s | %s | %s |\n".formatted(quirk.server(), quirk.does(), quirk.answer());
    }
}
