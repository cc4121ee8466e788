package postern.testserver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.ImageFromDockerfile;

/** Containers of Postfix with a Dovecot beside it. */
final class PostfixContainer {

    static final String IMAGE = "postfix";
    static final int IMAP = 143;
    static final int SUBMISSION = 587;

    /** The same without OAUTHBEARER. */
    static final int SUBMISSION_XOAUTH2 = 588;

    private static final String ANSWERS =
            "bash -c 'exec 3<>/dev/tcp/127.0.0.1/587 && head -c 3 <&3 | grep -q 220'";

    private PostfixContainer() {}

    static GenericContainer<?> of() {
        return new GenericContainer<>(
                        new ImageFromDockerfile("postern-test/" + IMAGE, false)
                                .withFileFromClasspath(".", "servers/" + IMAGE))
                .withExposedPorts(IMAP, SUBMISSION, SUBMISSION_XOAUTH2)
                .waitingFor(
                        Wait.forSuccessfulCommand(ANSWERS)
                                .withStartupTimeout(Duration.ofMinutes(3)));
    }

    static String run(GenericContainer<?> container, String... command) {
        try {
            var result = container.execInContainer(command);
            if (result.getExitCode() != 0) {
                throw new IllegalStateException(result.getStderr());
            }
            return result.getStdout();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
