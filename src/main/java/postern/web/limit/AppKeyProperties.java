package postern.web.limit;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which apps may use the gateway.
 *
 * @param appKeys The keys of the apps that may use the gateway, by a name of the operator's: for
 *     each the SHA-256 of its key in hexadecimal, or several separated by commas while one replaces
 *     another. When none is configured, every app may. Unit: map of name to hashes, see
 *     docs/how-to/limit-callers.md. Interplay: an app sends its key as {@code Postern-Key} beside
 *     the user's credentials; signed links, the contract, probes and {@code /actuator} need none.
 */
@ConfigurationProperties("postern")
record AppKeyProperties(@DefaultValue Map<String, List<String>> appKeys) {

    private static final Pattern SHA_256 = Pattern.compile("[0-9A-Fa-f]{64}");

    AppKeyProperties {
        appKeys.forEach((name, hashes) -> {
            if (hashes.isEmpty() || !hashes.stream().allMatch(SHA_256.asMatchPredicate())) {
                throw new IllegalArgumentException(
                        "postern.app-keys.%s must be the SHA-256 of a key: 64 hexadecimal digits"
                                .formatted(name));
            }
        });
        appKeys = Map.copyOf(appKeys);
    }

    @Override
    public String toString() {
        return "AppKeyProperties" + appKeys.keySet();
    }
}
