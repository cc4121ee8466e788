package postern.message.metadata;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import postern.imap.message.Flag;

/** A message's flags as RFC 8621 §4.1.1 writes them: {@code {"$seen": true}}. */
public record Keywords(@JsonValue Map<String, Boolean> all) {

    static final Keywords NONE = new Keywords(Map.of());

    private static final Keywords SEEN = new Keywords(Map.of("$seen", true));

    private static final Map<String, Flag> SYSTEM = system();

    private static Map<String, Flag> system() {
        var flags = new LinkedHashMap<String, Flag>();
        flags.put("$seen", Flag.SEEN);
        flags.put("$answered", Flag.ANSWERED);
        flags.put("$flagged", Flag.FLAGGED);
        flags.put("$draft", Flag.DRAFT);
        flags.put("$deleted", Flag.DELETED);
        return Collections.unmodifiableMap(flags);
    }

    /**
     * System flags first, then keywords in alphabetical order. Flags that clients cannot set, such
     * as {@code \Recent}, are left out.
     */
    public static Keywords of(Collection<Flag> flags) {
        if (flags.isEmpty()) {
            return NONE;
        }
        if (flags.size() == 1 && flags.contains(Flag.SEEN)) {
            return SEEN;
        }
        var all = new LinkedHashMap<String, Boolean>();
        SYSTEM.forEach((keyword, flag) -> {
            if (flags.contains(flag)) {
                all.put(keyword, true);
            }
        });
        ownNames(flags).forEach(name -> all.put(name, true));
        return new Keywords(Collections.unmodifiableMap(all));
    }

    boolean has(Flag keyword) {
        return all.keySet().stream().anyMatch(keyword.name()::equalsIgnoreCase);
    }

    private static TreeSet<String> ownNames(Collection<Flag> flags) {
        var names = new TreeSet<String>();
        for (var flag : flags) {
            if (flag.keyword() && systemFlag(flag.name()) == null) {
                names.add(flag.name());
            }
        }
        return names;
    }

    /** Null when the flags are unknown, as opposed to empty. */
    public static @Nullable Keywords ofKnown(@Nullable Collection<Flag> flags) {
        return flags == null ? null : of(flags);
    }

    /** The IMAP flag of a keyword; empty when clients may not set it. */
    public static Optional<Flag> flag(String keyword) {
        var system = systemFlag(keyword);
        if (system != null) {
            return Optional.of(system);
        }
        var flag = new Flag(keyword);
        var allowed = flag.keyword() && flag.storable() && !keyword.equalsIgnoreCase("$recent");
        return allowed ? Optional.of(flag) : Optional.empty();
    }

    /** RFC 8621 §4.1.1: keywords are case-insensitive. */
    private static @Nullable Flag systemFlag(String keyword) {
        for (var entry : SYSTEM.entrySet()) {
            if (entry.getKey().equalsIgnoreCase(keyword)) {
                return entry.getValue();
            }
        }
        return null;
    }
}
