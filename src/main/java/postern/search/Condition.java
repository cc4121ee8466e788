package postern.search;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import postern.imap.Capabilities;
import postern.imap.message.FetchItem;
import postern.imap.message.SearchTerm;
import postern.imap.message.UidSet;
import postern.message.metadata.AutomaticKind;
import postern.message.metadata.DayOrInstant;
import postern.message.metadata.MessageMetadata;

/**
 * A checked condition. Some conditions are IMAP search keys; others need the message's metadata.
 */
sealed interface Condition {

    record All(List<Condition> conditions) implements Condition {}

    record Any(List<Condition> conditions) implements Condition {}

    record Not(Condition condition) implements Condition {}

    /** A condition that IMAP can evaluate. */
    record Key(SearchTerm term) implements Condition {}

    /** A condition that only the metadata decide; IMAP can narrow down the candidates. */
    sealed interface ByMetadata extends Condition {

        /** Matches at least all messages for which this holds. */
        SearchTerm atMost(Capabilities server);

        /** Matches at least all messages for which this does not hold. */
        SearchTerm atMostWithout(Capabilities server);

        /** The items to fetch to evaluate it. */
        Set<FetchItem> items();

        boolean holds(MessageMetadata metadata);
    }

    record Attachment() implements ByMetadata {

        @Override
        public SearchTerm atMost(Capabilities server) {
            return new SearchTerm.All();
        }

        @Override
        public SearchTerm atMostWithout(Capabilities server) {
            return new SearchTerm.All();
        }

        @Override
        public Set<FetchItem> items() {
            return Set.of(FetchItem.BODY_STRUCTURE);
        }

        @Override
        public boolean holds(MessageMetadata metadata) {
            return metadata.parts().hasAttachment();
        }
    }

    /**
     * At or after an exact time. IMAP compares days of the message's own time zone, which are up to
     * 14 hours ahead of UTC and up to 12 behind (RFC 9051 §6.4.4).
     *
     * @param sent compares the Date header instead of the arrival
     */
    record NotBefore(DayOrInstant moment, boolean sent) implements ByMetadata {

        @Override
        public SearchTerm atMost(Capabilities server) {
            var earlier = moment.day().minusDays(1);
            return sent ? new SearchTerm.SentSince(earlier) : new SearchTerm.Since(earlier);
        }

        @Override
        public SearchTerm atMostWithout(Capabilities server) {
            var later = moment.day().plusDays(2);
            return sent ? new SearchTerm.SentBefore(later) : new SearchTerm.Before(later);
        }

        @Override
        public Set<FetchItem> items() {
            return Set.of(sent ? FetchItem.ENVELOPE : FetchItem.INTERNAL_DATE);
        }

        @Override
        public boolean holds(MessageMetadata metadata) {
            var sentAt = metadata.header().sentAt();
            var time = !sent ? metadata.receivedAt() : sentAt == null ? null : sentAt.toInstant();
            return time == null || !moment.after(time);
        }
    }

    /**
     * Has this Message-ID, letter by letter. The mail server looks for a part of the field, without
     * regard to case.
     */
    record InternetMessageId(String id) implements ByMetadata {

        @Override
        public SearchTerm atMost(Capabilities server) {
            return new SearchTerm.Header("Message-ID", id);
        }

        @Override
        public SearchTerm atMostWithout(Capabilities server) {
            return new SearchTerm.All();
        }

        @Override
        public Set<FetchItem> items() {
            return Set.of(FetchItem.ENVELOPE);
        }

        @Override
        public boolean holds(MessageMetadata metadata) {
            return id.equals(metadata.header().internetMessageId());
        }
    }

    /**
     * Tells that it should get no automatic answer.
     *
     * @param kinds at least one of these
     */
    record Automatic(Set<AutomaticKind> kinds) implements ByMetadata {

        /** Whose mere presence makes a message automatic. */
        private static final List<String> SUFFICIENT =
                List.of("List-Id", "List-Post", "List-Unsubscribe");

        @Override
        public SearchTerm atMost(Capabilities server) {
            return server.searchesAllHeaders()
                    ? kinds.stream()
                            .flatMap(kind -> kind.signs().stream())
                            .distinct()
                            .reduce(SearchTerm.Or::new)
                            .orElseGet(SearchTerm.All::new)
                    : new SearchTerm.All();
        }

