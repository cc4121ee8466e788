package postern.testserver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.ImageFromDockerfile;
import org.testcontainers.images.builder.Transferable;

/**
 * The nginx of {@code docker/nginx} with its own configuration, but for the addresses, in front of
 * gateways on this machine. Each answer tells by {@link #REPLICA} who gave it.
 */
public final class NginxServer implements AutoCloseable {

    /** A header with the address of the gateway that answered. */
    public static final String REPLICA = "Test-Replica";

    private static final Path IMAGE = Path.of("docker/nginx");

    private final GenericContainer<?> container;
    private final int port;

    private NginxServer(GenericContainer<?> container, int port) {
        this.container = container;
        this.port = port;
    }

    /**
     * @param gateways their ports, in the order of the configuration
     */
    public static NginxServer inFrontOf(List<Integer> gateways) throws IOException {
        int port = Ports.free();
        var configuration = Files.readString(IMAGE.resolve("nginx.conf"));
        var names = List.of("gateway-a:8080", "gateway-b:8080", "gateway-c:8080");
        for (int i = 0; i < names.size(); i++) {
            configuration = configuration.replace(names.get(i), "127.0.0.1:" + gateways.get(i));
        }
        configuration =
                configuration.replace(
                        "listen 8000;",
                        "listen 127.0.0.1:%d;\n    add_header %s $upstream_addr always;"
                                .formatted(port, REPLICA));
        var container =
                new GenericContainer<>(
                                new ImageFromDockerfile("postern-test/nginx", false)
                                        .withFileFromPath(".", IMAGE))
                        .withNetworkMode("host")
                        .withCopyToContainer(
                                Transferable.of(configuration), "/etc/nginx/nginx.conf")
                        .waitingFor(
                                Wait.forSuccessfulCommand(
                                                "curl -fs http://127.0.0.1:%d/readyz"
                                                        .formatted(port))
                                        .withStartupTimeout(Duration.ofMinutes(3)));
        container.start();
        return new NginxServer(container, port);
    }

    public int port() {
        return port;
    }

    @Override
    public void close() {
        container.stop();
    }
}
