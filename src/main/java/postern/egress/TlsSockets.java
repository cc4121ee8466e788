package postern.egress;

import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundles;

/** Creates TLS sockets that check certificates. */
public final class TlsSockets {

    private TlsSockets() {}

    /**
     * @param bundle the SSL bundle whose authorities are trusted; null for those of the JVM
     */
    public static SSLSocketFactory trusting(@Nullable String bundle, SslBundles bundles) {
        return bundle == null
                ? (SSLSocketFactory) SSLSocketFactory.getDefault()
                : bundles.getBundle(bundle).createSslContext().getSocketFactory();
    }
}
