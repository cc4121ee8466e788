package postern.account;

import org.springframework.stereotype.Component;

/**
 * The mail servers that may be sent an access token: those that the operator has tied to its
 * issuer. Any other server could use the token to read the user's mail elsewhere.
 */
@Component
public final class OauthServers {

    private final ImapProperties properties;

    public OauthServers(ImapProperties properties) {
        this.properties = properties;
    }

    public boolean trusts(ImapServer server) {
        if (properties.oauthIssuer() == null) {
            return false;
        }
        var ours = properties.server();
        return ours.host().equalsIgnoreCase(server.host())
                && ours.port() == server.port()
                && ours.security() == server.security();
    }
}
