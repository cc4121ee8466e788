package postern.events;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ContextConfiguration;
import postern.account.Account;
import postern.account.Password;
import postern.account.SessionTokens;
import postern.provider.MailServers;
import postern.testclient.EventReader;
import postern.testserver.InMemoryServer;
import postern.web.OnGreenMail;

/** What a client costs that listens while nothing happens. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"postern.events.heartbeat=300ms", "postern.listeners.per-account=0"})
@ContextConfiguration(initializers = OnGreenMail.Server.class)
@Timeout(600)
class IdleListenersTest {

    private static final Logger LOG = LoggerFactory.getLogger(IdleListenersTest.class);
    private static final InMemoryServer SERVER = InMemoryServer.GREENMAIL;
    private static final int ACCOUNTS = 2;
    private static final int LISTENERS = 200;
    private static final int MOST = 16 * 1024;

    /** What the socket of the client takes, which is in the same heap. */
    private static final int CLIENT = 1536;

    @LocalServerPort private int port;
    @Autowired private SessionTokens tokens;
    @Autowired private MailServers servers;

    @Test
    void anIdleListenerTakesLittleMemory() throws IOException, JMException {
        var open = new ArrayList<EventReader>();
        try {
            listen(1, 3, open); // loads classes and opens connections
            long heap = heap();
            long direct = direct();

            listen(ACCOUNTS, LISTENERS, open);
            long each = (heap() - heap) / (ACCOUNTS * LISTENERS);
            long eachDirect = (direct() - direct) / (ACCOUNTS * LISTENERS);

            LOG.info("octets per listener: heap={} direct={}", each, eachDirect);
            assertThat(each).isLessThan(MOST + CLIENT);
            assertThat(eachDirect).isLessThan(MOST);
        } finally {
            for (var events : open) {
                events.close();
            }
        }
    }

    private void listen(int accounts, int listeners, ArrayList<EventReader> open)
            throws IOException {
        var imap = servers.named(MailServers.DEFAULT).orElseThrow().imap();
        for (int i = 0; i < accounts; i++) {
            var account = new Account(imap, SERVER.newUser(), new Password(SERVER.password()));
            for (int j = 0; j < listeners; j++) {
                var token = tokens.seal(tokens.start(account));
                open.add(EventReader.open(port, token, "/events?mailboxId=inbox", null));
            }
        }
        for (var events : open) {
            events.forgetHeaders();
            for (int until = events.heartbeats() + 2; events.heartbeats() < until; ) {
                requireNonNull(events.block());
            }
        }
    }

    /** The octets of all live objects. */
    private static long heap() throws JMException {
        var histogram =
                ManagementFactory.getPlatformMBeanServer()
                        .invoke(
                                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                                "gcClassHistogram",
                                new Object[] {null},
                                new String[] {String[].class.getName()});
        return ((String) histogram)
                .lines()
                .filter(line -> line.startsWith("Total"))
                .mapToLong(line -> Long.parseLong(line.split(" +")[2]))
                .sum();
    }

    private static long direct() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(it -> it.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }
}
