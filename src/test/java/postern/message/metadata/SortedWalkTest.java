package postern.message.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;
import postern.account.AccountKey;
import postern.account.ImapServer;
import postern.account.Security;
import postern.imap.message.FetchedMessage;
import postern.imap.message.SearchTerm;
import postern.imap.message.SortedUids;
import postern.message.InMemoryMailbox;
import postern.message.metadata.SortedWalk.Hit;
import postern.message.metadata.SortedWalk.Position;
import postern.testserver.Quirk;
import postern.testserver.SomeAccount;

/** Walks in a mailbox on a server without SORT. */
class SortedWalkTest {

    private static final int MESSAGES = 100_000;
    private static final int AT_ONCE = 500;
    private static final int PAGE = 50;
    private static final SearchTerm ALL = new SearchTerm.Larger(0);

    private final InMemoryMailbox mailbox = new InMemoryMailbox().append(MESSAGES).selected();
    private final MetadataCache cache =
            new MetadataCache(new MessageProperties(DataSize.ofKilobytes(200)));
    private final MailboxEpoch epoch =
            new MailboxEpoch(
                    new AccountKey(new ImapServer("localhost", 143, Security.NONE), "ada"),
                    SomeAccount.TAG,
                    mailbox.name(),
                    7,
                    null);
    private final List<WeakReference<FetchedMessage>> answered = new ArrayList<>();
    private long held = -1;

    @Test
    void looksAtAllOfALargeMailboxAndHoldsAPage() {
        mailbox.onAnswer(this::weigh);

        var page = walk(MessageSort.SUBJECT).from(ALL, null, PAGE);

        assertThat(page).isEqualTo(bySubject().subList(0, PAGE));
        assertThat(answered).hasSize(MESSAGES);
        assertThat(mailbox.trips()).hasSize(1 + MESSAGES / AT_ONCE).first().isEqualTo("search");
        assertThat(held).isBetween(0L, 2L * AT_ONCE);
    }

    @Test
    void goesOnBehindAPositionWithoutThosePassed() {
        var order = bySubject();
        var last = hit(order.get(PAGE - 1));
        var position = new Position(last.uid(), (hit, _) -> hit.compareTo(last) > 0);

        var page = walk(MessageSort.SUBJECT).from(ALL, position, PAGE);

        assertThat(page).isEqualTo(order.subList(PAGE, 2 * PAGE));
    }

    /** All messages are from the same author. */
    @Test
    @Quirk(
            server = "Courier",
            does = "puts messages with the same sort value in descending order (RFC 5256 §3)",
            answer = "a list goes on after a message that was expunged, without a gap")
    void continuesAfterAnExpungedMessageInTheServersOrderOfTies() {
        var last = new Hit(5, new SortValue(0, "ADA@EXAMPLE.ORG"));
        var sort = MessageSort.FROM;
        var position = new Position(5, (hit, reversed) -> hit.comesAfter(last, sort, reversed));
        var walk = walk(sort);

        assertThat(walk.from(SortedUids.of(3, 4, 6, 7), position, PAGE)).containsExactly(6L, 7L);
        assertThat(walk.from(SortedUids.of(7, 6, 4, 3), position, PAGE)).containsExactly(4L, 3L);
    }

    @Test
    void continuesInADescendingOrderLikewise() {
        var last = new Hit(5, new SortValue(0, "ADA@EXAMPLE.ORG"));
        var sort = MessageSort.FROM_DESCENDING;
        var position = new Position(5, (hit, reversed) -> hit.comesAfter(last, sort, reversed));
        var walk = walk(sort);

        assertThat(walk.from(SortedUids.of(7, 6, 4, 3), position, PAGE)).containsExactly(4L, 3L);
        assertThat(walk.from(SortedUids.of(3, 4, 6, 7), position, PAGE)).containsExactly(6L, 7L);
    }

    /** Messages arrive newest first, so the last one has UID 1. */
    private void weigh(FetchedMessage message) {
        answered.add(new WeakReference<>(message));
        if (answered.size() == MESSAGES) {
            System.gc();
            held = answered.stream().filter(it -> it.get() != null).count();
        }
    }

    private SortedWalk walk(MessageSort sort) {
        return new SortedWalk(mailbox, cache, epoch, sort, uids -> uids);
    }

    private static Hit hit(long uid) {
        return new Hit(
                uid, new SortValue(0, InMemoryMailbox.subject(uid).toUpperCase(Locale.ROOT)));
    }

    private static List<Long> bySubject() {
        return LongStream.rangeClosed(1, MESSAGES)
                .boxed()
                .sorted(Comparator.comparing(InMemoryMailbox::subject))
                .toList();
    }
}
