package postern.testserver.provider;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import postern.testserver.Ports;

/**
 * An IMAP server on loopback that plays a provider, with one account. It refuses what its
 * capabilities do not contain, and remembers that it was asked.
 */
public final class ProviderServer implements AutoCloseable {

    public static final String APP_PASSWORD = "abcd-efgh";
    public static final String ACCOUNT_PASSWORD = "hunter2";
    public static final String ACCESS_TOKEN = "good-token";

    private final ProviderScript script;
    private final String address;
    private final SSLContext tls;
    private final boolean startTls;
    private final ServerSocket listener;
    private final Map<String, ProviderMailbox> mailboxes = new LinkedHashMap<>();
    private final Set<ProviderSession> sessions = ConcurrentHashMap.newKeySet();
    private final List<String> unannounced = new CopyOnWriteArrayList<>();
    private final List<String> commands = new CopyOnWriteArrayList<>();
    private long modSeq = 1_000;
    private long lastEmailId = 1_700_000_000_000_000_000L;
    private volatile boolean throttling;
    private volatile int mostConnections = Integer.MAX_VALUE;
    private int deadLogins;

    private ProviderServer(ProviderScript script, String address, SSLContext tls, boolean startTls)
            throws IOException {
        this.script = script;
        this.address = address;
        this.tls = tls;
        this.startTls = startTls;
        this.listener = Ports.listen(50);
        script.mailboxes().forEach(mailbox -> mailboxes.put(mailbox.name, mailbox));
    }

    /**
     * @param address the account's address
     * @param startTls whether clients ask for TLS, instead of beginning with it
     */
    public static ProviderServer start(
            ProviderScript script, String address, SSLContext tls, boolean startTls) {
        try {
            var server = new ProviderServer(script, address, tls, startTls);
            Thread.ofVirtual().name("provider-" + script).start(server::accept);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public InetSocketAddress listening() {
        return new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort());
    }

    /** Adds a message to a mailbox, whose name is as it is sent. */
    public synchronized void deliver(String mailbox, String subject, String text) {
        add(require(mailbox), ProviderMessage.plain(subject, text), null);
    }

    /** The subjects of the messages in a mailbox. */
    public synchronized List<String> subjects(String mailbox) {
        return require(mailbox).messages.stream().map(message -> message.field("Subject")).toList();
    }

    /** The subjects of the flagged messages in a mailbox. */
    public synchronized List<String> flagged(String mailbox) {
        return require(mailbox).messages.stream()
                .filter(message -> message.flagged("\\Flagged"))
                .map(message -> message.field("Subject"))
                .toList();
    }

    /** From now on each command is answered that there are too many. */
    public void throttle() {
        throttling = true;
    }

    /** Refuses logins while this many clients are logged in. */
    public void permit(int connections) {
        mostConnections = connections;
    }

    /** Accepts this many logins, and serves nothing on their connections. */
    public synchronized void serveNothingAfterLogins(int logins) {
        deadLogins = logins;
    }

    /** Commands and options that it was sent though it does not announce them. */
    public List<String> unannounced() {
        return List.copyOf(unannounced);
    }

    /** All commands without their arguments, in order of arrival. */
    public List<String> commands() {
        return List.copyOf(commands);
    }

    @Override
    public void close() throws IOException {
        listener.close();
        sessions.forEach(ProviderSession::stop);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                serve(listener.accept());
            } catch (IOException _) {
                // closed
            }
        }
    }

    private void serve(Socket socket) {
        var session = new ProviderSession(this, socket);
        sessions.add(session);
        Thread.ofVirtual()
                .name("provider-session")
                .start(() -> {
                    session.serve();
                    sessions.remove(session);
                });
    }

    ProviderScript script() {
        return script;
    }

    String address() {
        return address;
    }

    SSLContext tls() {
        return tls;
    }

    boolean startTls() {
        return startTls;
    }

    boolean throttling() {
        return throttling;
    }

    boolean full() {
        return sessions.stream().filter(ProviderSession::loggedIn).count() >= mostConnections;
    }

    /** Whether the login that was just accepted is one that is not served. */
    synchronized boolean deadLogin() {
        return deadLogins > 0 && deadLogins-- > 0;
    }

    void sent(String command) {
        commands.add(command);
    }

    void sentUnannounced(String command) {
        unannounced.add(command);
    }

    Collection<ProviderMailbox> mailboxes() {
        return mailboxes.values();
    }

    /** INBOX in any case; null where there is none. */
    @Nullable ProviderMailbox find(String name) {
        if (name.equalsIgnoreCase("INBOX")) {
            return mailboxes.values().stream()
                    .filter(mailbox -> mailbox.name.equalsIgnoreCase("INBOX"))
                    .findFirst()
                    .orElse(null);
        }
        return mailboxes.get(name);
    }

    boolean create(String name) {
        return find(name) == null
                && mailboxes.put(name, new ProviderMailbox(name, "\\HasNoChildren")) == null;
    }

    long nextModSeq() {
        return ++modSeq;
    }

    long highestModSeq() {
        return modSeq;
    }

    /**
     * @param emailId what the message is in another mailbox; null for a new one
     */
    ProviderMessage add(ProviderMailbox mailbox, String content, @Nullable Long emailId) {
        long id = emailId == null ? ++lastEmailId : emailId;
        var added = mailbox.add(id, content, nextModSeq());
        if (script.labels()) {
            mailboxes.values().stream()
                    .filter(all -> all.attributes.contains("\\All"))
                    .forEach(all -> label(all, added, !mailbox.thrownAway()));
        }
        return added;
    }

    /** A message in the trash or among junk is not in All Mail, any other one is. */
    private void label(ProviderMailbox all, ProviderMessage added, boolean kept) {
        if (!kept) {
            all.messages.removeIf(message -> message.emailId == added.emailId);
        } else if (all.messages.stream().noneMatch(it -> it.emailId == added.emailId)) {
            all.add(added.emailId, added.content, nextModSeq());
        }
    }

    private ProviderMailbox require(String name) {
        var mailbox = find(name);
        if (mailbox == null) {
            throw new IllegalArgumentException("no mailbox " + name);
        }
        return mailbox;
    }
}
