package postern.egress;

import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.core.NestedExceptionUtils;

/** Creates TLS sockets that check certificates. */
public final class TlsSockets {

    private TlsSockets() {}

    /**
     * Throws IllegalArgumentException with the property where the bundle cannot be used.
     *
     * @param property which one names the bundle
     * @param bundle the SSL bundle whose authorities are trusted; null for those of the JVM
     */
    public static SSLSocketFactory trusting(
            String property, @Nullable String bundle, SslBundles bundles) {
        if (bundle == null) {
            return (SSLSocketFactory) SSLSocketFactory.getDefault();
        }
        try {
            return bundles.getBundle(bundle).createSslContext().getSocketFactory();
        } catch (NoSuchSslBundleException e) {
            throw new IllegalArgumentException(
                    "%s: there is no SSL bundle '%s' in spring.ssl.bundle"
                            .formatted(property, bundle),
                    e);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    "%s: the SSL bundle '%s' cannot be used: %s"
                            .formatted(
                                    property,
                                    bundle,
                                    NestedExceptionUtils.getMostSpecificCause(e).getMessage()),
                    e);
        }
    }
}
