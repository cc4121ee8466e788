package postern.imap.client.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import postern.account.ImapServer;
import postern.account.Security;
import postern.imap.Capabilities;

class RefusedCapabilitiesTest {

    private static final ImapServer SERVER = new ImapServer("mail.example.org", 993, Security.TLS);
    private static final Capabilities BOTH = Capabilities.of(Set.of("MOVE", "SORT"));

    private final AtomicLong now = new AtomicLong();
    private Set<String> disabled = Set.of();
    private final RefusedCapabilities refused = new RefusedCapabilities(_ -> disabled, now::get);

    @Test
    void remembersForAWhileAndOfThatServerAlone() {
        refused.add(SERVER, RefusedCapabilities.MOVE);

        var sameHost = new ImapServer("Mail.Example.org", 993, Security.STARTTLS);
        assertThat(refused.without(sameHost, BOTH).move()).isFalse();
        assertThat(refused.without(sameHost, BOTH).sort()).isTrue();
        assertThat(refused.without(new ImapServer("b.example", 993, Security.TLS), BOTH).move())
                .isTrue();

        now.addAndGet(Duration.ofMinutes(10).toNanos());
        assertThat(refused.without(SERVER, BOTH).move()).isTrue();
    }

    @Test
    void whatIsDisabledIsNeverUsed() {
        disabled = Set.of("MOVE", "QRESYNC");
        var announced = Capabilities.of(Set.of("MOVE", "SORT", "QRESYNC"));

        var used = refused.without(SERVER, announced);

        assertThat(used.move()).isFalse();
        assertThat(used.has("QRESYNC")).isFalse();
        assertThat(used.sort()).isTrue();
        assertThat(used.names()).contains("QRESYNC");
    }

    @Test
    void whatIsRefusedIsNotThereAsAPartOfAnotherEither() {
        var rev2 = Capabilities.of(Set.of("IMAP4REV2"));

        assertThat(rev2.move()).isTrue();
        assertThat(rev2.without("MOVE").move()).isFalse();
        assertThat(rev2.without("MOVE").names()).containsExactly("IMAP4REV2");
    }
}
