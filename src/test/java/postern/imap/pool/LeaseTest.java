package postern.imap.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static postern.imap.pool.PoolFixture.ANNA;
import static postern.imap.pool.PoolFixture.INBOX;
import static postern.imap.pool.PoolFixture.SENT;

import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import postern.imap.Access;
import postern.imap.ImapConnection;
import postern.imap.ImapException.ConnectionLost;
import postern.imap.ImapException.MailboxReset;
import postern.imap.ImapException.OutcomeUnknown;
import postern.imap.ImapException.ServerUnavailable;
import postern.imap.ImapException.ServerUnreachable;
import postern.imap.Lane;
import postern.imap.message.Flag;
import postern.imap.message.FlagChange;
import postern.imap.message.SearchTerm;
import postern.imap.message.Section;
import postern.imap.message.SectionRange;
import postern.imap.message.UidSet;

@Timeout(20)
class LeaseTest {

    private static final FlagChange SEEN = FlagChange.add(Flag.SEEN);
    private static final SectionRange TEXT = SectionRange.first(Section.part("1"), 100);

    private final PoolFixture pool =
            new PoolFixture("probe-after=10s", "max-connections-per-account=1");

    @Test
    void retriesAReadOnceOnADeadConnection() {
        pool.borrow(ANNA).close();
        pool.connection(0).die();

        try (var lent = pool.borrow(ANNA)) {
            assertThat(lent.list(false)).isEmpty();
        }

        assertThat(pool.connection(0).commands()).containsExactly("LIST");
        assertThat(pool.connection(1).commands()).containsExactly("LIST");
        assertThat(pool.connection(0).open()).isFalse();
        assertThat(pool.server.mostOpen()).isEqualTo(1);
        assertThat(pool.closed(CloseReason.LOST)).isEqualTo(1);
    }

    @Test
    void retriesNoMoreThanOnce() {
        pool.borrow(ANNA).close();
        pool.connection(0).die();
        pool.server.openADeadOne();

        try (var lent = pool.borrow(ANNA)) {
            assertThatThrownBy(() -> lent.list(false)).isInstanceOf(ConnectionLost.class);
        }

        assertThat(pool.server.opened()).hasSize(2);
    }

    @Test
    void doesNotRetryWhatAFreshConnectionLost() {
        try (var lent = pool.borrow(ANNA)) {
            pool.connection(0).die();
            assertThatThrownBy(() -> lent.list(false)).isInstanceOf(ConnectionLost.class);
        }

        assertThat(pool.server.opened()).hasSize(1);
    }

    @Test
    void doesNotRetryOnceTheConnectionHasProvedToLive() {
        pool.borrow(ANNA).close();

        try (var lent = pool.borrow(ANNA)) {
            lent.list(false);
            pool.connection(0).die();
            assertThatThrownBy(() -> lent.list(false)).isInstanceOf(ConnectionLost.class);
        }

        assertThat(pool.server.opened()).hasSize(1);
    }

    @Test
    void passesOnWhyThereIsNoFreshConnection() {
        pool.borrow(ANNA).close();
        pool.connection(0).die();
        pool.server.refuse(() -> new ServerUnreachable("refused", null));

        try (var lent = pool.borrow(ANNA)) {
            assertThatThrownBy(() -> lent.list(false))
                    .isInstanceOf(ServerUnreachable.class)
                    .hasSuppressedException(new ConnectionLost("the connection was lost", null));
        }
    }

    @Test
    void selectsTheMailboxAnewOnTheFreshConnection() {
        pool.select(ANNA, INBOX).close();
        pool.connection(0).die();

        try (var inbox = pool.select(ANNA, INBOX)) {
            inbox.search(new SearchTerm.All());
        }

        assertThat(pool.connection(0).commands()).containsExactly("EXAMINE INBOX", "SEARCH");
        assertThat(pool.connection(1).commands()).containsExactly("EXAMINE INBOX", "SEARCH");
    }

    @Test
    void retriesTheSelectItself() {
        pool.select(ANNA, INBOX).close();
        pool.connection(0).die();

        pool.select(ANNA, SENT).close();

        assertThat(pool.connection(1).commands()).containsExactly("EXAMINE Sent");
    }

