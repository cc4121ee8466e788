package postern.account;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The mail server. A user name and password are always for this one.
 *
 * @param host The host name of the mail server; its TLS certificate must be for this name. Unit:
 *     host name or address.
 * @param port The TCP port of the mail server. When it is not set, 993 with {@code security} {@code
 *     tls}, otherwise 143. Unit: port number.
 * @param security How the connection is protected: {@code tls} from the start, {@code starttls}
 *     before the login, or {@code none}, which sends passwords in the clear and is for tests. Unit:
 *     {@code tls}, {@code starttls} or {@code none}. Interplay: decides the default of {@code
 *     port}.
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
