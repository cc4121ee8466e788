package postern.thread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import postern.imap.message.ThreadedUids;
import postern.imap.message.UidSet;
import postern.web.id.Cursor;
import postern.web.problem.InvalidRequest;

class ThreadWalkTest {

    private static final long VALIDITY = 7;

    private final Random random = new Random(20_261_124);

    @Test
    void goesFromTheThreadWithTheNewestMessageDown() {
        var conversations = conversations(1, 2, 1, 3, 2);

        assertThat(all(conversations, 2)).containsExactly(5L, 4L, 3L);
    }

    @Test
    void newMailNeitherMovesAThreadNorHidesIt() {
        var before = conversations(1, 2, 3, 4, 5);
        var first = page(before, ThreadListPosition.of(null), 2);
        var next =
                ThreadListPosition.of(
                        ThreadListPosition.of(null).next(VALIDITY, first.getLast(), before));

        var after = conversations(1, 2, 3, 4, 5, 2, 5, 6);

        assertThat(first).containsExactly(5L, 4L);
        assertThat(page(after, next, 9)).containsExactly(3L, 2L, 1L);
    }

    @Test
    void showsEveryThreadOnceWhateverComesMeanwhile() {
        for (int round = 0; round < 200; round++) {
            var labels = new ArrayList<Integer>();
            grow(labels, 1 + random.nextInt(30));
            int threads = new HashSet<>(labels).size();
            var seen = new ArrayList<Integer>();
            var anchor = ThreadListPosition.of(null);
            boolean more = true;
            while (more) {
                var now = conversations(labels.stream().mapToInt(Integer::intValue).toArray());
                var page = page(now, anchor, 3);
                page.forEach(uid -> seen.add(labels.get((int) (uid - 1))));
                more = !page.isEmpty();
                if (more) {
                    anchor = ThreadListPosition.of(anchor.next(VALIDITY, page.getLast(), now));
                }
                grow(labels, random.nextInt(5));
            }

            assertThat(seen).doesNotHaveDuplicates().hasSize(threads);
        }
    }

    private void grow(List<Integer> labels, int count) {
        for (int i = 0; i < count; i++) {
            labels.add(random.nextInt(20));
        }
    }

    @Test
    void findsNothingInAnEmptyMailbox() {
        assertThat(all(conversations(), 3)).isEmpty();
    }

    @Test
    void countsUidsAsFarAsTheyGo() {
        var uids = Uids.of(LongStream.of(1, 0x7fff_ffffL, 0x8000_0000L, UidSet.MAX));

        assertThat(uids.stream()).containsExactly(1L, 0x7fff_ffffL, 0x8000_0000L, UidSet.MAX);
        assertThat(uids.indexOf(0x8000_0000L)).isEqualTo(2);
        assertThat(uids.indexUpTo(0x8000_0001L)).isEqualTo(2);
        assertThat(uids.indexUpTo(0)).isEqualTo(-1);
        assertThat(all(Conversations.of(uids, new int[] {0, 1, 0, 2}), 9))
                .containsExactly(UidSet.MAX, 0x8000_0000L, 0x7fff_ffffL);
    }

    @Test
    void takesTheServersThreadsAndWhatThatLeftOut() {
        var threads = new ThreadedUids.Builder();
        int root = threads.add(4, -1, 0);
        threads.add(9, root, 0);
        threads.add(2, -1, 1);
        threads.add(77, -1, 2);

        var conversations = Conversations.of(Uids.of(LongStream.of(2, 4, 6, 9)), threads.build());

        assertThat(conversations.count()).isEqualTo(3);
        assertThat(conversations.members(conversations.of(4))).containsExactly(4L, 9L);
        assertThat(conversations.members(conversations.of(6))).containsExactly(6L);
        assertThat(conversations.of(77)).isEqualTo(-1);
    }

    @Test
    void refusesCursorsOfOtherLists() {
        for (var cursor :
                List.of(
                        Cursor.of('m', 1, 2, 3),
                        Cursor.of('t', 1, 2),
                        Cursor.of('t', 1, 0, 3),
                        Cursor.of('t', 1, 5, 4),
                        Cursor.of('t', 1, 5, UidSet.MAX + 1))) {
            assertThatThrownBy(() -> ThreadListPosition.of(cursor))
                    .isInstanceOf(InvalidRequest.class);
        }
    }

    /** Messages with UIDs from 1 on, each in the conversation with that label. */
    private static Conversations conversations(int... labels) {
        return Conversations.of(Uids.of(LongStream.rangeClosed(1, labels.length)), labels);
    }

    private static List<Long> page(
            Conversations conversations, ThreadListPosition anchor, int limit) {
        var found =
                new ThreadWalk(conversations, anchor)
                        .below(limit, (_, newest) -> new Conversation(newest, List.of()));
        return found.stream().limit(limit).map(Conversation::newest).toList();
    }

    private static List<Long> all(Conversations conversations, int limit) {
        var all = new ArrayList<Long>();
        var anchor = ThreadListPosition.of(null);
        for (var page = page(conversations, anchor, limit); !page.isEmpty(); ) {
            all.addAll(page);
            anchor = ThreadListPosition.of(anchor.next(VALIDITY, page.getLast(), conversations));
            page = page(conversations, anchor, limit);
        }
        return all;
    }
}
