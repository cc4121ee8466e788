package postern.account;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

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
 * @param oauthIssuer The issuer of the OAuth access tokens that this mail server accepts. When it
 *     is not set, the gateway takes no access tokens for this server: a mail server that does not
 *     belong to the issuer could use them to read the user's mail elsewhere. Unit: URL. Interplay:
 *     with {@code security} {@code none} access tokens are sent in the clear, like passwords.
 */
@ConfigurationProperties("postern.imap")
public record ImapProperties(
        @DefaultValue("localhost") String host,
        @Nullable Integer port,
        @DefaultValue("TLS") Security security,
        @Nullable URI oauthIssuer) {

    public ImapProperties {
        Assert.hasText(host, "postern.imap.host must name the mail server");
        HostNames.checkServer("postern.imap", host, port);
    }

    public ImapServer server() {
        return new ImapServer(host, port == null ? security.defaultPort() : port, security);
    }
}
