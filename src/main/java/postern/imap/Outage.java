package postern.imap;

import java.io.EOFException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Why a server cannot be reached. The log, the metrics and the problem say it in the same word. */
public enum Outage {
    /** There is no such host, or nobody can be asked. */
    DNS,
    /** Nothing listens on that port. */
    REFUSED,
    NO_ROUTE,
    TIMEOUT,
    CERTIFICATE_EXPIRED,
    CERTIFICATE_NOT_YET_VALID,
    /** It comes from no authority that is trusted. */
    CERTIFICATE_UNTRUSTED,
    /** It is for another name, or cannot be used. */
    CERTIFICATE_NAME,
    /** The server does not speak TLS on that port; 143 is the usual one without. */
    NOT_TLS,
    /** The two find no common version or cipher of TLS, or one of them breaks it off. */
    TLS_FAILED,
    /** The server says nothing; a port for TLS, such as 993, waits for the client. */
    NO_GREETING,
    /** What listens on that port speaks another protocol, such as SMTP or POP3. */
    NOT_IMAP,
    NO_STARTTLS,
    /** A proxy on the way does not connect. */
    PROXY,
    /** The server ended the connection. */
    CLOSED;

    /** The word, such as {@code certificate-expired}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** By the innermost cause that says anything, which is the most specific one. */
    static Outage of(@Nullable Throwable failure) {
        var found = CLOSED;
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            found = of(cause, found);
        }
        return found;
    }

    private static Outage of(Throwable cause, Outage outer) {
        return switch (cause) {
            case UnknownHostException _ -> DNS;
            // a time-out of the kernel's, which has given up before the gateway
            case ConnectException it -> says(it, "timed out") ? TIMEOUT : REFUSED;
            case NoRouteToHostException _ -> NO_ROUTE;
            case SocketTimeoutException _ -> TIMEOUT;
            case CertificateExpiredException _ -> CERTIFICATE_EXPIRED;
            case CertificateNotYetValidException _ -> CERTIFICATE_NOT_YET_VALID;
            case CertPathBuilderException _, CertPathValidatorException _ -> CERTIFICATE_UNTRUSTED;
            case CertificateException _ -> CERTIFICATE_NAME;
            case SSLException tls -> spoken(tls) ? TLS_FAILED : NOT_TLS;
            case SocketException it when says(it, "unreachable") -> NO_ROUTE;
            // what TLS was interrupted by, too
            case EOFException _ -> CLOSED;
            default -> outer;
        };
    }

    /** False for what the JDK throws for octets that are no record of TLS. */
    private static boolean spoken(SSLException failure) {
        return !says(failure, "unrecognized SSL message");
    }

    private static boolean says(Exception failure, String text) {
        return String.valueOf(failure.getMessage()).contains(text);
    }
}
