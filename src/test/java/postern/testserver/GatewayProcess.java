package postern.testserver;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** A gateway in a JVM of its own, with the heap and the collector of a small container. */
public final class GatewayProcess implements AutoCloseable {

    private static final Duration STARTS_WITHIN = Duration.ofMinutes(5);

    private final Process process;
    private final int port;
    private final Path log;

    private GatewayProcess(Process process, int port, Path log) {
        this.process = process;
        this.port = port;
        this.log = log;
    }

    public static GatewayProcess start(String heap, Path log, List<String> properties)
            throws IOException, InterruptedException {
        int port = Ports.free();
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-Xmx" + heap,
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        classPath(),
                        "postern.PosternApplication",
                        "--server.port=" + port,
                        "--server.address=127.0.0.1"));
        if (properties.stream().noneMatch(it -> it.startsWith("management.server.port"))) {
            command.add("--management.server.port=-1");
        }
        properties.forEach(it -> command.add("--" + it));
        var process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        var gateway = new GatewayProcess(process, port, log);
        gateway.awaitStart();
        return gateway;
    }

    /** Without the tests, whose controllers and logging would become part of it. */
    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(it -> !Files.exists(Path.of(it, "logback-test.xml")))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private void awaitStart() throws IOException, InterruptedException {
        long end = System.nanoTime() + STARTS_WITHIN.toNanos();
        try (var http = HttpClient.newHttpClient()) {
            while (true) {
                try {
                    var request = HttpRequest.newBuilder(uri("/account")).build();
                    http.send(request, BodyHandlers.discarding());
                    return;
                } catch (IOException e) {
                    if (!process.isAlive() || System.nanoTime() > end) {
                        process.destroyForcibly();
                        throw new IOException("the gateway does not start:\n" + log(), e);
                    }
                    process.waitFor(Duration.ofMillis(100));
                }
            }
        }
    }

    public URI uri(String path) {
        return URI.create("http://127.0.0.1:%d/v1%s".formatted(port, path));
    }

    public boolean alive() {
        return process.isAlive();
    }

    public String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public long pid() {
        return process.pid();
    }

    public int port() {
        return port;
    }

    /** Asks it to end, as an orchestrator does (SIGTERM). */
    public void terminate() {
        process.destroy();
    }

    /** Waits for its end, and whether it has come. */
    public boolean ended(Duration within) throws InterruptedException {
        return process.waitFor(within);
    }

    /** Ends it at once (SIGKILL). */
    @Override
    public void close() {
        process.destroyForcibly();
    }
}
