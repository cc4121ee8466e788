package postern.testserver;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.ImageFromDockerfile;

/**
 * Postfix for submission, which delivers to the mailboxes of a Dovecot 2.4 beside it. The users'
 * addresses are theirs at {@code example.org}; others there do not exist.
 */
public enum PostfixServer implements AccountServer {
    POSTFIX;

    private static final int IMAP = 143;
    private static final int SUBMISSION = 587;
    private static final String ANSWERS =
            "bash -c 'exec 3<>/dev/tcp/127.0.0.1/587 && head -c 3 <&3 | grep -q 220'";

    private final AtomicInteger users = new AtomicInteger();
    private @Nullable GenericContainer<?> container;

    @Override
    public String host() {
        return container().getHost();
    }

    @Override
    public int port() {
        return container().getMappedPort(IMAP);
    }

    /** Offers STARTTLS, and takes passwords without it. */
    public int submissionPort() {
        return container().getMappedPort(SUBMISSION);
    }

    @Override
    public String newUser() {
        return "u" + users.incrementAndGet();
    }

    private synchronized GenericContainer<?> container() {
        var started = container;
        if (started == null) {
            // Runs until the JVM ends; Testcontainers then removes it, with or without Ryuk.
            started =
                    new GenericContainer<>(
                                    new ImageFromDockerfile("postern-test/postfix", false)
                                            .withFileFromClasspath(".", "servers/postfix"))
                            .withExposedPorts(IMAP, SUBMISSION)
                            .waitingFor(
                                    Wait.forSuccessfulCommand(ANSWERS)
                                            .withStartupTimeout(Duration.ofMinutes(2)));
            started.start();
            container = started;
        }
        return started;
    }
}
