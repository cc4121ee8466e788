package postern.testserver;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import postern.samplemail.SampleMessage;

/** A real IMAP server in a container, started once in this JVM and gone when it ends. */
public enum RealServer implements TestServer {
    DOVECOT_2_3("dovecot-2.3", true),
    DOVECOT_2_4("dovecot-2.4", true),
    CYRUS("cyrus", false),
    COURIER("courier", false);

    /** How many users every image has. */
    private static final int USERS = 500;

    private final String image;
    private final boolean dovecot;
    private final AtomicInteger users = new AtomicInteger();
    private @Nullable ServerContainer container;

    RealServer(String image, boolean dovecot) {
        this.image = image;
        this.dovecot = dovecot;
    }

    /** Starts it, unless it has been started before; returns when it greets. */
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

    /** Where Dovecot speaks IMAP over TLS from the first octet; {@link #port} offers STARTTLS. */
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
     * Puts a Maildir tree (its {@code cur} and all below it) into a Dovecot user's home, as it is:
     * flags from the names, arrival from the files' times.
     */
    public void copyMaildir(String user, Path maildir) {
        dovecot().copyMaildir(user, maildir);
    }

    /** Puts mail into the inbox of a Dovecot user who has none, the quickest way there is. */
    public void fill(String user, Stream<SampleMessage> messages) {
        dovecot().fill(user, messages);
    }

    /** Runs a command inside the container and returns what it printed. */
    public String run(String... command) {
        return container().run(command);
    }

    /** Ends it as an administrator would; its ports then refuse connections. */
    public void stop() {
        container().halt();
    }

    /** Ends it as a crash would; its ports then refuse connections. */
    public void kill() {
        container().kill();
    }

    /** Starts it again, on the same ports and with the same mail; returns when it greets. */
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
