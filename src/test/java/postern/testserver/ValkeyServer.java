package postern.testserver;

import java.net.URI;
import java.time.Duration;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.ImageFromDockerfile;

/** A Valkey server of its own in a container, which can be paused and forget everything. */
public final class ValkeyServer implements AutoCloseable {

    private static final int PORT = 6379;

    private final GenericContainer<?> container;

    private ValkeyServer(GenericContainer<?> container) {
        this.container = container;
    }

    public static ValkeyServer started() {
        var container =
                new GenericContainer<>(
                                new ImageFromDockerfile("postern-test/valkey", false)
                                        .withFileFromClasspath(".", "servers/valkey"))
                        .withExposedPorts(PORT)
                        .waitingFor(
                                Wait.forListeningPort().withStartupTimeout(Duration.ofMinutes(3)));
        container.start();
        return new ValkeyServer(container);
    }

    public URI url() {
        return URI.create(
                "redis://%s:%d".formatted(container.getHost(), container.getMappedPort(PORT)));
    }

    /** It answers nothing any more, and its connections stay open. */
    public void pause() {
        container.getDockerClient().pauseContainerCmd(container.getContainerId()).exec();
    }

    public void goOn() {
        container.getDockerClient().unpauseContainerCmd(container.getContainerId()).exec();
    }

    @Override
    public void close() {
        container.stop();
    }
}
