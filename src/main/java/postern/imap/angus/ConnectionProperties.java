package postern.imap.angus;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How long a mail server may take and how much it may say.
 *
 * @param connectTimeout for the TCP connection
 * @param loginTimeout for everything until the user is logged in
 * @param commandTimeout for a command and its whole answer
 * @param readTimeout for silence while a message is streamed
 * @param maxResponse the largest single response held in memory
 * @param sslBundle the Spring SSL bundle with the authorities to trust; the JVM's own when absent
 */
@ConfigurationProperties("postern.imap.connection")
record ConnectionProperties(
        @DefaultValue("10s") Duration connectTimeout,
        @DefaultValue("20s") Duration loginTimeout,
        @DefaultValue("60s") Duration commandTimeout,
        @DefaultValue("30s") Duration readTimeout,
        @DefaultValue("64MB") DataSize maxResponse,
        @Nullable String sslBundle) {}