    @Test
    void opensAStreamOnTheFreshConnection() throws Exception {
        pool.select(ANNA, INBOX).close();
        pool.connection(0).die();

        try (var inbox = pool.select(ANNA, INBOX);
                var section = inbox.open(7, TEXT)) {
            assertThat(section.readAllBytes()).hasSize(2);
        }

        assertThat(pool.connection(1).commands()).containsExactly("EXAMINE INBOX", "FETCH 7");
    }

    @Test
    void tellsThatTheMailboxWasRenumberedMeanwhile() {
        pool.select(ANNA, INBOX).close();
        pool.connection(0).die();
        pool.server.renumber(INBOX, 2);

        try (var inbox = pool.select(ANNA, INBOX)) {
            inbox.requireUidValidity(1);
            assertThatThrownBy(() -> inbox.search(new SearchTerm.All()))
                    .isInstanceOf(MailboxReset.class);
        }
    }

    @Test
    void goesByTheNewNumberingWhereNobodySawTheOld() {
        pool.select(ANNA, INBOX).close();
        pool.connection(0).die();
        pool.server.renumber(INBOX, 2);

        try (var inbox = pool.select(ANNA, INBOX)) {
            inbox.search(new SearchTerm.All());
            assertThat(inbox.state().uidValidity()).isEqualTo(2);
        }
    }

    @Test
    void neverRetriesAWriteThatWouldBeDoneTwice() {
        pool.select(ANNA, INBOX).close();
        pool.connection(0).die();

        try (var inbox = pool.select(ANNA, INBOX)) {
            assertThatThrownBy(() -> inbox.copy(UidSet.of(7), SENT))
                    .isInstanceOf(OutcomeUnknown.class);
        }

        assertThat(pool.server.opened()).hasSize(1);
        assertThat(pool.connection(0).commands()).containsExactly("EXAMINE INBOX", "COPY 7");
    }

    @Test
    void retriesAWriteThatDoesNothingTheSecondTime() {
        pool.select(ANNA, INBOX).close();
        pool.connection(0).die();

        try (var inbox = pool.select(ANNA, INBOX)) {
            inbox.store(UidSet.of(7), SEEN);
        }

        assertThat(pool.connection(0).commands()).containsExactly("EXAMINE INBOX", "STORE 7");
        assertThat(pool.connection(1).commands()).containsExactly("EXAMINE INBOX", "STORE 7");
    }

    /**
     * A mailbox that is selected read-write serves reading as well, so that no EXAMINE is sent
     * which could show that the connection is dead.
     */
    @Test
    void aMailboxThatWasOpenForWritingProvesNothing() {
        try (var inbox =
                pool.connections.select(ANNA, INBOX, Access.READ_WRITE, Lane.INTERACTIVE)) {
            inbox.store(UidSet.of(7), SEEN);
        }
        pool.connection(0).die();

        try (var inbox = pool.select(ANNA, INBOX)) {
            assertThat(inbox.search(new SearchTerm.All()).isEmpty()).isTrue();
        }

        assertThat(pool.connection(1).commands()).containsExactly("EXAMINE INBOX", "SEARCH");
    }

    @Test
    void logsInOnceMoreWhereALoginLeadsNowhere() {
        try (var lent = pool.borrow(ANNA)) {
            pool.connection(0).leadNowhere();
            assertThat(lent.list(false)).isEmpty();
        }

        assertThat(pool.connection(0).open()).isFalse();
        assertThat(pool.connection(1).commands()).containsExactly("LIST");
    }

    @Test
    void doesNotLogInForEverWhereLoginsLeadNowhere() {
        try (var lent = pool.borrow(ANNA)) {
            pool.connection(0).leadNowhere();
            pool.server.openOneThatLeadsNowhere();
            assertThatThrownBy(() -> lent.list(false)).isInstanceOf(ServerUnavailable.class);
        }

        assertThat(pool.server.opened()).hasSize(2);
        assertThat(pool.server.openNow()).isZero();
    }

