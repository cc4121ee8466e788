package postern.message.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.imap.MailboxName;
import postern.imap.MessageRef;
import postern.testserver.SomeAccount;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

@Timeout(60)
class MessageLocksTest {

    private static final Account ANNA = account("anna");
    private static final MessageRef ONE = message("INBOX", 1);
    private static final MessageRef TWO = message("INBOX", 2);

    @Test
    void oneAtATimeHoldsAMessage() throws Exception {
        var locks = new MessageLocks(Duration.ofSeconds(30));
        var inside = new AtomicInteger();
        var most = new AtomicInteger();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var work = new ArrayList<Callable<Void>>();
            for (int i = 0; i < 50; i++) {
                // in both orders
                var refs = i % 2 == 0 ? List.of(ONE, TWO) : List.of(TWO, ONE, TWO);
                work.add(() -> {
                    try (var _ = locks.take(ANNA, refs)) {
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        Thread.yield();
                        inside.decrementAndGet();
                    }
                    return null;
                });
            }
            for (var done : threads.invokeAll(work)) {
                done.get();
            }
        }
        assertThat(most).hasValue(1);
        assertThat(locks.size()).isZero();
    }

    @Test
    void othersAreNotHeldUp() {
        var locks = new MessageLocks(Duration.ZERO);

        try (var _ = locks.take(ANNA, ONE);
                var _ = locks.take(ANNA, TWO);
                var _ = locks.take(ANNA, message("Sent", 1));
                var _ = locks.take(account("bob"), ONE)) {
            assertThat(locks.size()).isEqualTo(4);
        }
        assertThat(locks.size()).isZero();
    }

    @Test
    void whoWaitsTooLongIsAskedToTryAgain() {
        var locks = new MessageLocks(Duration.ofMillis(1));

        try (var _ = locks.take(ANNA, TWO)) {
            assertThatThrownBy(() -> locks.take(ANNA, List.of(ONE, TWO)))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            e -> {
                                assertThat(e.code()).isEqualTo(ProblemCode.MAILBOX_IN_USE);
                                assertThat(e.code().retryable()).isTrue();
                            });
            locks.take(ANNA, ONE).close(); // the lock is free again
        }
        assertThat(locks.size()).isZero();
    }

    private static Account account(String user) {
        return new Account(
                new ImapServer("localhost", 143, Security.NONE), user, new Password("pw"));
    }

    private static MessageRef message(String mailbox, long uid) {
        return SomeAccount.message(MailboxName.of(mailbox), 7, uid);
    }
}
