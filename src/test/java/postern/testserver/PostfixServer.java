package postern.testserver;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.testcontainers.containers.GenericContainer;

/**
 * Postfix for submission, which delivers to the mailboxes of a Dovecot 2.4 beside it. The users'
 * addresses are theirs at {@code example.org}; others there do not exist, but for {@link
 * #INTERNATIONAL}.
 */
public enum PostfixServer implements AccountServer {
    POSTFIX;

    /** An address that needs SMTPUTF8, and the user whose it is. */
    public static final String INTERNATIONAL = "j\u00fcrgen@utf8.example.org";

    public static final String INTERNATIONAL_USER = "u500";

    private final AtomicInteger users = new AtomicInteger();
    private @Nullable GenericContainer<?> container;

    @Override
    public String host() {
        return container().getHost();
    }

    @Override
    public int port() {
        return container().getMappedPort(PostfixContainer.IMAP);
    }

    /** Offers STARTTLS, and takes passwords without it. */
    public int submissionPort() {
        return container().getMappedPort(PostfixContainer.SUBMISSION);
    }

    @Override
    public String newUser() {
        return "u" + users.incrementAndGet();
    }

    /** The standard output of a command in the container. */
    public String run(String... command) {
        return PostfixContainer.run(container(), command);
    }

    private synchronized GenericContainer<?> container() {
        var started = container;
        if (started == null) {
            // Runs until the JVM ends; Testcontainers then removes it, with or without Ryuk.
            started = PostfixContainer.of();
            started.start();
            container = started;
        }
        return started;
    }
}
