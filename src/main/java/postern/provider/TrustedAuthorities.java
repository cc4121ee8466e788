package postern.provider;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundles;
import postern.account.ImapServer;

/** Which certificate authorities are trusted for which mail server. */
public final class TrustedAuthorities {

    private final MailServers servers;
    private final SslBundles bundles;
    private final SSLSocketFactory usual;
    private final Map<String, SSLSocketFactory> byBundle = new ConcurrentHashMap<>();

    /**
     * @param usual the bundle for servers that have none of their own; null for the JVM's
     */
    public TrustedAuthorities(@Nullable String usual, MailServers servers, SslBundles bundles) {
        this.servers = servers;
        this.bundles = bundles;
        this.usual =
                usual == null ? (SSLSocketFactory) SSLSocketFactory.getDefault() : trusting(usual);
        // A bundle that is missing ends the start, not the first login.
        servers.sslBundles().forEach(this::of);
    }

    public SSLSocketFactory socketsTo(ImapServer server) {
        return servers.sslBundle(server).map(this::of).orElse(usual);
    }

    private SSLSocketFactory of(String bundle) {
        return byBundle.computeIfAbsent(bundle, this::trusting);
    }

    private SSLSocketFactory trusting(String bundle) {
        return bundles.getBundle(bundle).createSslContext().getSocketFactory();
    }
}
