package postern.testserver;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An in-process IMAP server: starts in milliseconds and supports few extensions. */
public enum InMemoryServer implements TestServer {
    GREENMAIL;

    private final AtomicInteger users = new AtomicInteger();
    private @Nullable GreenMail running;

    @Override
    public String host() {
        return ServerSetup.getLocalHostAddress();
    }

    @Override
    public int port() {
        return running().getImap().getPort();
    }

    @Override
    public String newUser() {
        var user = "u" + users.incrementAndGet();
        running().setUser(user + "@localhost", user, password());
        return user;
    }

    private synchronized GreenMail running() {
        var server = running;
        if (server == null) {
            var setup = new ServerSetup(0, host(), ServerSetup.PROTOCOL_IMAP);
            setup.setServerStartupTimeout(60_000);
            server = new OneChangeAtATime(setup);
            server.start();
            running = server;
        }
        return server;
    }
}
