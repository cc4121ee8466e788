package postern.export;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import postern.imap.ImapException;
import postern.imap.message.FetchItems;
import postern.imap.message.FetchedMessage;
import postern.imap.message.SectionRange;
import postern.imap.message.UidSet;

@Timeout(30)
class ExportBatchesTest {

    private static final int MIB = 1 << 20;

    /** About ten messages of this size make a batch. */
    private static final int SMALL = 200 * 1024;

    /** A mailbox with the sizes of its messages by UID. */
    private static final class Mailbox implements ExportBatches.Mailbox {

        private final Map<Long, Integer> sizes = new ConcurrentHashMap<>();
        private final Set<Long> gone = ConcurrentHashMap.newKeySet();
        private final Set<Long> fetched = ConcurrentHashMap.newKeySet();
        private final Semaphore batches = new Semaphore(0);

        Mailbox(int... sizes) {
            for (int i = 0; i < sizes.length; i++) {
                this.sizes.put(i + 1L, sizes[i]);
            }
        }

        @Override
        public List<FetchedMessage> fetch(UidSet uids, FetchItems items) {
            var found = new ArrayList<FetchedMessage>();
            for (var section : items.sections()) {
                uids.stream()
                        .filter(uid -> !gone.contains(uid))
                        .forEach(uid -> {
                            fetched.add(uid);
                            found.add(message(uid, Map.of(section, new byte[size(uid)])));
                        });
                batches.release();
            }
            if (items.sections().isEmpty()) {
                uids.stream().forEach(uid -> found.add(message(uid, Map.of())));
            }
            return found;
        }

        UidSet all() {
            return UidSet.range(1, sizes.size());
        }

        private int size(long uid) {
            return requireNonNull(sizes.get(uid));
        }

        private FetchedMessage message(long uid, Map<SectionRange, byte[]> sections) {
            return new FetchedMessage(
                    uid,
                    uid,
                    Set.of(),
                    null,
                    null,
                    (long) size(uid),
                    null,
                    null,
                    null,
                    null,
                    null,
                    sections,
                    false);
        }
    }

    @Test
    void fetchTheNextWhileThoseBeforeAreWritten() throws Exception {
        var mailbox = new Mailbox(new int[30]);
        mailbox.sizes.replaceAll((_, _) -> SMALL);

        try (var batches = new ExportBatches(mailbox, mailbox.all())) {
            var first = batches.next();
            mailbox.batches.acquire(2);

            assertThat(first).hasSize(10);
            assertThat(mailbox.fetched).hasSize(20);
        }
    }

    @Test
    void giveEveryMessageInOrderButWhatWent() throws Exception {
        var mailbox = new Mailbox(SMALL, 3 * MIB, SMALL, SMALL, SMALL);
        mailbox.gone.add(4L);
        var items = new ArrayList<ExportBatches.Item>();

        try (var batches = new ExportBatches(mailbox, mailbox.all())) {
            for (var batch = batches.next(); !batch.isEmpty(); batch = batches.next()) {
                items.addAll(batch);
            }
        }

        assertThat(items).extracting(item -> item.facts().uid()).containsExactly(1L, 2L, 3L, 5L);
        assertThat(items.stream().filter(ExportBatches.Item::streamed)).hasSize(1);
    }

    /** Streaming needs a connection, and the account may have only one. */
    @Test
    void fetchNothingWhileAMessageIsStreamed() throws Exception {
        var mailbox = new Mailbox(new int[20]);
        mailbox.sizes.replaceAll((uid, _) -> uid == 1 ? 3 * MIB : SMALL);

        try (var batches = new ExportBatches(mailbox, mailbox.all())) {
            var first = batches.next();

            assertThat(first.getFirst().streamed()).isTrue();
            assertThat(batches.busy()).isFalse();
        }
    }

    @Test
    void failWhereTheirMailboxDoes() {
        var failure = new ImapException.MailboxReset();
        var asked = new CountDownLatch(1);

        try (var batches =
                new ExportBatches(
                        (_, _) -> {
                            asked.countDown();
                            throw failure;
                        },
                        UidSet.of(1))) {
            assertThatThrownBy(batches::next).isSameAs(failure);
        }

        assertThat(asked.getCount()).isZero();
    }
}
