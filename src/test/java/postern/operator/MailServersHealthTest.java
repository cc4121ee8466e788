package postern.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.actuate.endpoint.StatusAggregator;
import org.springframework.boot.health.contributor.Status;
import postern.account.ImapServer;
import postern.account.Security;
import postern.imap.ImapException;
import postern.provider.MailServers;

class MailServersHealthTest {

    private static final MailServers SERVERS =
            MailServers.only(new ImapServer("imap.example.org", 993, Security.TLS));

    private final AtomicLong now = new AtomicLong();
    private final ArrayList<ImapServer> asked = new ArrayList<>();

    @Test
    void isUpWhereTheServerGreets() {
        var health =
                new MailServersHealth(SERVERS, (server, _) -> asked.add(server), now::get).health();

        assertThat(health.getStatus()).isEqualTo(Status.UP);
        assertThat(health.getDetails()).containsEntry("default", "ok");
    }

    @Test
    void saysWhyAServerCannotBeReachedAndLeavesTheWholeUp() {
        var health =
                new MailServersHealth(
                                SERVERS,
                                (_, _) -> {
                                    throw new ImapException.ServerUnreachable(
                                            "x", new ConnectException("x"));
                                },
                                now::get)
                        .health();

        assertThat(health.getStatus()).isEqualTo(MailServersHealth.UNREACHABLE);
        assertThat(health.getDetails()).containsEntry("default", "refused");
        assertThat(StatusAggregator.getDefault().getAggregateStatus(health.getStatus(), Status.UP))
                .isEqualTo(Status.UP);
    }

    @Test
    void aServerThatTakesNoConnectionHasTheWordOfTheMetric() {
        var health =
                new MailServersHealth(
                                SERVERS,
                                (_, _) -> {
                                    throw new ImapException.ServerUnavailable(Duration.ZERO, null);
                                },
                                now::get)
                        .health();

        assertThat(health.getDetails()).containsEntry("default", "server-unavailable");
    }

    @Test
    void connectsOnceInTenSecondsHoweverOftenItIsAsked() {
        var health = new MailServersHealth(SERVERS, (server, _) -> asked.add(server), now::get);

        health.health();
        health.health();
        assertThat(asked).hasSize(1);

        now.addAndGet(11_000_000_000L);
        health.health();
        assertThat(asked).hasSize(2);
    }
}
