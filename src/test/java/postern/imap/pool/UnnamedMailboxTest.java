package postern.imap.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static postern.imap.pool.PoolFixture.ANNA;
import static postern.imap.pool.PoolFixture.BERT;
import static postern.imap.pool.PoolFixture.SENT;
import static postern.imap.pool.PoolFixture.until;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import postern.imap.MailboxName;

/** A connection on a renamed or deleted mailbox is never used for another mailbox of that name. */
class UnnamedMailboxTest {

    private static final MailboxName OLD = MailboxName.of("Sent/Old");

    private final PoolFixture pool = new PoolFixture();

    @AfterEach
    void stop() {
        pool.connections.stop();
    }

    @Test
    void whatIsIdleOnARenamedMailboxIsClosed() {
        pool.connections.start();
        var other = pool.borrow(ANNA);
        pool.select(ANNA, SENT).close();

        other.rename(SENT, MailboxName.of("Gone"));
        other.close();

        until(() -> !pool.connection(1).open());
        assertThat(pool.closed(CloseReason.RENAMED)).isEqualTo(1);
        pool.select(ANNA, SENT).close();
        assertThat(pool.connection(0).commands()).endsWith("EXAMINE Sent");
    }

    @Test
    void whatIsLentOnAMailboxBelowIsClosedWhenItComesBack() {
        pool.connections.start();
        var other = pool.borrow(ANNA);
        var open = pool.select(ANNA, OLD);

        other.delete(SENT);
        assertThat(open.fetch(List.of())).isEmpty();
        open.close();
        other.close();

        until(() -> pool.closed(CloseReason.RENAMED) == 1);
        assertThat(pool.count(PoolEntry.State.IDLE)).isEqualTo(1);
    }

    @Test
    void othersKeepTheirs() {
        pool.connections.start();
        pool.select(BERT, SENT).close();
        var other = pool.borrow(ANNA);
        pool.select(ANNA, PoolFixture.INBOX).close();

        other.rename(SENT, MailboxName.of("Gone"));
        other.close();

        assertThat(pool.closed(CloseReason.RENAMED)).isZero();
        assertThat(pool.count(PoolEntry.State.IDLE)).isEqualTo(3);
    }
}
