package postern.imap.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static postern.imap.pool.PoolFixture.ANNA;
import static postern.imap.pool.PoolFixture.INBOX;
import static postern.imap.pool.PoolFixture.SENT;

import java.io.ByteArrayInputStream;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import postern.imap.Access;
import postern.imap.ChangeWatch;
import postern.imap.ImapConnection;
import postern.imap.ImapException;
import postern.imap.SelectedMailbox;
import postern.imap.message.Flag;
import postern.imap.message.FlagChange;
import postern.imap.message.UidSet;

/**
 * Which commands {@link ChangeWatch} records as possible changes, so that a request may not be
 * repeated.
 */
class ChangesTest {

    private static final UidSet ONE = UidSet.of(1);
    private static final FlagChange SEEN = FlagChange.add(Flag.SEEN);

    private PoolFixture pool = new PoolFixture();

    @Test
    void readingChangesNothing() {
        assertThat(changed(lent -> lent.list(true))).isFalse();
        assertThat(changed(lent -> lent.select(INBOX, Access.READ_WRITE))).isFalse();
    }

    @Test
    void everyWriteMayChangeSomething() {
        assertThat(changed(lent -> inbox(lent).store(ONE, SEEN))).isTrue();
        assertThat(changed(lent -> inbox(lent).copy(ONE, SENT))).isTrue();
        assertThat(changed(lent -> lent.create(SENT))).isTrue();
        assertThat(changed(lent -> append(lent, 2, 2))).isTrue();
    }

    @Test
    void whatIsRefusedAsAWholeChangedNothing() {
        assertThat(refused(lent -> inbox(lent).copy(ONE, SENT))).isFalse();
        assertThat(refused(lent -> lent.create(SENT))).isFalse();
        assertThat(refused(lent -> append(lent, 2, 2))).isFalse();
    }

    @Test
    void whatIsRefusedInTheMiddleMayHaveChangedSomething() {
        assertThat(refused(lent -> inbox(lent).store(ONE, SEEN))).isTrue();
        assertThat(refused(lent -> inbox(lent).move(ONE, SENT))).isTrue();
    }

    @Test
    void aRefusalDoesNotUndoWhatWasDoneBefore() {
        assertThat(
                        changed(lent -> {
                            lent.create(SENT);
                            pool.connection(0).refuse();
                            assertThatThrownBy(() -> lent.create(SENT))
                                    .isInstanceOf(ImapException.OverQuota.class);
                        }))
                .isTrue();
    }

    @Test
    void whatGotLostMayHaveChangedSomething() {
        assertThat(lost(lent -> inbox(lent).copy(ONE, SENT))).isTrue();
        assertThat(lost(lent -> append(lent, 2, 2))).isTrue();
    }

    @Test
    void aMessageThatEndsEarlyIsNotAppended() {
        assertThat(lost(lent -> append(lent, 1, 2))).isFalse();
    }

    private boolean refused(Consumer<ImapConnection> work) {
        return failing(work, () -> pool.connection(0).refuse());
    }

    private boolean lost(Consumer<ImapConnection> work) {
        return failing(work, () -> pool.connection(0).die());
    }

    private boolean failing(Consumer<ImapConnection> work, Runnable before) {
        return changed(lent -> {
            lent.select(INBOX, Access.READ_WRITE);
            before.run();
            assertThatThrownBy(() -> work.accept(lent)).isInstanceOf(ImapException.class);
        });
    }

    private boolean changed(Consumer<ImapConnection> work) {
        pool = new PoolFixture();
        try (var watch = ChangeWatch.begin();
                var lent = pool.borrow(ANNA)) {
            work.accept(lent);
            return watch.changed();
        }
    }

    private static SelectedMailbox inbox(ImapConnection lent) {
        return lent.select(INBOX, Access.READ_WRITE);
    }

    private static void append(ImapConnection lent, int sent, int announced) {
        lent.append(SENT, Set.of(), null, new ByteArrayInputStream(new byte[sent]), announced);
    }
}
