package postern;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.springframework.util.StringUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Keeps {@code docs/configuration.md} in step with the Javadoc of the property records, which the
 * build turns into Spring's configuration metadata.
 */
@NullMarked
class ConfigurationPageTest {

    private static final Path PAGE = Path.of("docs/configuration.md");
    private static final String METADATA = "META-INF/spring-configuration-metadata.json";

    private static final String HEAD =
            """
            # Configuration

            Every property of Postern's own. Each can be set as an environment variable, on the command line
            (`--postern.imap.host=imap.example.org`), or in an `application.yaml` in the working directory. Every
            property of Spring Boot works as well, such as `server.port` (8080).

            Times are written as `500ms`, `30s`, `10m` or `12h`. Sizes are written as `64KB`, `4MB` or `2GB`; 1 KB is
            1024 bytes. A value that cannot be used ends the start of the gateway with a message that names the property.

            `--logging.level.postern.imap.wire=trace` logs the dialogue with the mail servers: for each command and response its
            direction, connection, tag, name and number of octets. Arguments, names, passwords and mail are never logged.

            `ConfigurationPageTest` writes this page from the Javadoc of the property records:
            `mvn test -Dtest=ConfigurationPageTest -Dconfiguration.update`.
            """;

    private static final String TABLE =
            """

            ## %s

            | property and variable | default | unit | what it does | interplay |
            |---|---|---|---|---|
            """;

    @Test
    void thePageIsWhatTheMetadataSay() throws IOException {
        var page = page(properties());

        if (Boolean.getBoolean("configuration.update")) {
            Files.writeString(PAGE, page);
        }

        assertThat(page)
                .as("docs/configuration.md; -Dconfiguration.update rewrites it")
                .isEqualTo(Files.readString(PAGE));
    }

    @Test
    void everyPropertySaysWhatItDoesItsUnitAndItsDefault() throws IOException {
        assertThat(properties())
                .allSatisfy(property -> {
                    assertThat(property.text()).as(property.name()).isNotBlank().endsWith(".");
                    assertThat(property.unit()).as("unit of " + property.name()).isNotBlank();
                    if (property.fallback().isEmpty()) {
                        assertThat(property.text())
                                .as(property.name())
                                .containsPattern("When (it|none) is");
                    }
                });
    }

    @Test
    void everyPropertyThatIsReferredToExists() throws IOException {
        var properties = properties();
        var names = properties.stream().map(Property::name).toList();

        for (var property : properties) {
            var references =
                    Pattern.compile("`(postern\\.[a-z.-]+[a-z])`")
                            .matcher(property.text() + property.interplay());

            assertThat(references.results().map(match -> match.group(1)))
                    .as(property.name())
                    .isSubsetOf(names);
        }
    }

    private static String page(List<Property> properties) {
        var groups =
                properties.stream()
                        .collect(groupingBy(Property::prefix, TreeMap::new, Collectors.toList()));
        return groups.entrySet().stream()
                .map(group -> TABLE.formatted("`" + group.getKey() + "`") + rows(group.getValue()))
                .collect(joining("", HEAD, ""));
    }

    private static String rows(List<Property> properties) {
        return properties.stream().map(Property::row).collect(joining());
    }

    /** Of the metadata of all libraries those of the gateway. */
    private static List<Property> properties() throws IOException {
        var properties = new ArrayList<Property>();
        var json = new JsonMapper();
        var files = ConfigurationPageTest.class.getClassLoader().getResources(METADATA);
        for (var file : Collections.list(files)) {
            try (var content = file.openStream()) {
                for (var property : json.readTree(content).path("properties")) {
                    if (property.path("name").asString().startsWith("postern.")) {
                        properties.add(Property.of(property));
                    }
                }
            }
        }
        assertThat(properties)
                .as(METADATA + ", which spring-boot-configuration-processor makes in Maven's build")
                .isNotEmpty();
        return properties;
    }

    /**
     * One property as its Javadoc describes it: what it does, then {@code Unit:}, then, where there
     * is any, {@code Interplay:}.
     */
    private record Property(
            String name, String fallback, String text, String unit, String interplay) {

        private static final Pattern DESCRIPTION =
                Pattern.compile(
                        "(?<text>.*?) Unit: (?<unit>.*?)\\.( Interplay: (?<interplay>.*))?");

        static Property of(JsonNode metadata) {
            var name = metadata.path("name").asString();
            var javadoc = metadata.path("description").asString("").replaceAll("\\s+", " ");
            var description = DESCRIPTION.matcher(javadoc.replaceAll("\\{@code ([^}]*)}", "`$1`"));
            assertThat(description.matches())
                    .as("%s: `@param … Unit: … . Interplay: …` instead of `%s`", name, javadoc)
                    .isTrue();
            var interplay = description.group("interplay");
            return new Property(
                    name,
                    metadata.path("defaultValue").asString(""),
                    description.group("text"),
                    description.group("unit"),
                    interplay == null ? "" : interplay);
        }

        String prefix() {
            return name.substring(0, name.lastIndexOf('.'));
        }

        /** As Spring Boot reads it: without dashes, with underscores for dots. */
        private String variable() {
            return name.replace("-", "").replace('.', '_').toUpperCase(Locale.ROOT);
        }

        String row() {
            return "| `%s`<br>`%s` | %s | %s | %s | %s |\n"
                    .formatted(
                            name,
                            variable(),
                            fallback.isEmpty() ? "–" : "`" + fallback + "`",
                            unit,
                            text,
                            interplay.isEmpty() ? "–" : StringUtils.capitalize(interplay));
        }
    }
}
