package postern.account;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How session tokens are sealed.
 *
 * @param keys 256-bit keys in base64, the same on every replica: the first one seals, each one
 *     opens; when there is none, a key is made up at start
 * @param lifetime after which a session must be made anew
 */
@ConfigurationProperties("postern.session")
public record SessionProperties(
        @DefaultValue List<String> keys, @DefaultValue("12h") Duration lifetime) {

    public SessionProperties {
        keys = List.copyOf(keys);
        if (!lifetime.isPositive()) {
            throw new IllegalArgumentException("postern.session.lifetime must be positive");
        }
    }

    @Override
    public String toString() {
        return "SessionProperties[keys=%d, lifetime=%s]".formatted(keys.size(), lifetime);
    }
}
