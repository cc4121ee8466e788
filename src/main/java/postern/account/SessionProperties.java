package postern.account;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Session tokens, in which the credentials of the user are encrypted.
 *
 * @param keys 256-bit keys in base64, separated by commas ({@code openssl rand -base64 32}). The
 *     first one encrypts new tokens, all of them decrypt, so that a key is replaced by putting the
 *     new one in front and removing the old one after {@code lifetime}. When none is set, a random
 *     key is used, and sessions and links end with the process. Unit: list of keys. Interplay: the
 *     same on all replicas; encrypts signed links as well ({@code postern.link.*}). The last one
 *     makes the tags by which a load balancer routes. They also name requests to send that have an
 *     {@code Idempotency-Key}: put a new key behind the others on all replicas first, and then in
 *     front, so that no replica meets a name that it cannot make.
 * @param lifetime After what time a session ends and the user logs in again. It is not extended by
 *     use. Unit: time. Interplay: the longest time that a token is accepted after a logout by
 *     replicas that do not know of it.
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
