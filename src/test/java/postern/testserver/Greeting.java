package postern.testserver;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import org.rnorth.ducttape.TimeoutException;
import org.rnorth.ducttape.unreliables.Unreliables;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;

/**
 * Waits for {@code * OK}: the container engine may accept a connection long before the server does.
 */
final class Greeting extends AbstractWaitStrategy {

    private final int containerPort;

    Greeting(int containerPort) {
        this.containerPort = containerPort;
    }

    @Override
    protected void waitUntilReady() {
        try {
            Unreliables.retryUntilTrue(
                    (int) startupTimeout.toSeconds(),
                    TimeUnit.SECONDS,
                    () -> getRateLimiter().getWhenReady(this::greets));
        } catch (TimeoutException e) {
            throw new ContainerLaunchException("no greeting within " + startupTimeout, e);
        }
    }

    private boolean greets() {
        var address =
                new InetSocketAddress(
                        waitStrategyTarget.getHost(),
                        waitStrategyTarget.getMappedPort(containerPort));
        try (var socket = new Socket()) {
            socket.connect(address, 1_000);
            socket.setSoTimeout(5_000);
            var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
            var line = in.readLine();
            return line != null && line.startsWith("* OK");
        } catch (IOException _) {
            return false;
        }
    }
}
