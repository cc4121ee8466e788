package postern.account;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The mail server that a user name and password alone are for.
 *
 * @param port the usual one of {@code security} when null
 */
@ConfigurationProperties("postern.imap")
public record ImapProperties(
        @DefaultValue("localhost") String host,
        @Nullable Integer port,
        @DefaultValue("TLS") Security security) {

    public ImapServer server() {
        return new ImapServer(host, port == null ? security.defaultPort() : port, security);
    }
}
