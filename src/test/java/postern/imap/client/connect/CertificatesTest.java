package postern.imap.client.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import postern.imap.ImapException;

/** A certificate that fails is told apart from a server that is away: waiting does not help. */
class CertificatesTest {

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(new CertificateExpiredException(), "has expired"),
                Arguments.of(new CertificateNotYetValidException(), "is not valid yet"),
                Arguments.of(
                        new CertPathValidatorException(),
                        "comes from no authority that is trusted"),
                Arguments.of(
                        new CertificateException("No name matching x found"),
                        "is for another name, or cannot be used"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void saysWhatIsWrongWithTheCertificate(Exception cause, String words) {
        var handshake = new SSLHandshakeException("x");
        handshake.initCause(new CertificateException(cause));

        assertThat(AngusConnector.unreachable(new IOException(handshake)))
                .isInstanceOf(ImapException.CertificateNotTrusted.class)
                .hasMessage("the certificate of the mail server " + words);
    }

    @Test
    void aHandshakeThatFailsOtherwiseIsAServerThatCannotBeReached() {
        assertThat(AngusConnector.unreachable(new SSLException("no shared cipher")))
                .isInstanceOf(ImapException.ServerUnreachable.class);
    }
}
