package postern.oauth;

import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.stereotype.Component;
import postern.egress.Dialer;
import postern.egress.FormPost;
import postern.egress.JndiDns;
import postern.egress.TlsSockets;
import postern.imap.ImapException;
import postern.provider.MailServer;
import postern.provider.MailServers;
import postern.shared.SharedState;

/** The clients that the operator configured. A wrong one ends the start of the gateway. */
@Component
public final class OAuthClients {

    private record Registered(OAuthClient client, TokenEndpoint endpoint) {}

    private final Map<String, Registered> byName = new TreeMap<>();

    private OAuthClients() {}

    @Autowired
    OAuthClients(
            OAuthProperties properties,
            MailServers servers,
            Dialer dialer,
            SslBundles sslBundles,
            SharedState state) {
        this(properties, servers, dialer, sslBundles, state, InstantSource.system());
    }

    OAuthClients(
            OAuthProperties properties,
            MailServers servers,
            Dialer dialer,
            SslBundles sslBundles,
            SharedState state,
            InstantSource clock) {
        var places = new Semaphore(CodeLimits.IN_ALL);
        properties
                .clients()
                .forEach((name, client) -> {
                    var registration = new ClientRegistration(name, client, servers);
                    var trusted =
                            TlsSockets.trusting(
                                    "postern.oauth.clients." + name + ".ssl-bundle",
                                    client.sslBundle(),
                                    sslBundles);
                    var forms = new FormPost(new JndiDns(null), dialer, trusted);
                    byName.put(
                            name,
                            new Registered(
                                    registration.client(),
                                    registration.endpoint(
                                            forms,
                                            properties.timeout(),
                                            new ClientPause(name, state, clock),
                                            new CodeLimits(places, clock),
                                            clock)));
                });
    }

    /** No clients. */
    public static OAuthClients none() {
        return new OAuthClients();
    }

    public Optional<OAuthClient> named(String name) {
        return Optional.ofNullable(byName.get(name)).map(Registered::client);
    }

    public List<OAuthClient> all() {
        return byName.values().stream().map(Registered::client).toList();
    }

    /** Whether one of them asks for tokens, or revokes them, at this host. */
    public boolean usesHost(String host) {
        return byName.values().stream().anyMatch(it -> it.endpoint().isAt(host));
    }

    /** Those that anybody may know of. */
    public List<OAuthClient> listed() {
        return all().stream().filter(OAuthClient::listed).toList();
    }

    /** Those for this mail server, by whatever name: two presets may have the same host. */
    public List<OAuthClient> listed(MailServer server) {
        return listed().stream()
                .filter(client -> client.server().imap().equals(server.imap()))
                .toList();
    }

    /**
     * Empty where there is no such client any more, or the operator has given its name to a client
     * of another issuer: that one must not get the tokens of this one.
     */
    Optional<TokenEndpoint> endpoint(String client, URI issuer) {
        return Optional.ofNullable(byName.get(client))
                .filter(registered -> registered.client().issuer().equals(issuer))
                .map(Registered::endpoint);
    }

    /**
     * Throws ImapException.SignInEnded where the operator does not let the client open this user's
     * mailbox any more.
     */
    AppOnly appOnly(GrantContent content) {
        return named(content.client())
                .map(OAuthClient::appOnly)
                .filter(it -> content.appOnlyUser() != null && it.permits(content.appOnlyUser()))
                .orElseThrow(ImapException.SignInEnded::new);
    }
}
