package postern.provider;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundles;
import postern.account.ImapServer;
import postern.egress.TlsSockets;

/** Which certificate authorities are trusted for which mail server. */
public final class TrustedAuthorities {

    private final MailServers servers;
    private final SSLSocketFactory usual;
    private final Map<String, SSLSocketFactory> byBundle = new HashMap<>();

    /**
     * @param property which one names {@code usual}
     * @param usual the bundle for servers that have none of their own; null for the JVM's
     */
    public TrustedAuthorities(
            String property, @Nullable String usual, MailServers servers, SslBundles bundles) {
        this.servers = servers;
        this.usual = TlsSockets.trusting(property, usual, bundles);
        // A bundle that is missing ends the start, not the first login.
        servers.sslBundles()
                .forEach((its, bundle) ->
                        byBundle.computeIfAbsent(
                                bundle, it -> TlsSockets.trusting(its, it, bundles)));
    }

    public SSLSocketFactory socketsTo(ImapServer server) {
        return servers.sslBundle(server).map(byBundle::get).orElse(usual);
    }

    /**
     * What is wrong with the certificate, if a connection failed because of it; the innermost cause
     * says it best.
     */
    public static @Nullable String distrust(Throwable failure) {
        @Nullable String found = null;
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            found =
                    switch (cause) {
                        case CertificateExpiredException _ -> "has expired";
                        case CertificateNotYetValidException _ -> "is not valid yet";
                        case CertPathBuilderException _, CertPathValidatorException _ ->
                                "comes from no authority that is trusted";
                        case CertificateException _ -> "is for another name, or cannot be used";
                        default -> found;
                    };
        }
        return found;
    }
}
