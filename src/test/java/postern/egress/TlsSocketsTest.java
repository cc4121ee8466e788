package postern.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class TlsSocketsTest {

    private static final String PROPERTY = "postern.imap.connection.ssl-bundle";

    @Test
    void aBundleThatIsMissingIsToldWithTheNameOfTheProperty() {
        assertThatThrownBy(() ->
                        TlsSockets.trusting(PROPERTY, "nothere", new DefaultSslBundleRegistry()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(PROPERTY + ": there is no SSL bundle 'nothere' in spring.ssl.bundle");
    }

    @Test
    void aBundleWhoseFileIsMissingIsToldWithTheNameOfTheProperty() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class))
                .withPropertyValues(
                        "spring.ssl.bundle.pem.ours.truststore.certificate=/nowhere.crt")
                .run(context ->
                        assertThatThrownBy(() ->
                                        TlsSockets.trusting(
                                                PROPERTY,
                                                "ours",
                                                context.getBean(SslBundles.class)))
                                .isInstanceOf(IllegalArgumentException.class)
                                .hasMessageStartingWith(
                                        PROPERTY + ": the SSL bundle 'ours' cannot be used: "));
    }

    @Test
    void withoutABundleTheAuthoritiesOfTheJvmAreTrusted() {
        assertThat(TlsSockets.trusting(PROPERTY, null, new DefaultSslBundleRegistry())).isNotNull();
    }
}
