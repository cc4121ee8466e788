package postern.imap.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static postern.imap.pool.PoolFixture.ANNA;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import postern.imap.Access;
import postern.imap.ExamineRequest;
import postern.imap.ImapException;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.imap.MailboxOutcome;
import postern.imap.SelectedMailbox;
import postern.imap.message.SearchTerm;
import postern.trace.RequestTrace;
import postern.trace.Step;

/** Tasks in many mailboxes at the same time. */
@Timeout(20)
class ParallelMailboxTaskTest {

    @Test
    void worksOnAllConnectionsButOne() {
        var pool = new PoolFixture("max-connections-per-account=4");
        var all = new CyclicBarrier(3);

        var outcomes =
                pool.connections.each(
                        ANNA,
                        mailboxes(6),
                        Access.READ_ONLY,
                        mailbox -> {
                            await(all);
                            // One connection is left to other borrowers.
                            pool.connections.borrow(ANNA, Lane.INTERACTIVE).close();
                            return mailbox.name();
                        });

        assertThat(outcomes).extracting(MailboxOutcome::orThrow).isEqualTo(mailboxes(6));
        PoolFixture.until(() -> pool.count(PoolEntry.State.LENT) == 0);
    }

    @Test
    void worksOnOneConnectionWhereThereIsJustOne() {
        var pool = new PoolFixture("max-connections-per-account=1");

        var outcomes =
                pool.connections.each(ANNA, mailboxes(5), Access.READ_ONLY, SelectedMailbox::name);

        assertThat(outcomes).extracting(MailboxOutcome::orThrow).isEqualTo(mailboxes(5));
        assertThat(pool.server.opened()).hasSize(1);
    }

    @Test
    void doesWithoutTheConnectionsThatTheServerRefuses() {
        var pool = new PoolFixture();
        pool.borrow(ANNA).close();
        pool.server.refuse(
                ParallelMailboxTaskTest::tooMany,
                ParallelMailboxTaskTest::tooMany,
                ParallelMailboxTaskTest::tooMany);

        var outcomes =
                pool.connections.each(ANNA, mailboxes(5), Access.READ_ONLY, SelectedMailbox::name);

        assertThat(outcomes).extracting(MailboxOutcome::orThrow).isEqualTo(mailboxes(5));
        PoolFixture.until(() -> pool.connections.pool().waiting() == 0);
    }

    @Test
    void theTraceTellsOfAConnectionThatTheServerRefuses() {
        var pool = new PoolFixture();
        var steps = new CopyOnWriteArrayList<Step>();
        var unavailable = new ImapException.ServerUnavailable(Duration.ofSeconds(1), null);

        try (var _ = pool.borrow(ANNA);
                var _ = RequestTrace.begin(steps::add)) {
            pool.server.refuse(() -> unavailable);

            assertThatThrownBy(() -> pool.connections.pool().borrowSpare(ANNA))
                    .isSameAs(unavailable);
        }

        assertThat(steps)
                .extracting(Step::kind, Step::outcome)
                .containsExactly(tuple(Step.Kind.BORROW, unavailable.word()));
    }

    @Test
    void leavesOutAMailboxThatRefuses() {
        var pool = new PoolFixture();

        var outcomes =
                pool.connections.each(
                        ANNA,
                        mailboxes(3),
                        Access.READ_ONLY,
                        mailbox -> {
                            if (mailbox.name().wire().equals("m1")) {
                                throw new ImapException.PermissionDenied(null);
                            }
                            return mailbox.name();
                        });

        assertThat(outcomes.get(0).orThrow().wire()).isEqualTo("m0");
        assertThat(outcomes.get(1)).isInstanceOf(MailboxOutcome.Refused.class);
        assertThat(outcomes.get(2).orThrow().wire()).isEqualTo("m2");
    }

    @Test
    void failsAsAWholeWhenTheServerDoes() {
        var pool = new PoolFixture();

        assertThatThrownBy(() ->
                        pool.connections.each(
                                ANNA,
                                mailboxes(8),
                                Access.READ_ONLY,
                                _ -> {
                                    throw new ImapException.ServerTimedOut("late", null);
                                }))
                .isInstanceOf(ImapException.ServerTimedOut.class);
        PoolFixture.until(() -> pool.count(PoolEntry.State.LENT) == 0);
    }

    @Test
    void visitsOnAFreshConnectionWhenTheIdleOneIsDead() {
        var pool = new PoolFixture();
        pool.borrow(ANNA).close();
        pool.connection(0).die();
        var visits =
                mailboxes(3).stream()
                        .map(name -> ExamineRequest.search(name, new SearchTerm.All()))
                        .toList();

        var outcomes = pool.connections.visit(ANNA, visits);

        assertThat(outcomes).extracting(MailboxOutcome::mailbox).isEqualTo(mailboxes(3));
        assertThat(pool.connection(1).commands())
                .containsExactly("EXAMINE m0", "EXAMINE m1", "EXAMINE m2");
    }

    @Test
    void aVisitLeavesNoOtherMailboxSelected() {
        var pool = new PoolFixture();
        try (var connection = pool.borrow(ANNA)) {
            var inbox = connection.select(MailboxName.INBOX, Access.READ_ONLY);
            connection.visit(
                    List.of(ExamineRequest.search(MailboxName.of("m"), new SearchTerm.All())));

            assertThatThrownBy(inbox::state).isInstanceOf(IllegalStateException.class);
        }
    }

    private static List<MailboxName> mailboxes(int count) {
        return IntStream.range(0, count).mapToObj(i -> MailboxName.of("m" + i)).toList();
    }

    private static ImapException tooMany() {
        return new ImapException.ConnectionLimit(Duration.ofSeconds(1), null);
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (InterruptedException | BrokenBarrierException e) {
            throw new IllegalStateException(e);
        }
    }
}
