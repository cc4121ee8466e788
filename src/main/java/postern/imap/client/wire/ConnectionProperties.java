package postern.imap.client.wire;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How long a mail server may take, and how much it may answer.
 *
 * @param connectTimeout How long the TCP connection may take; after that 504 {@code
 *     server-timed-out}. Unit: time. Interplay: part of {@code login-timeout}.
 * @param loginTimeout How long everything may take until the user is logged in: TCP, TLS, greeting
 *     and login; after that 504 {@code server-timed-out}. Unit: time.
 * @param commandTimeout How long a command and its whole answer may take; after that 504 {@code
 *     server-timed-out}, or 502 {@code outcome-unknown} when the command may have changed
 *     something. Unit: time. Interplay: a message being stored has one second more for each
 *     megabyte; a search of several mailboxes has this time for each of them.
 * @param readTimeout How long the mail server may send nothing in the middle of a message or file.
 *     Unit: time. Interplay: a download has no other time limit.
 * @param maxResponse The largest single response that is held in memory, such as the answer to a
 *     search; a larger one ends the connection (502 {@code protocol-error}). Files are streamed and
 *     do not count. Unit: bytes, less than 2 GB. Interplay: counts for {@code answer-memory} twice
 *     while it comes.
 * @param maxAnswer The most that the mail server may send in answer to commands that were sent
 *     together, such as the flags of all messages of a mailbox; more ends the connection (502
 *     {@code protocol-error}). Files are streamed and do not count. Unit: bytes. Interplay: {@code
 *     command-timeout} ends a slow answer; before the login it is 256 KB.
 * @param answerMemory The most heap that such an answer may take, as estimated from the octets and
 *     the number of its values; more ends the connection (502 {@code protocol-error}). When it is
 *     not set, an eighth of the heap, but at least 8 MB. A mailbox takes some 200 octets for each
 *     message when its changes are followed without CONDSTORE, and 40 for each match of a search
 *     without ESEARCH. Unit: bytes. Interplay: all connections to a server may take twice as much
 *     together, and all connections four times as much; where that is taken, an answer of more than
 *     256 KB is 429 {@code connection-limit}.
 * @param sslBundle The name of a Spring SSL bundle ({@code spring.ssl.bundle.*}) whose certificates
 *     are trusted. When it is not set, the authorities of the JVM are trusted. Unit: name.
 *     Interplay: only with {@code postern.imap.security} {@code tls} or {@code starttls}.
 */
@ConfigurationProperties("postern.imap.connection")
public record ConnectionProperties(
        @DefaultValue("10s") Duration connectTimeout,
        @DefaultValue("20s") Duration loginTimeout,
        @DefaultValue("60s") Duration commandTimeout,
        @DefaultValue("30s") Duration readTimeout,
        @DefaultValue("64MB") DataSize maxResponse,
        @DefaultValue("256MB") DataSize maxAnswer,
        @Nullable DataSize answerMemory,
        @Nullable String sslBundle) {

    private static final DataSize LEAST = DataSize.ofMegabytes(8);

    public ConnectionProperties {
        answerMemory = Objects.requireNonNullElseGet(answerMemory, ConnectionProperties::byHeap);
    }

    private static DataSize byHeap() {
        return DataSize.ofBytes(Math.max(LEAST.toBytes(), Runtime.getRuntime().maxMemory() / 8));
    }

    /** Never null: the default is applied in the constructor. */
    @Override
    public DataSize answerMemory() {
        return Objects.requireNonNull(answerMemory);
    }
}
