package postern.imap.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.time.Duration;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLProtocolException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import postern.account.ImapServer;
import postern.account.Security;
import postern.imap.ImapException;

@ExtendWith(OutputCaptureExtension.class)
class OutageLogTest {

    private static final ImapServer SERVER = new ImapServer("imap.example.org", 993, Security.TLS);
    private static final String LINE = "mail server imap.example.org:993";

    private final OutageLog outages = new OutageLog();

    static Stream<Arguments> causes() {
        return Stream.of(
                Arguments.of(new UnknownHostException("x"), "dns"),
                Arguments.of(new ConnectException("x"), "refused"),
                Arguments.of(new SocketTimeoutException("x"), "timeout"),
                Arguments.of(
                        handshake(new CertificateExpiredException("x")), "certificate-expired"),
                Arguments.of(
                        handshake(new CertPathValidatorException("x")), "certificate-untrusted"),
                Arguments.of(handshake(new CertificateException("x")), "certificate-name"),
                Arguments.of(
                        new SSLException("Unsupported or unrecognized SSL message"), "not-tls"),
                Arguments.of(
                        new SSLException("Received fatal alert: internal_error"), "tls-failed"),
                Arguments.of(
                        new SSLProtocolException("Received fatal alert: unexpected_message"),
                        "tls-failed"),
                Arguments.of(handshake(new EOFException("x")), "closed"),
                Arguments.of(new EOFException("x"), "closed"));
    }

    private static Exception handshake(Exception cause) {
        return new SSLHandshakeException("x", cause);
    }

    @ParameterizedTest
    @MethodSource("causes")
    void saysWhyAServerCannotBeReached(Exception cause, String words) {
        assertThat(unreachable(cause).outage()).hasToString(words);
    }

    @Test
    void logsOnceAMinuteForEachCause(CapturedOutput log) {
        long start = 5;
        outages.failed(SERVER, unreachable(new ConnectException("x")), start);
        outages.failed(SERVER, unreachable(new ConnectException("x")), start + 1);
        outages.failed(SERVER, unreachable(new UnknownHostException("x")), start + 2);
        outages.failed(
                SERVER,
                unreachable(new ConnectException("x")),
                start + Duration.ofMinutes(1).toNanos());

        assertThat(log.getAll().lines().filter(line -> line.contains(LINE)))
                .satisfiesExactly(
                        line -> assertThat(line).contains("WARN").contains("refused"),
                        line -> assertThat(line).contains("dns"),
                        line -> assertThat(line).contains("refused"));
    }

    @Test
    void aServerThatTakesNoConnectionIsLogged(CapturedOutput log) {
        outages.failed(SERVER, new ImapException.ServerUnavailable(Duration.ZERO, null), 0);

        assertThat(log.getAll()).contains(LINE + " (tls) takes no connection: server-unavailable");
    }

    @Test
    void theSamePortWithOtherSecurityIsAnotherServer(CapturedOutput log) {
        outages.failed(SERVER, unreachable(new ConnectException("x")), 0);
        outages.failed(
                new ImapServer("imap.example.org", 993, Security.NONE),
                unreachable(new ConnectException("x")),
                0);

        assertThat(log.getAll()).contains(LINE + " (tls) cannot", LINE + " (none) cannot");
    }

    @Test
    void anAddressOfVersionSixIsInBrackets(CapturedOutput log) {
        outages.failed(
                new ImapServer("2001:db8::1", 993, Security.TLS),
                unreachable(new ConnectException("x")),
                0);

        assertThat(log.getAll()).contains("mail server [2001:db8::1]:993 (tls)");
    }

    @Test
    void aRefusedPasswordIsNoOutage(CapturedOutput log) {
        outages.failed(SERVER, new ImapException.AuthenticationFailed(null), 0);

        assertThat(log.getAll()).doesNotContain(LINE);
    }

    private static ImapException unreachable(Exception cause) {
        return new ImapException.ServerUnreachable(
                "the mail server cannot be reached", new IOException(cause));
    }
}
