package postern.operator;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The names of the gateway's own properties, from the metadata that the build makes of the property
 * records.
 */
final class KnownProperties {

    static final String METADATA = "META-INF/spring-configuration-metadata.json";

    private static final String OURS = "postern.";

    /** More differences than this are no slip of the pen. */
    private static final int MOST_DIFFERENCES = 3;

    private final List<Property> properties;

    KnownProperties(Collection<Property> properties) {
        this.properties = List.copyOf(properties);
    }

    /**
     * @param open whether names go on below it, as they do in maps and lists
     */
    record Property(String name, boolean open) {

        String variable() {
            return variableOf(name);
        }

        private boolean covers(ConfigurationPropertyName other) {
            var mine = ConfigurationPropertyName.of(name);
            return mine.equals(other) || open && mine.isAncestorOf(other);
        }

        private boolean coversVariable(String other) {
            return other.equals(variable()) || open && other.startsWith(variable() + "_");
        }
    }

    /** The gateway's own come first on the class path; those of its libraries are not read. */
    static KnownProperties read(ClassLoader loader) throws IOException {
        var found = new ArrayList<Property>();
        var json = new JsonMapper();
        var files = loader.getResources(METADATA);
        while (found.isEmpty() && files.hasMoreElements()) {
            try (InputStream octets = files.nextElement().openStream()) {
                json.readTree(octets).path("properties").forEach(it -> add(it, found));
            }
        }
        return new KnownProperties(found);
    }

    private static void add(JsonNode property, Collection<Property> to) {
        var name = property.path("name").asString();
        var type = property.path("type").asString();
        if (name.startsWith(OURS)) {
            to.add(
                    new Property(
                            name,
                            type.startsWith("java.util.Map<")
                                    || type.startsWith("java.util.List<")
                                    || type.startsWith("java.util.Set<")));
        }
    }

    /** False where the build made no metadata. */
    boolean complete() {
        return !properties.isEmpty();
    }

    boolean has(ConfigurationPropertyName name) {
        return properties.stream().anyMatch(it -> it.covers(name));
    }

    /** Whether it is a section with properties in it, such as {@code postern.imap}. */
    boolean hasWithin(ConfigurationPropertyName section) {
        return properties.stream()
                .anyMatch(it -> section.isAncestorOf(ConfigurationPropertyName.of(it.name())));
    }

    /** Whether an environment variable, which has no dashes and dots, sets a property. */
    boolean hasVariable(String name) {
        var upper = name.toUpperCase(Locale.ROOT);
        return properties.stream().anyMatch(it -> it.coversVariable(upper));
    }

    /** What was probably meant. */
    Optional<String> nearest(String name) {
        return nearest(name, Property::name);
    }

    Optional<String> nearestVariable(String name) {
        return nearest(name, Property::variable);
    }

    private Optional<String> nearest(String name, Function<Property, String> spelling) {
        return properties.stream()
                .map(spelling)
                .filter(it -> differences(it, name) <= MOST_DIFFERENCES)
                .min(Comparator.comparingInt(it -> differences(it, name)));
    }

    /** As Spring Boot writes it: dots become underscores, dashes are left out. */
    private static String variableOf(String name) {
        return name.replace("-", "").replace('.', '_').toUpperCase(Locale.ROOT);
    }

    /** How many letters are added, left out or replaced (Levenshtein). */
    private static int differences(String one, String other) {
        int[] before = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            before[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int[] now = new int[other.length() + 1];
            now[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int replaced = before[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                now[j] = Math.min(replaced, 1 + Math.min(before[j], now[j - 1]));
            }
            before = now;
        }
        return before[other.length()];
    }
}
