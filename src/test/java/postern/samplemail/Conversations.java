package postern.samplemail;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Which message replies to which, computed from the index alone. */
record Conversations(long seed) {
    // Conversations do not extend over blocks, so no chain of replies is longer than this.
    private static final int BLOCK = 12;
    private static final double ANSWERS = 0.55;

    boolean isAnswer(int index) {
        return index % BLOCK > 0 && SeededRandom.of(seed, index, "answer").happens(ANSWERS);
    }

    int parent(int index) {
        return index - SeededRandom.of(seed, index, "parent").between(1, index % BLOCK);
    }

    /** From the first message of the conversation down to the parent. */
    List<Integer> ancestors(int index) {
        var ancestors = new ArrayList<Integer>();
        for (int i = index; isAnswer(i); ) {
            i = parent(i);
            ancestors.add(i);
        }
        Collections.reverse(ancestors);
        return ancestors;
    }

    String messageId(int index) {
        return "%d.%x@sample.example.org".formatted(index, seed);
    }

    Language language(int index) {
        return Language.roll(SeededRandom.of(seed, root(index), "language"));
    }

    Person author(int index) {
        return language(index).person(SeededRandom.of(seed, index, "author"));
    }

    String subject(int index) {
        var dice = SeededRandom.of(seed, root(index), "subject");
        var subject = language(index).subject(dice);
        var tagged = dice.happens(0.15) ? "[dev] " + subject : subject;
        return isAnswer(index) ? "Re: " + tagged : tagged;
    }

    List<String> paragraphs(int index) {
        return language(index).paragraphs(SeededRandom.of(seed, index, "paragraphs"));
    }

    private int root(int index) {
        return isAnswer(index) ? ancestors(index).getFirst() : index;
    }
}
