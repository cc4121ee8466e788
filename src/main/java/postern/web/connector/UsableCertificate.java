package postern.web.connector;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAKey;
import java.util.Collections;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;

/** Whether clients could connect with a certificate, found out before it is in use. */
final class UsableCertificate {

    private static final byte[] SIGNED = {1};

    private UsableCertificate() {}

    /**
     * @throws GeneralSecurityException if there is no key, or one that is not the certificate's
     * @throws Exception if Jetty cannot load them
     */
    static void require(SslBundle bundle, @Nullable KeyStore keys, @Nullable KeyStore trusted)
            throws Exception {
        if (keys == null) {
            throw new KeyStoreException("there is no key");
        }
        var key = bundle.getKey();
        var password =
                key.getPassword() == null
                        ? bundle.getStores().getKeyStorePassword()
                        : key.getPassword();
        var alias = key.getAlias();
        boolean found = false;
        for (var entry : Collections.list(keys.aliases())) {
            if (keys.isKeyEntry(entry) && (alias == null || alias.equals(entry))) {
                requirePair(keys, entry, password == null ? null : password.toCharArray());
                found = true;
            }
        }
        if (!found) {
            throw new KeyStoreException("there is no key");
        }
        requireLoads(bundle, keys, trusted);
    }

    private static void requirePair(KeyStore keys, String alias, char @Nullable [] password)
            throws GeneralSecurityException {
        if (keys.getKey(alias, password) instanceof PrivateKey key
                && keys.getCertificate(alias) != null) {
            requirePair(key, keys.getCertificate(alias).getPublicKey());
        } else {
            throw new KeyStoreException("there is no private key with a certificate");
        }
    }

    private static void requirePair(PrivateKey key, PublicKey certified)
            throws GeneralSecurityException {
        if (!key.getAlgorithm().equals(certified.getAlgorithm())) {
            throw new KeyStoreException("the key is not that of the certificate");
        }
        if (key instanceof RSAKey mine && certified instanceof RSAKey its) {
            if (!mine.getModulus().equals(its.getModulus())) {
                throw new KeyStoreException("the key is not that of the certificate");
            }
            return;
        }
        var algorithm = key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : key.getAlgorithm();
        var signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(SIGNED);
        var octets = signature.sign();
        signature.initVerify(certified);
        signature.update(SIGNED);
        if (!signature.verify(octets)) {
            throw new KeyStoreException("the key is not that of the certificate");
        }
    }

    private static void requireLoads(SslBundle bundle, KeyStore keys, @Nullable KeyStore trusted)
            throws Exception {
        var trial = new SslContextFactory.Server();
        trial.setKeyStore(keys);
        trial.setTrustStore(trusted);
        var key = bundle.getKey();
        trial.setCertAlias(key.getAlias());
        trial.setKeyStorePassword(bundle.getStores().getKeyStorePassword());
        trial.setKeyManagerPassword(key.getPassword());
        trial.start();
        trial.stop();
    }
}
