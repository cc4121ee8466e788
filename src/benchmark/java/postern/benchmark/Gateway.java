package postern.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The packaged gateway in a JVM of its own. */
final class Gateway implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final long POLL_NANOS = 5_000_000;
    private static final Login NOBODY = new Login("nobody", "");

    private final Process process;
    private final InetSocketAddress address;
    private final Duration startUp;

    private Gateway(Process process, InetSocketAddress address, Duration startUp) {
        this.process = process;
        this.address = address;
        this.startUp = startUp;
    }

    /** Starts the gateway for this IMAP server; returns when it is ready. */
    static Gateway start(Settings settings, InetSocketAddress imap, String name)
            throws IOException {
        var address = new InetSocketAddress("127.0.0.1", freePort());
        var log = settings.output().resolve("benchmark-" + name + ".log");
        long start = System.nanoTime();
        var process = launch(settings, imap, address, log);
        awaitReadiness(process, address, log);
        return new Gateway(process, address, Duration.ofNanos(System.nanoTime() - start));
    }

    InetSocketAddress address() {
        return address;
    }

    /** The time from the launch of the JVM to the first successful readiness probe. */
    Duration startUp() {
        return startUp;
    }

    /** The resident set size; Linux only. */
    long residentOctets() throws IOException {
        for (var line :
                Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) << 10;
            }
        }
        throw new IOException("no VmRSS for the gateway");
    }

    /** The live heap after a full collection: the total of a histogram of live objects. */
    long liveHeapOctets() throws IOException {
        var histogram = jcmd("GC.class_histogram");
        var total = histogram.lines().filter(line -> line.startsWith("Total")).findFirst();
        return Long.parseLong(total.orElseThrow(() -> new IOException(histogram)).split(" +")[2]);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static Process launch(
            Settings settings, InetSocketAddress imap, InetSocketAddress address, Path log)
            throws IOException {
        var command = new ArrayList<String>();
        command.add(jdk("java"));
        command.addAll(settings.jvmFlags());
        command.addAll(List.of("-jar", settings.jar().toString()));
        command.add("--server.port=" + address.getPort());
        command.addAll(settings.gatewayArguments());
        var builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("POSTERN_IMAP_HOST", imap.getAddress().getHostAddress());
        builder.environment().put("POSTERN_IMAP_PORT", Integer.toString(imap.getPort()));
        builder.environment().put("POSTERN_IMAP_SECURITY", "none");
        var process = builder.start();
        // even if the benchmark is interrupted
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        return process;
    }

    private static void awaitReadiness(Process process, InetSocketAddress address, Path log)
            throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!ready(address)) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                process.destroy();
                throw new IOException("the gateway did not become ready, see " + log);
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private static boolean ready(InetSocketAddress address) {
        try (var http = new BareHttp(address)) {
            return http.status(NOBODY, "/actuator/health/readiness") == 200;
        } catch (IOException e) {
            return false; // not listening yet
        }
    }

    private String jcmd(String command) throws IOException {
        var jcmd =
                new ProcessBuilder(jdk("jcmd"), Long.toString(process.pid()), command)
                        .redirectErrorStream(true)
                        .start();
        return new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static String jdk(String tool) {
        return Path.of(System.getProperty("java.home"), "bin", tool).toString();
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
