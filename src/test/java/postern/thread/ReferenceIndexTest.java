package postern.thread;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ReferenceIndexTest {

    private static final long SEED = 20_261_124;

    private final ReferenceIndex index = new ReferenceIndex(0);

    /** A message as written in a test: its own id (0 for none) and its references. */
    private record Letter(long id, long... references) {}

    @Test
    void joinsWhatRefersToTheSameMessageThoughThatIsNotThere() {
        add(new Letter(1), new Letter(2, 99), new Letter(3, 99, 1000), new Letter(4, 5));

        assertThat(partition(4)).containsExactlyInAnyOrder(Set.of(1L), Set.of(2L, 3L), Set.of(4L));
    }

    @Test
    void joinsWhateverComesFirst() {
        add(new Letter(3, 1, 2), new Letter(1), new Letter(2, 1));

        assertThat(partition(3)).containsExactly(Set.of(1L, 2L, 3L));
    }

    @Test
    void standsLoopsAndMessagesThatReferToThemselves() {
        add(new Letter(1, 2), new Letter(2, 3), new Letter(3, 1), new Letter(4, 4));

        assertThat(partition(4)).containsExactlyInAnyOrder(Set.of(1L, 2L, 3L), Set.of(4L));
    }

    @Test
    void keepsMessagesWithTheSameIdTogetherAndThoseWithoutOneApart() {
        add(new Letter(7), new Letter(7), new Letter(0), new Letter(0), new Letter(0, 7));

        assertThat(partition(5))
                .containsExactlyInAnyOrder(Set.of(1L, 2L, 5L), Set.of(3L), Set.of(4L));
    }

    @Test
    void stillJoinsByAMessageThatHasGone() {
        add(new Letter(1), new Letter(2, 1), new Letter(3, 2));

        var left = index.conversations(Uids.of(LongStream.of(1, 3)));

        assertThat(left.count()).isEqualTo(1);
    }

    @Test
    void findsAllAroundAMessageAndAroundAnIdThatIsOnlyReferredTo() {
        add(new Letter(1, 50), new Letter(2, 50), new Letter(3));
        var named = new HashSet<Long>();
        var found = new TreeSet<Long>();

        index.aroundMessage(2, named, (_, uid) -> found.add(uid));

        assertThat(found).containsExactly(1L, 2L);
        assertThat(named).containsExactlyInAnyOrder(1L, 2L, 50L);
        found.clear();
        index.aroundId(50, named, (_, uid) -> found.add(uid));
        assertThat(found).containsExactly(1L, 2L);
        index.aroundId(51, named, (_, _) -> found.add(0L));
        index.aroundMessage(9, named, (_, _) -> found.add(0L));
        assertThat(found).doesNotContain(0L);
    }

    @Test
    void takesNoMessageTwice() {
        add(new Letter(1), new Letter(2, 1));
        index.add(2, new ReferenceHeader(77, new long[0]));

        assertThat(index.messages()).isEqualTo(2);
        assertThat(partition(2)).containsExactly(Set.of(1L, 2L));
    }

    @Test
    void findsTheSameConversationsInWhateverOrderMessagesArrive() {
        var random = new Random(SEED);
        for (int round = 0; round < 300; round++) {
            var letters = letters(random, 1 + random.nextInt(40), 1 + random.nextInt(50));
            var expected = byDefinition(letters);
            for (int order = 0; order < 4; order++) {
                var shuffled = new ArrayList<>(IntStream.range(0, letters.size()).boxed().toList());
                Collections.shuffle(shuffled, random);
                var index = new ReferenceIndex(0);
                for (int i = 0; i < shuffled.size(); i++) {
                    index.add(i + 1, header(letters.get(shuffled.get(i))));
                }

                var found = new HashSet<Set<Integer>>();
                for (var conversation : partition(index, letters.size())) {
                    var members = new HashSet<Integer>();
                    conversation.forEach(uid -> members.add(shuffled.get((int) (uid - 1))));
                    found.add(members);
                }

                assertThat(found).as("round %d", round).isEqualTo(expected);
            }
        }
    }

    @Test
    void isNotSlowedDownByWhateverAMessageRefersTo() {
        int messages = 100_000;
        var references = new long[32];
        for (int i = 1; i <= messages; i++) {
            for (int r = 0; r < references.length; r++) {
                references[r] = 1 + (i * 31L + r * 17L) % messages;
            }
            index.add(i, new ReferenceHeader(i, references));
        }

        assertThat(index.conversations(all(messages)).count()).isEqualTo(1);
        assertThat(index.octets()).isLessThan(12_000_000);
    }

    @Test
    void joinsAChainOfAHundredThousandMessages() {
        int messages = 100_000;
        for (int i = 1; i <= messages; i++) {
            index.add(i, new ReferenceHeader(i, new long[] {i + 1}));
        }

        assertThat(index.conversations(all(messages)).count()).isEqualTo(1);
    }

    private void add(Letter... letters) {
        for (int i = 0; i < letters.length; i++) {
            index.add(i + 1, header(letters[i]));
        }
    }

    private static ReferenceHeader header(Letter letter) {
        return new ReferenceHeader(letter.id, letter.references);
    }

    private static List<Letter> letters(Random random, int count, int ids) {
        var letters = new ArrayList<Letter>();
        for (int i = 0; i < count; i++) {
            var references = random.longs(random.nextInt(4), 1, ids + 1L).toArray();
            letters.add(new Letter(random.nextInt(ids + 1), references));
        }
        return letters;
    }

    /**
     * The definition of a conversation: messages that have a Message-ID in common, own or
     * referenced.
     */
    private static Set<Set<Integer>> byDefinition(List<Letter> letters) {
        var conversations = new ArrayList<Set<Integer>>();
        var ids = new ArrayList<Set<Long>>();
        for (int i = 0; i < letters.size(); i++) {
            var members = new HashSet<>(Set.of(i));
            var named = new HashSet<Long>();
            LongStream.of(letters.get(i).references).forEach(named::add);
            if (letters.get(i).id != MessageIdHash.NONE) {
                named.add(letters.get(i).id);
            }
            for (int other = conversations.size() - 1; other >= 0; other--) {
                if (!Collections.disjoint(ids.get(other), named)) {
                    members.addAll(conversations.remove(other));
                    named.addAll(ids.remove(other));
                }
            }
            conversations.add(members);
            ids.add(named);
        }
        return Set.copyOf(conversations);
    }

    private Set<Set<Long>> partition(int messages) {
        return partition(index, messages);
    }

    private static Set<Set<Long>> partition(ReferenceIndex index, int messages) {
        var conversations = index.conversations(all(messages));
        Map<Integer, Set<Long>> byNumber = new TreeMap<>();
        for (long uid = 1; uid <= messages; uid++) {
            byNumber.computeIfAbsent(conversations.of(uid), _ -> new TreeSet<>()).add(uid);
        }
        return new HashSet<>(byNumber.values());
    }

    private static Uids all(int messages) {
        return Uids.of(LongStream.rangeClosed(1, messages));
    }
}
