package postern.provider;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Mail servers that the operator does not know, and that callers name by host, port and security.
 *
 * @param enabled Whether {@code createSession} takes {@code imap}. Anybody who reaches the gateway
 *     can then make it connect to ports 143 and 993 of any public host. Unit: {@code true} or
 *     {@code false}. Interplay: {@code postern.app-keys} keeps strangers out; {@code
 *     postern.discovery.remote} finds such servers.
 * @param maxConnections The most connections to all such servers together. Unit: connections.
 *     Interplay: what is left of {@code postern.imap.pool.max-connections} is for the servers that
 *     the operator knows.
 * @param dns The DNS server that is asked for the addresses of these mail servers. When it is not
 *     set, the DNS servers of the system are asked. Unit: host and port, such as {@code
 *     10.0.0.2:53}.
 */
@ConfigurationProperties("postern.free-choice")
record FreeChoiceProperties(
        @DefaultValue("false") boolean enabled,
        @DefaultValue("500") int maxConnections,
        @Nullable String dns) {

    FreeChoiceProperties {
        if (maxConnections < 1) {
            throw new IllegalArgumentException(
                    "postern.free-choice.max-connections must be 1 or more");
        }
    }

    static FreeChoiceProperties off() {
        return new FreeChoiceProperties(false, 1, null);
    }
}