    @Test
    void probesBeforeAWriteAfterSomeSilence() {
        pool.select(ANNA, INBOX).close();
        pool.pass(Duration.ofSeconds(10));
        pool.connection(0).die();

        try (var inbox = pool.select(ANNA, INBOX)) {
            inbox.expunge(UidSet.of(7));
            inbox.expunge(UidSet.of(8));
        }

        assertThat(pool.connection(0).commands()).containsExactly("EXAMINE INBOX", "NOOP");
        assertThat(pool.connection(1).commands())
                .containsExactly("EXAMINE INBOX", "NOOP", "EXPUNGE 7", "EXPUNGE 8");
    }

    @Test
    void probesBeforeAWriteWhenTheServerSaidSomething() {
        pool.select(ANNA, INBOX).close();
        pool.connection(0).sayBye();

        try (var inbox = pool.select(ANNA, INBOX)) {
            inbox.expunge(UidSet.of(7));
        }

        assertThat(pool.connection(0).commands()).doesNotContain("EXPUNGE 7");
        assertThat(pool.connection(1).commands()).endsWith("EXPUNGE 7");
    }

    @Test
    void probesWithoutAMailboxAsWell() {
        pool.borrow(ANNA).close();
        pool.pass(Duration.ofSeconds(10));
        pool.connection(0).die();

        try (var lent = pool.borrow(ANNA)) {
            append(lent);
        }

        assertThat(pool.connection(0).commands()).containsExactly("STATUS INBOX");
        assertThat(pool.connection(1).commands()).containsExactly("STATUS INBOX", "APPEND Sent");
    }

    @Test
    void probesOnTheMailboxThatHappensToBeSelected() {
        pool.select(ANNA, SENT).close();
        pool.pass(Duration.ofSeconds(10));

        try (var lent = pool.borrow(ANNA)) {
            append(lent);
        }

        assertThat(pool.connection(0).commands())
                .containsExactly("EXAMINE Sent", "NOOP", "APPEND Sent");
    }

    @Test
    void doesNotProbeWhatHasJustBeenUsed() {
        pool.borrow(ANNA).close();
        pool.pass(Duration.ofSeconds(9));

        try (var lent = pool.borrow(ANNA)) {
            append(lent);
        }

        assertThat(pool.connection(0).commands()).containsExactly("APPEND Sent");
    }

    @Test
    void closingAMailboxOfABorrowedConnectionGivesNothingBack() {
        try (var lent = pool.borrow(ANNA)) {
            var inbox = lent.select(INBOX, Access.READ_ONLY);
            inbox.close();

            assertThat(pool.count(PoolEntry.State.LENT)).isEqualTo(1);
            assertThatThrownBy(() -> inbox.fetch(List.of()))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(lent.list(false)).isEmpty();
        }

        assertThat(pool.count(PoolEntry.State.IDLE)).isEqualTo(1);
    }

    @Test
    void refusesAMailboxAfterAnotherWasSelected() {
        try (var lent = pool.borrow(ANNA)) {
            var inbox = lent.select(INBOX, Access.READ_ONLY);
            var sent = lent.select(SENT, Access.READ_ONLY);

            assertThatThrownBy(() -> inbox.fetch(List.of()))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(sent.fetch(List.of())).isEmpty();
        }
    }

    @Test
    void refusesAMailboxThatWasGivenBack() {
        var inbox = pool.select(ANNA, INBOX);
        inbox.close();
        inbox.close();

        assertThatThrownBy(inbox::state).isInstanceOf(IllegalStateException.class);
        assertThat(pool.count(PoolEntry.State.IDLE)).isEqualTo(1);
    }

    @Test
    void neverLendsAConnectionWithAStreamStillOpen() {
        var inbox = pool.select(ANNA, INBOX);
        var section = inbox.open(7, TEXT);

        inbox.close();

        assertThat(pool.connection(0).open()).isFalse();
        assertThatThrownBy(section::read).isInstanceOf(IllegalStateException.class);
    }

    private static void append(ImapConnection connection) {
        var message = new ByteArrayInputStream(new byte[0]);
        connection.append(SENT, Set.of(), null, message, 0);
    }
}
