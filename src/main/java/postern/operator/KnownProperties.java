package postern.operator;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The names of the gateway's own properties, from the metadata that the build makes of the property
 * records.
 */
final class KnownProperties {

    static final String METADATA = "META-INF/spring-configuration-metadata.json";

    private static final String OURS = "postern.";
    private static final String ANY = "*";
    private static final Pattern MAP_OF_OURS =
            Pattern.compile("java\\.util\\.Map<java\\.lang\\.String,(postern\\.[\\w.$]+)>");

    /** More differences than this are no slip of the pen. */
    private static final int MOST_DIFFERENCES = 3;

    private final List<Property> properties;

    KnownProperties(Collection<Property> properties) {
        this.properties = List.copyOf(properties);
    }

    /** What names may go on with. */
    enum Below {
        NOTHING,
        /** A number, as in a list. */
        NUMBERS,
        /** Anything, as in a map. */
        NAMES;

        static Below of(Class<?> type) {
            if (Map.class.isAssignableFrom(type)) {
                return NAMES;
            }
            return Collection.class.isAssignableFrom(type) ? NUMBERS : NOTHING;
        }

        static Below of(String type) {
            if (type.startsWith("java.util.Map<")) {
                return NAMES;
            }
            return type.startsWith("java.util.List<") || type.startsWith("java.util.Set<")
                    ? NUMBERS
                    : NOTHING;
        }
    }

    /**
     * @param name with {@code *} in place of what the operator calls an entry of a map
     */
    record Property(String name, Below below) {

        private List<String> elements() {
            return List.of(name.split("\\."));
        }

        private boolean covers(ConfigurationPropertyName other) {
            int mine = elements().size();
            int theirs = other.getNumberOfElements();
            return theirs >= mine
                    && isLike(other, mine)
                    && switch (below) {
                        case NOTHING -> theirs == mine;
                        case NUMBERS ->
                                theirs == mine
                                        || (theirs == mine + 1 && other.isNumericIndex(mine));
                        case NAMES -> true;
                    };
        }

        private boolean isWithin(ConfigurationPropertyName section) {
            int theirs = section.getNumberOfElements();
            return theirs < elements().size() && isLike(section, theirs);
        }

        /** Whether the first elements are the same, as many as this. */
        private boolean isLike(ConfigurationPropertyName other, int count) {
            for (int i = 0; i < count; i++) {
                var element = elements().get(i);
                if (!element.equals(ANY)
                        && !element.replace("-", "")
                                .equals(
                                        other.getElement(
                                                i, ConfigurationPropertyName.Form.UNIFORM))) {
                    return false;
                }
            }
            return true;
        }

        private boolean coversVariable(String other) {
            var pattern =
                    variable().replace(ANY, "[^_]+")
                            + switch (below) {
                                case NOTHING -> "";
                                case NUMBERS -> "(_\\d+)?";
                                case NAMES -> "(_.+)?";
                            };
            return other.matches(pattern);
        }

        /** As Spring Boot writes it: dots become underscores, dashes are left out. */
        private String variable() {
            return name.replace("-", "").replace('.', '_').toUpperCase(Locale.ROOT);
        }

        /** The name, with the entries of maps called as they are there. */
        private String calledLike(String other) {
            return withEntriesOf(name, other, '.');
        }

        private String variableCalledLike(String other) {
            return withEntriesOf(variable(), other, '_');
        }

        private static String withEntriesOf(String name, String other, char separator) {
            var mine = StringUtils.delimitedListToStringArray(name, String.valueOf(separator));
            var theirs = StringUtils.delimitedListToStringArray(other, String.valueOf(separator));
            for (int i = 0; i < mine.length && i < theirs.length; i++) {
                if (mine[i].equals(ANY)) {
                    mine[i] = theirs[i];
                }
            }
            return String.join(String.valueOf(separator), mine);
        }
    }

    /** The gateway's own come first on the class path; those of its libraries are not read. */
    static KnownProperties read(ClassLoader loader) throws IOException {
        var found = new ArrayList<Property>();
        var json = new JsonMapper();
        var files = loader.getResources(METADATA);
        while (found.isEmpty() && files.hasMoreElements()) {
            try (InputStream octets = files.nextElement().openStream()) {
                json.readTree(octets).path("properties").forEach(it -> add(it, loader, found));
            }
        }
        return new KnownProperties(found);
    }

    private static void add(JsonNode property, ClassLoader loader, Collection<Property> to) {
        var name = property.path("name").asString();
        var type = property.path("type").asString();
        if (!name.startsWith(OURS)) {
            return;
        }
        var records = MAP_OF_OURS.matcher(type);
        if (records.matches()) {
            addWithin(name + "." + ANY, ClassUtils.resolveClassName(records.group(1), loader), to);
        } else {
            to.add(new Property(name, Below.of(type)));
        }
    }

    /** The metadata ends at maps, so that the components of the records below are read instead. */
    private static void addWithin(String section, Class<?> type, Collection<Property> to) {
        for (var component : type.getRecordComponents()) {
            var name = section + "." + DataObjectPropertyName.toDashedForm(component.getName());
            if (component.getType().isRecord()) {
                addWithin(name, component.getType(), to);
            } else {
                to.add(new Property(name, Below.of(component.getType())));
            }
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
        return properties.stream().anyMatch(it -> it.isWithin(section));
    }

    /** Whether an environment variable, which has no dashes and dots, sets a property. */
    boolean hasVariable(String name) {
        var upper = name.toUpperCase(Locale.ROOT);
        return properties.stream().anyMatch(it -> it.coversVariable(upper));
    }

    /** What was probably meant. */
    Optional<String> nearest(String name) {
        return nearest(name, it -> it.calledLike(name));
    }

    Optional<String> nearestVariable(String name) {
        return nearest(name, it -> it.variableCalledLike(name));
    }

    private Optional<String> nearest(String name, Function<Property, String> spelling) {
        return properties.stream()
                .map(spelling)
                .filter(it -> differences(it, name) <= MOST_DIFFERENCES)
                .min(Comparator.comparingInt(it -> differences(it, name)));
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
