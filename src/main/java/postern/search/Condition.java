package postern.search;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import postern.imap.FetchItem;
import postern.imap.SearchTerm;
import postern.imap.UidSet;
import postern.message.MessageFacts;
import postern.message.Moment;

/** A checked condition. Some are search keys of IMAP's, others need a look at the message. */
sealed interface Condition {

    record All(List<Condition> conditions) implements Condition {}

    record Any(List<Condition> conditions) implements Condition {}

    record Not(Condition condition) implements Condition {}

    /** What IMAP can tell. */
    record Key(SearchTerm term) implements Condition {}

    /** What only the message itself tells; IMAP may know a part of it. */
    sealed interface Look extends Condition {

        /** Lets through every message for which this holds. */
        SearchTerm atMost();

        /** Lets through only messages for which this holds. */
        SearchTerm atLeast();

        /** What to fetch of a message to tell. */
        Set<FetchItem> items();

        boolean holds(MessageFacts facts);
    }

    record Attachment() implements Look {

        @Override
        public SearchTerm atMost() {
            return new SearchTerm.All();
        }

        @Override
        public SearchTerm atLeast() {
            return new SearchTerm.Uids(UidSet.EMPTY);
        }

        @Override
        public Set<FetchItem> items() {
            return Set.of(FetchItem.BODY_STRUCTURE);
        }

        @Override
        public boolean holds(MessageFacts facts) {
            return facts.hasAttachment();
        }
    }

    /**
     * Not before an exact time. IMAP knows days of whatever zone, which are up to 14 hours ahead of
     * the day in UTC and up to 12 behind (RFC 9051 §6.4.4).
     *
     * @param sent by the Date header instead of the arrival
     */
    record NotBefore(Moment moment, boolean sent) implements Look {

        @Override
        public SearchTerm atMost() {
            return from(moment.day().minusDays(1));
        }

        @Override
        public SearchTerm atLeast() {
            return from(moment.day().plusDays(2));
        }

        private SearchTerm from(LocalDate day) {
            return sent ? new SearchTerm.SentSince(day) : new SearchTerm.Since(day);
        }

        @Override
        public Set<FetchItem> items() {
            return Set.of(sent ? FetchItem.ENVELOPE : FetchItem.INTERNAL_DATE);
        }

        @Override
        public boolean holds(MessageFacts facts) {
            var time = sent ? facts.sentAt() : facts.receivedAt();
            return time == null || !moment.after(time);
        }
    }

    static Optional<Condition> of(boolean wanted, Condition condition) {
        return Optional.of(wanted ? condition : new Not(condition));
    }

    /** Lets through every message for which this holds, and where IMAP cannot tell more. */
    default SearchTerm atMostOf() {
        return term(Look::atMost, Look::atLeast);
    }

    /** What it comes to when it is known for which messages each look holds. */
    default SearchTerm known(Function<Look, UidSet> holds) {
        Function<Look, SearchTerm> known = look -> new SearchTerm.Uids(holds.apply(look));
        return term(known, known);
    }

    /** NOT turns what lets through too many into what lets through too few. */
    private SearchTerm term(
            Function<Look, SearchTerm> look, Function<Look, SearchTerm> lookWithinNot) {
        return switch (this) {
            case All(var conditions) ->
                    new SearchTerm.And(
                            conditions.stream().map(c -> c.term(look, lookWithinNot)).toList());
            case Any(var conditions) ->
                    conditions.stream()
                            .map(c -> c.term(look, lookWithinNot))
                            .reduce(SearchTerm.Or::new)
                            .orElseGet(() -> new SearchTerm.Uids(UidSet.EMPTY));
            case Not(var condition) -> new SearchTerm.Not(condition.term(lookWithinNot, look));
            case Key(var term) -> term;
            case Look itself -> look.apply(itself);
        };
    }

    /** All looks within. */
    default Stream<Look> looks() {
        return switch (this) {
            case All(var conditions) -> conditions.stream().flatMap(Condition::looks);
            case Any(var conditions) -> conditions.stream().flatMap(Condition::looks);
            case Not(var condition) -> condition.looks();
            case Key _ -> Stream.empty();
            case Look look -> Stream.of(look);
        };
    }

    /**
     * Whether it holds for a message that {@link #atMostOf} has let through; empty when its looks
     * alone do not decide it.
     */
    default Optional<Boolean> decided(MessageFacts facts) {
        return switch (this) {
            case All(var conditions) -> allDecided(conditions, facts);
            case Any any ->
                    any.looks().findAny().isPresent() ? Optional.empty() : Optional.of(true);
            case Not(Look look) -> Optional.of(!look.holds(facts));
            case Not not ->
                    not.looks().findAny().isPresent() ? Optional.empty() : Optional.of(true);
            case Key _ -> Optional.of(true);
            case Look look -> Optional.of(look.holds(facts));
        };
    }

    private static Optional<Boolean> allDecided(List<Condition> conditions, MessageFacts facts) {
        boolean open = false;
        for (var condition : conditions) {
            var decided = condition.decided(facts);
            if (decided.isPresent() && !decided.get()) {
                return decided;
            }
            open |= decided.isEmpty();
        }
        return open ? Optional.empty() : Optional.of(true);
    }
}