        @Override
        public SearchTerm atMostWithout(Capabilities server) {
            return server.searchesAllHeaders() && kinds.size() == AutomaticKind.values().length
                    ? new SearchTerm.And(
                            SUFFICIENT.stream()
                                    .<SearchTerm>map(name ->
                                            new SearchTerm.Not(new SearchTerm.Header(name, "")))
                                    .toList())
                    : new SearchTerm.All();
        }

        @Override
        public Set<FetchItem> items() {
            return Set.of(FetchItem.AUTOMATIC);
        }

        @Override
        public boolean holds(MessageMetadata metadata) {
            return !Collections.disjoint(kinds, metadata.origin().automatic());
        }
    }

    static Optional<Condition> of(boolean wanted, Condition condition) {
        return Optional.of(wanted ? condition : new Not(condition));
    }

    /** Matches at least all messages for which this holds, and more where IMAP cannot decide. */
    default SearchTerm atMostOf(Capabilities server) {
        return term(
                false,
                (condition, not) ->
                        not ? condition.atMostWithout(server) : condition.atMost(server));
    }

    /**
     * The exact condition, once it is known for which messages each {@link ByMetadata} holds.
     *
     * @param all the messages for which that is known
     */
    default SearchTerm known(UidSet all, Function<ByMetadata, UidSet> holds) {
        return term(
                false,
                (condition, not) -> {
                    var holding = holds.apply(condition);
                    return new SearchTerm.Uids(not ? all.without(holding) : holding);
                });
    }

    /**
     * Moves NOT inwards until it precedes a single key, because servers do not reliably support
     * anything else (Courier refuses NOT NOT).
     */
    private SearchTerm term(boolean not, BiFunction<ByMetadata, Boolean, SearchTerm> toTerm) {
        return switch (this) {
            case All(var conditions) ->
                    not ? any(conditions, true, toTerm) : all(conditions, false, toTerm);
            case Any(var conditions) ->
                    not ? all(conditions, true, toTerm) : any(conditions, false, toTerm);
            case Not(var condition) -> condition.term(!not, toTerm);
            case Key(var term) -> not ? new SearchTerm.Not(term) : term;
            case ByMetadata condition -> toTerm.apply(condition, not);
        };
    }

    private static SearchTerm all(
            List<Condition> conditions,
            boolean not,
            BiFunction<ByMetadata, Boolean, SearchTerm> toTerm) {
        return new SearchTerm.And(conditions.stream().map(c -> c.term(not, toTerm)).toList());
    }

    private static SearchTerm any(
            List<Condition> conditions,
            boolean not,
            BiFunction<ByMetadata, Boolean, SearchTerm> toTerm) {
        return conditions.stream()
                .map(c -> c.term(not, toTerm))
                .reduce(SearchTerm.Or::new)
                .orElseGet(() -> new SearchTerm.Uids(UidSet.EMPTY));
    }

    /** All conditions within that need metadata. */
    default Stream<ByMetadata> byMetadata() {
        return switch (this) {
            case All(var conditions) -> conditions.stream().flatMap(Condition::byMetadata);
            case Any(var conditions) -> conditions.stream().flatMap(Condition::byMetadata);
            case Not(var condition) -> condition.byMetadata();
            case Key _ -> Stream.empty();
            case ByMetadata condition -> Stream.of(condition);
        };
    }

    /**
     * Whether it holds for a message that matches {@link #atMostOf}; empty when the metadata alone
     * do not decide it.
     */
    default Optional<Boolean> decided(MessageMetadata metadata) {
        return switch (this) {
            case All(var conditions) -> allDecided(conditions, metadata);
            case Any any ->
                    any.byMetadata().findAny().isPresent() ? Optional.empty() : Optional.of(true);
            case Not(ByMetadata condition) -> Optional.of(!condition.holds(metadata));
            case Not not ->
                    not.byMetadata().findAny().isPresent() ? Optional.empty() : Optional.of(true);
            case Key _ -> Optional.of(true);
            case ByMetadata condition -> Optional.of(condition.holds(metadata));
        };
    }

    private static Optional<Boolean> allDecided(
            List<Condition> conditions, MessageMetadata metadata) {
        boolean open = false;
        for (var condition : conditions) {
            var decided = condition.decided(metadata);
            if (decided.isPresent() && !decided.get()) {
                return decided;
            }
            open |= decided.isEmpty();
        }
        return open ? Optional.empty() : Optional.of(true);
    }
}
