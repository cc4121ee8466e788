package postern.imap.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import postern.account.Account;
import postern.imap.BulkChange;
import postern.imap.MailboxName;
import postern.imap.OwnChanges;
import postern.imap.message.SearchTerm;
import postern.imap.message.UidSet;

/** Every command that changes something is told of when the server has answered it. */
class OwnChangesTest {

    private static final MailboxName INBOX = PoolFixture.INBOX;
    private static final MailboxName SENT = PoolFixture.SENT;
    private static final UidSet UIDS = UidSet.range(1, 2);

    private final PoolFixture pool = new PoolFixture();
    private final List<String> told = new ArrayList<>();

    @BeforeEach
    void start() {
        pool.connections.start();
        pool.changes.addListener(
                new OwnChanges.Listener() {
                    @Override
                    public void messagesChanged(Account account, MailboxName mailbox) {
                        assertThat(account).isEqualTo(PoolFixture.ANNA);
                        told.add(mailbox.wire());
                    }

                    @Override
                    public void mailboxChanged(
                            Account account, @Nullable MailboxName from, @Nullable MailboxName to) {
                        told.add(
                                "%s to %s"
                                        .formatted(
                                                from == null ? "nothing" : from.wire(),
                                                to == null ? "nothing" : to.wire()));
                    }
                });
    }

    @AfterEach
    void stop() {
        pool.connections.stop();
    }

    @Test
    void changesOfMessagesNameTheirMailboxes() {
        try (var mailbox = pool.select(PoolFixture.ANNA, INBOX)) {
            mailbox.search(new SearchTerm.Uids(UIDS));
            assertThat(told).isEmpty();
            mailbox.expunge(UIDS);
            assertThat(takeTold()).containsExactly("INBOX");
            mailbox.copy(UIDS, SENT);
            assertThat(takeTold()).containsExactly("Sent");
            mailbox.move(UIDS, SENT);
            assertThat(takeTold()).containsExactlyInAnyOrder("INBOX", "Sent");
            mailbox.apply(UIDS, new BulkChange.Move(SENT));
            assertThat(takeTold()).containsExactlyInAnyOrder("INBOX", "Sent");
        }
    }

    @Test
    void mailboxesThatAreCreatedRenamedAndDeletedAreTold() {
        try (var connection = pool.borrow(PoolFixture.ANNA)) {
            connection.create(SENT);
            connection.rename(SENT, MailboxName.of("Other"));
            connection.delete(MailboxName.of("Other"));
            connection.append(
                    INBOX, Set.of(), null, new ByteArrayInputStream(new byte[] {1, 2}), 2);
        }

        assertThat(told)
                .containsExactly("nothing to Sent", "Sent to Other", "Other to nothing", "INBOX");
    }

    private List<String> takeTold() {
        var taken = List.copyOf(told);
        told.clear();
        return taken;
    }
}
