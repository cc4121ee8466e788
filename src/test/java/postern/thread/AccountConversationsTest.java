package postern.thread;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import postern.imap.MailboxName;
import postern.imap.MessageRef;
import postern.testserver.SomeAccount;

class AccountConversationsTest {

    private static final MailboxName SENT = MailboxName.of("Sent");
    private static final MailboxName ARCHIVE = MailboxName.of("Archive");

    private final List<IndexedMailbox> mailboxes = new ArrayList<>();

    private record Letter(long id, long... references) {}

    @Test
    void followsAConversationToAndFroBetweenMailboxes() {
        mailbox(MailboxName.INBOX, new Letter(1), new Letter(3, 2), new Letter(9));
        mailbox(SENT, new Letter(2, 1), new Letter(8), new Letter(4, 3));
        mailbox(ARCHIVE, new Letter(5, 4));

        var all = new AccountConversations(mailboxes).aroundMessage(1);

        assertThat(all)
                .extracting(placed -> placed.ref().mailbox().wire() + " " + placed.id())
                .containsExactly("INBOX 1", "INBOX 3", "Sent 2", "Sent 4", "Archive 5");
    }

    @Test
    void findsWhatBelongsToAMessageThatHasGone() {
        mailbox(MailboxName.INBOX, new Letter(9));
        mailbox(SENT, new Letter(2, 1));
        mailbox(ARCHIVE, new Letter(3, 1, 2));

        var all = new AccountConversations(mailboxes).aroundId(1);

        assertThat(all).extracting(ThreadEntry::id).containsExactly(2L, 3L);
        assertThat(new AccountConversations(mailboxes).aroundId(77)).isEmpty();
    }

    @Test
    void leavesOutWhatTheIndexRemembersAndTheMailboxDoesNot() {
        mailbox(MailboxName.INBOX, new Letter(1), new Letter(2, 1), new Letter(3, 2));
        var inbox = mailboxes.getFirst();
        var left = inbox.index().conversations(Uids.of(LongStream.of(1, 3)));
        mailboxes.set(0, new IndexedMailbox(SomeAccount.TAG, inbox.name(), 1, left, inbox.index()));

        assertThat(new AccountConversations(mailboxes).aroundMessage(3))
                .extracting(ThreadEntry::id)
                .containsExactly(1L, 3L);
    }

    @Test
    void aMessageWithoutAnIdIsAlone() {
        mailbox(MailboxName.INBOX, new Letter(0), new Letter(0));
        mailbox(SENT, new Letter(0));

        var all = new AccountConversations(mailboxes).aroundMessage(2);

        assertThat(all).extracting(ThreadEntry::ref).containsExactly(ref(MailboxName.INBOX, 2));
    }

    @Test
    void aConversationOfTenThousandMessagesInThreeMailboxesIsFollowedInOneGo() {
        for (var name : List.of(MailboxName.INBOX, SENT, ARCHIVE)) {
            var letters =
                    LongStream.rangeClosed(1, 10_000)
                            .mapToObj(i -> new Letter(i, Math.max(1, i - 1)))
                            .toArray(Letter[]::new);
            mailbox(name, letters);
        }

        assertThat(new AccountConversations(mailboxes).aroundMessage(5)).hasSize(30_000);
    }

    @Test
    void oneOfSeveralCopiesStandsForAll() {
        var all =
                ThreadEntry.withoutCopies(
                        List.of(
                                ThreadEntry.of(ref(MailboxName.INBOX, 1), 7),
                                ThreadEntry.of(ref(SENT, 2), 7),
                                ThreadEntry.of(ref(ARCHIVE, 3), 7),
                                ThreadEntry.of(ref(SENT, 4), 8),
                                ThreadEntry.of(ref(SENT, 5), MessageIdHash.NONE)));

        assertThat(all)
                .contains(
                        new ThreadEntry(
                                ref(MailboxName.INBOX, 1),
                                7,
                                List.of(ref(SENT, 2), ref(ARCHIVE, 3))))
                .hasSize(3);
    }

    @Test
    void messagesOfOneMailboxThatPretendToBeTheSameAllStay() {
        var all =
                ThreadEntry.withoutCopies(
                        List.of(
                                ThreadEntry.of(ref(MailboxName.INBOX, 1), 7),
                                ThreadEntry.of(ref(MailboxName.INBOX, 2), 7),
                                ThreadEntry.of(ref(SENT, 3), 7)));

        assertThat(all)
                .containsExactlyInAnyOrder(
                        new ThreadEntry(ref(MailboxName.INBOX, 1), 7, List.of(ref(SENT, 3))),
                        ThreadEntry.of(ref(MailboxName.INBOX, 2), 7));
    }

    private void mailbox(MailboxName name, Letter... letters) {
        var index = new ReferenceIndex(0);
        for (int i = 0; i < letters.length; i++) {
            index.add(i + 1, new ReferenceHeader(letters[i].id, letters[i].references));
        }
        var uids = Uids.of(LongStream.rangeClosed(1, letters.length));
        mailboxes.add(
                new IndexedMailbox(SomeAccount.TAG, name, 1, index.conversations(uids), index));
    }

    private static MessageRef ref(MailboxName mailbox, long uid) {
        return SomeAccount.message(mailbox, 1, uid);
    }
}
