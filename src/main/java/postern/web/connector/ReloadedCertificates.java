package postern.web.connector;

import java.security.KeyStore;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.stereotype.Component;

/**
 * Takes the new certificate when the files of {@code server.ssl.bundle} change, if its {@code
 * reload-on-update} is set: Spring Boot itself does so for Tomcat and Netty only. Connections that
 * are open keep the old one, and so do new ones where the changed one cannot be used.
 */
@Component
final class ReloadedCertificates
        implements WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory> {

    private static final Logger log = LoggerFactory.getLogger(ReloadedCertificates.class);

    private final ServerProperties properties;
    private final SslBundles bundles;
    private final AtomicReference<@Nullable Server> server = new AtomicReference<>();

    ReloadedCertificates(ServerProperties properties, SslBundles bundles) {
        this.properties = properties;
        this.bundles = bundles;
    }

    @Override
    public void customize(ConfigurableJettyWebServerFactory factory) {
        var ssl = properties.getSsl();
        if (ssl == null || !Ssl.isEnabled(ssl) || ssl.getBundle() == null) {
            return;
        }
        factory.addServerCustomizers(server::set);
        bundles.addBundleUpdateHandler(ssl.getBundle(), this::take);
    }

    private void take(SslBundle bundle) {
        var running = server.get();
        if (running == null) {
            return;
        }
        for (var connector : running.getConnectors()) {
            var tls = connector.getConnectionFactory(SslConnectionFactory.class);
            if (tls != null) {
                take(bundle, tls.getSslContextFactory());
            }
        }
    }

    private static void take(SslBundle bundle, SslContextFactory.Server context) {
        var keys = context.getKeyStore();
        var trusted = context.getTrustStore();
        try {
            var next = bundle.getStores().getKeyStore();
            var nextTrusted = bundle.getStores().getTrustStore();
            UsableCertificate.require(bundle, next, nextTrusted);
            load(context, next, nextTrusted);
            log.info("the certificate of the gateway was read again");
        } catch (Exception e) {
            // the message may name files, and nothing of what is in them
            log.error("the changed certificate cannot be used, and the old one stays", e);
            restore(context, keys, trusted);
        }
    }

    /** After a failure in the middle Jetty would refuse every connection. */
    private static void restore(
            SslContextFactory.Server context, @Nullable KeyStore keys, @Nullable KeyStore trusted) {
        if (context.getKeyStore() == keys && context.getTrustStore() == trusted) {
            return;
        }
        try {
            load(context, keys, trusted);
        } catch (Exception e) {
            log.error("the old certificate cannot be used any more", e);
        }
    }

    private static void load(
            SslContextFactory.Server context, @Nullable KeyStore keys, @Nullable KeyStore trusted)
            throws Exception {
        context.reload(it -> {
            it.setKeyStore(keys);
            it.setTrustStore(trusted);
        });
    }
}
