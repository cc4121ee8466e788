package postern.testserver;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import postern.samplemail.SampleMessage;

/** A real IMAP server in a container, started once per JVM and removed when the JVM ends. */
public enum RealServer implements TestServer {
    DOVECOT_2_3("dovecot-2.3", true),
    DOVECOT_2_4("dovecot-2.4", true),
    CYRUS("cyrus", false),
    COURIER("courier", false);

    /** The number of users in every image. */
    private static final int USERS = 500;

    private final String image;
    private final boolean dovecot;
    private final AtomicInteger users = new AtomicInteger();
    private @Nullable ServerContainer container;

    RealServer(String image, boolean dovecot) {
        this.image = image;
        this.dovecot = dovecot;
    }

    /** Starts the server unless it runs already; returns after its greeting. */
    public void start() {
        container();
    }

    @Override
    public String host() {
        return container().getHost();
    }

    @Override
    public int port() {
        return container().getMappedPort(ServerContainer.IMAP);
    }

    /** Dovecot's port for implicit TLS; {@link #port} offers STARTTLS. */
    public int tlsPort() {
        return dovecot().getMappedPort(ServerContainer.IMAPS);
    }

    /** Dovecot's own certificate in PEM, for {@code localhost} and {@code 127.0.0.1}. */
    public String certificate() {
        return dovecot().run("cat", "/etc/dovecot/cert.pem");
    }

    @Override
    public String newUser() {
        var number = users.incrementAndGet();
        if (number > USERS) {
            throw new IllegalStateException("all " + USERS + " users of " + this + " are taken");
        }
        return "u" + number;
    }

    /**
     * Copies a Maildir tree (its {@code cur} and all below it) into a Dovecot user's home: flags
     * come from the file names, INTERNALDATE from the modification times.
     */
    public void copyMaildir(String user, Path maildir) {
        dovecot().copyMaildir(user, maildir);
    }

    /** Fills the empty inbox of a Dovecot user in the fastest way. */
    public void fill(String user, Stream<SampleMessage> messages) {
        dovecot().fill(user, messages);
    }

    /** Runs a command inside the container and returns what it printed. */
    public String run(String... command) {
        return container().run(command);
    }

    /** What the server has logged, by whatever user. */
    public String log() {
        return container().getLogs();
    }

    /** Shuts the server down as an administrator would; its ports then refuse connections. */
    public void stop() {
        container().halt();
    }

    /** Kills the server, as a crash would; its ports then refuse connections. */
    public void kill() {
        container().kill();
    }

    /** Restarts the server with the same ports and mail; returns after its greeting. */
    public void restart() {
        container().restart();
    }

    private ServerContainer dovecot() {
        if (!dovecot) {
            throw new UnsupportedOperationException("only Dovecot does this, not " + this);
        }
        return container();
    }

    private synchronized ServerContainer container() {
        var started = container;
        if (started == null) {
            started = ServerContainer.started(image);
            container = started;
        }
        return started;
    }
}
