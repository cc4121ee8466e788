package postern.smtp;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long a submission server may take.
 *
 * @param connectTimeout How long the TCP connection may take; after that 504 {@code
 *     server-timed-out}. Unit: time. Interplay: part of {@code login-timeout}.
 * @param loginTimeout How long everything may take until the user is logged in: TCP, TLS, greeting
 *     and login; after that 504 {@code server-timed-out}. Unit: time.
 * @param commandTimeout How long the answer to a command may take; after that 504 {@code
 *     server-timed-out}, and nothing is sent. Unit: time. Interplay: the message itself has one
 *     second more for each megabyte.
 * @param acceptTimeout How long the server may take to accept a message that it has got; after that
 *     502 {@code outcome-unknown}. Many servers look for spam and viruses before they answer. Unit:
 *     time. Interplay: less than the time that proxies in front of the gateway wait for an answer.
 * @param sslBundle The name of a Spring SSL bundle ({@code spring.ssl.bundle.*}) whose certificates
 *     are trusted. When it is not set, that of the mail server, or else {@code
 *     postern.imap.connection.ssl-bundle}. Unit: name.
 * @param chunking Whether small messages are sent by BDAT where the server offers CHUNKING, which
 *     saves a round trip. Unit: {@code true} or {@code false}. Interplay: {@code false} for a
 *     server that offers it and cannot do it.
 */
@ConfigurationProperties("postern.submission.connection")
public record SmtpProperties(
        @DefaultValue("10s") Duration connectTimeout,
        @DefaultValue("30s") Duration loginTimeout,
        @DefaultValue("60s") Duration commandTimeout,
        @DefaultValue("4m") Duration acceptTimeout,
        @Nullable String sslBundle,
        @DefaultValue("true") boolean chunking) {}
