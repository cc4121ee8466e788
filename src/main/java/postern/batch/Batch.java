package postern.batch;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import postern.imap.message.Flag;
import postern.imap.message.FlagChange;
import postern.message.metadata.Keywords;
import postern.search.Criteria;
import postern.web.id.MailboxId;
import postern.web.id.MessageId;
import postern.web.problem.InvalidRequest;

/** A validated {@link BatchRequest}. */
record Batch(Messages messages, FlagChange keywords, Action action, boolean dryRun) {

    private static final int MOST_IDS = 1_000;
    private static final int MOST_MATCHES = 10_000;
    private static final int MOST_KEYWORDS = 100;

    /** The messages to change. */
    sealed interface Messages {}

    record ByIds(List<MessageId> ids) implements Messages {}

    record Matching(MailboxId mailbox, Criteria criteria, int limit) implements Messages {}

    /** The action after the keywords have been stored. */
    sealed interface Action {}

    record Nothing() implements Action {}

    record Move(MailboxId to) implements Action {}

    record Copy(MailboxId to) implements Action {}

    record Trash() implements Action {}

    record Expunge() implements Action {}

    /** Throws InvalidRequest, which names the first invalid member. */
    static Batch of(BatchRequest request) {
        return new Batch(
                messages(request),
                keywords(request),
                action(request),
                Boolean.TRUE.equals(request.dryRun()));
    }

    private static Messages messages(BatchRequest request) {
        var ids = request.ids();
        var filter = request.filter();
        if (ids == null) {
            if (filter == null) {
                throw InvalidRequest.at("", "must have `ids` or `filter`");
            }
            if (request.mailboxId() == null) {
                throw InvalidRequest.at("/mailboxId", "is missing: where to look by `filter`");
            }
            return new Matching(
                    request.mailboxId(), Criteria.of(filter, "/filter"), limit(request.limit()));
        }
        refuse("/filter", filter, "must not come with `ids`");
        refuse("/mailboxId", request.mailboxId(), "goes with `filter`");
        refuse("/limit", request.limit(), "goes with `filter`");
        if (ids.size() > MOST_IDS) {
            throw InvalidRequest.at("/ids", "must be at most " + MOST_IDS);
        }
        return new ByIds(List.copyOf(ids));
    }

    private static int limit(@Nullable Integer limit) {
        if (limit == null) {
            return MOST_IDS;
        }
        if (limit < 1 || limit > MOST_MATCHES) {
            throw InvalidRequest.at("/limit", "must be 1 to " + MOST_MATCHES);
        }
        return limit;
    }

    private static Action action(BatchRequest request) {
        if (request.moveTo() != null) {
            refuse("/copyTo", request.copyTo(), "must not come with `moveTo`");
            refuse("/delete", request.delete(), "must not come with `moveTo`");
            return new Move(request.moveTo());
        }
        if (request.copyTo() != null) {
            refuse("/delete", request.delete(), "must not come with `copyTo`");
            refuse("/keywords", request.keywords(), "must not come with `copyTo`");
            return new Copy(request.copyTo());
        }
        if (request.delete() != null) {
            refuse("/keywords", request.keywords(), "must not come with `delete`");
            return request.delete() == Deletion.TRASH ? new Trash() : new Expunge();
        }
        if (request.keywords() == null) {
            throw InvalidRequest.at(
                    "", "must have one of `keywords`, `moveTo`, `copyTo` and `delete`");
        }
        return new Nothing();
    }

    private static void refuse(String pointer, @Nullable Object value, String detail) {
        if (value != null) {
            throw InvalidRequest.at(pointer, detail);
        }
    }

    private static FlagChange keywords(BatchRequest request) {
        var keywords = request.keywords();
        if (keywords == null) {
            return new FlagChange(Set.of(), Set.of());
        }
        if (keywords.size() > MOST_KEYWORDS) {
            throw InvalidRequest.at("/keywords", "must be at most " + MOST_KEYWORDS);
        }
        var all = new HashSet<Flag>();
        for (var keyword : keywords.keySet()) {
            var at = "/keywords/" + keyword.replace("~", "~0").replace("/", "~1");
            var flag =
                    Keywords.flag(keyword)
                            .orElseThrow(() ->
                                    InvalidRequest.at(at, "is no keyword that can be stored"));
            if (!all.add(flag)) {
                throw InvalidRequest.at(at, "is there twice: case makes no difference");
            }
        }
        return new FlagChange(
                Set.copyOf(flags(keywords, true).toList()),
                Set.copyOf(flags(keywords, false).toList()));
    }

    private static Stream<Flag> flags(Map<String, @Nullable Boolean> keywords, boolean set) {
        return keywords.entrySet().stream()
                .filter(entry -> Boolean.TRUE.equals(entry.getValue()) == set)
                .flatMap(entry -> Keywords.flag(entry.getKey()).stream());
    }
}
