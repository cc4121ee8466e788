package postern.testserver;

import com.github.dockerjava.api.DockerClient;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.builder.ImageFromDockerfile;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.MountableFile;
import postern.samplemail.Maildir;
import postern.samplemail.SampleMessage;

/** A container of an image whose Dockerfile is in {@code servers/}. */
final class ServerContainer extends GenericContainer<ServerContainer> {

    static final int IMAP = 143;
    static final int IMAPS = 993;

    /** The user and group id that own the mail inside. */
    private static final int VMAIL = 5000;

    private static final Duration STARTUP = Duration.ofMinutes(3);

    private ServerContainer(String image) {
        super(
                // A fixed name and no deletion, so that the next build uses the layer cache.
                new ImageFromDockerfile("postern-test/" + image, false)
                        .withFileFromClasspath(".", "servers/" + image));
        // The engine would assign new ports after a restart, but tests of outages need the old
        // ones.
        setPortBindings(List.of(binding(IMAP), binding(IMAPS)));
        addExposedPorts(IMAP, IMAPS);
        waitingFor(new Greeting(IMAP).withStartupTimeout(STARTUP));
    }

    static ServerContainer started(String image) {
        return started(image, Map.of(), null);
    }

    /**
     * A container with other files than its image, by their paths, to which this machine has a name
     * of its own.
     */
    static ServerContainer started(
            String image, Map<String, String> files, @Nullable String thisMachine) {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            throw new IllegalStateException(
                    "Tests against real IMAP servers need a Docker engine, and none answers. "
                            + "Start one, or point DOCKER_HOST at one, and run them again.");
        }
        var container = new ServerContainer(image);
        files.forEach((path, text) -> container.withCopyToContainer(Transferable.of(text), path));
        if (thisMachine != null) {
            container.withExtraHost(thisMachine, "host-gateway");
        }
        // Runs until the JVM ends; Testcontainers then removes it, with or without Ryuk.
        container.start();
        return container;
    }

    /** Dovecot's configuration in the image. */
    static String configuration(String image) {
        var path = "/servers/%s/dovecot.conf".formatted(image);
        try (var in = Objects.requireNonNull(ServerContainer.class.getResourceAsStream(path))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void copyMaildir(String user, Path maildir) {
        var target = newMaildir(user);
        copyFileToContainer(MountableFile.forHostPath(maildir), target);
        run("chown", "-R", VMAIL + ":" + VMAIL, target);
    }

    void fill(String user, Stream<SampleMessage> messages) {
        var target = newMaildir(user);
        try {
            var tar = Files.createTempFile("maildir", ".tar");
            try {
                writeTar(messages, tar);
                extract(tar, target);
            } finally {
                Files.delete(tar);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String newMaildir(String user) {
        var home = "/srv/mail/" + user;
        var maildir = home + "/Maildir";
        var owner = String.valueOf(VMAIL);
        run("install", "-d", "-o", owner, "-g", owner, home, maildir);
        return maildir;
    }

    private static void writeTar(Stream<SampleMessage> messages, Path tar) throws IOException {
        try (var out = new BufferedOutputStream(Files.newOutputStream(tar))) {
            Maildir.writeTar(messages, out, VMAIL, VMAIL);
        }
    }

    private void extract(Path tar, String directory) throws IOException {
        try (var in = Files.newInputStream(tar)) {
            engine().copyArchiveToContainerCmd(getContainerId())
                    .withTarInputStream(in)
                    .withRemotePath(directory)
                    .exec();
        }
    }

    String run(String... command) {
        try {
            var result = execInContainer(command);
            if (result.getExitCode() != 0) {
                throw new IllegalStateException(
                        String.join(" ", command) + ": " + result.getStderr());
            }
            return result.getStdout();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    // Not stop(): that would remove the container and its mail.
    void halt() {
        engine().stopContainerCmd(getContainerId()).exec();
    }

    void kill() {
        engine().killContainerCmd(getContainerId()).exec();
    }

    void restart() {
        engine().restartContainerCmd(getContainerId()).exec();
        new Greeting(IMAP).withStartupTimeout(STARTUP).waitUntilReady(this);
    }

    private static DockerClient engine() {
        return DockerClientFactory.instance().client();
    }

    private static String binding(int port) {
        var host = DockerClientFactory.instance().dockerHostIpAddress();
        var published = Ports.free() + ":" + port;
        return isLoopback(host) ? "127.0.0.1:" + published : published;
    }

    private static boolean isLoopback(String host) {
        return host.equals("localhost") || host.startsWith("127.");
    }
}
