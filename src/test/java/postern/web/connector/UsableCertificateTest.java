package postern.web.connector;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;
import postern.testserver.SelfSignedCertificate;

class UsableCertificateTest {

    @TempDir private Path files;

    @Test
    void aCertificateWithItsKeyIsUsable() throws Exception {
        certificate().writePem(files);

        assertThatCode(this::require).doesNotThrowAnyException();
    }

    /** Of the same algorithm, so that both can be loaded. */
    @Test
    void oneWithTheKeyOfAnotherIsNot() throws Exception {
        certificate().writePem(files);
        var key = Files.readString(files.resolve("key.pem"));
        certificate().writePem(files);
        Files.writeString(files.resolve("key.pem"), key);

        assertThatThrownBy(this::require)
                .isInstanceOf(GeneralSecurityException.class)
                .hasMessage("the key is not that of the certificate");
    }

    private static SelfSignedCertificate certificate() {
        return SelfSignedCertificate.of(List.of("dns:localhost"));
    }

    private void require() throws Exception {
        var details =
                PemSslStoreDetails.forCertificate(
                                files.resolve("certificate.pem").toUri().toString())
                        .withPrivateKey(files.resolve("key.pem").toUri().toString());
        var stores = new PemSslStoreBundle(details, null);
        UsableCertificate.require(SslBundle.of(stores), stores.getKeyStore(), null);
    }
}
