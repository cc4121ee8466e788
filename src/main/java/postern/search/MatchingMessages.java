package postern.search;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.imap.SelectedMailbox;
import postern.imap.message.SearchTerm;
import postern.imap.message.UidSet;
import postern.message.metadata.FoundUids;
import postern.message.metadata.MailboxEpoch;
import postern.message.metadata.MetadataCache;
import postern.message.metadata.MetadataLoader;

/** Finds the matching messages of one mailbox, including conditions that IMAP cannot evaluate. */
@Component
public final class MatchingMessages {

    /** The number of candidates checked at a time; bounds memory. */
    private static final int AT_ONCE = 500;

    private final MetadataCache cache;

    MatchingMessages(MetadataCache cache) {
        this.cache = cache;
    }

    /**
     * The UIDs of all messages that match, exactly. In most cases this is one SEARCH; otherwise the
     * candidates are checked in chunks of some hundred.
     */
    public UidSet in(SelectedMailbox mailbox, Account account, Criteria criteria) {
        criteria.requirePossible(mailbox.capabilities());
        var found = mailbox.search(criteria.term(mailbox.capabilities()));
        if (criteria.exact()) {
            return found;
        }
        var candidates = new FoundUids(found);
        var matching = new ArrayList<UidSet.Range>();
        while (candidates.left()) {
            var chunk = candidates.newest(AT_ONCE);
            matching.addAll(among(chunk, mailbox, account, criteria).ranges());
        }
        return new UidSet(matching);
    }

    /** Those of these messages that match, exactly. */
    public UidSet of(UidSet some, SelectedMailbox mailbox, Account account, Criteria criteria) {
        criteria.requirePossible(mailbox.capabilities());
        var wanted = criteria.term(mailbox.capabilities());
        var term = new SearchTerm.And(List.of(new SearchTerm.Uids(some), wanted));
        return among(mailbox.search(term), mailbox, account, criteria);
    }

    /**
     * The newest matches, up to the limit. If candidates have to be checked, it stops when there
     * are enough.
     */
    public Newest newest(SelectedMailbox mailbox, Account account, Criteria criteria, int limit) {
        criteria.requirePossible(mailbox.capabilities());
        var found = mailbox.search(criteria.term(mailbox.capabilities()));
        var candidates = new FoundUids(found);
        if (criteria.exact()) {
            return new Newest(candidates.newest(limit), found.size());
        }
        var matching = new ArrayList<UidSet.Range>();
        long count = 0;
        while (candidates.left() && count < limit) {
            var chunk = among(candidates.newest(AT_ONCE), mailbox, account, criteria);
            matching.addAll(chunk.ranges());
            count += chunk.size();
        }
        var newest = new FoundUids(new UidSet(matching)).newest(limit);
        return new Newest(newest, candidates.left() ? null : count);
    }

    /**
     * The newest matches.
     *
     * @param matched the total number of matches; null when not all candidates were checked
     */
    public record Newest(UidSet uids, @Nullable Long matched) {}

    /** Those candidates, found with {@link Criteria#term()}, that match exactly. */
    UidSet among(UidSet candidates, SelectedMailbox mailbox, Account account, Criteria criteria) {
        if (criteria.exact() || candidates.isEmpty()) {
            return candidates;
        }
        var loader =
                new MetadataLoader(
                        mailbox, cache, MailboxEpoch.of(account, mailbox), criteria.items());
        loader.complete(candidates);
        var matching = new ArrayList<Long>();
        var open = new ArrayList<Long>();
        candidates.stream()
                .forEach(uid -> {
                    var known = loader.of(uid);
                    if (known != null) { // null when expunged
                        var decided = criteria.condition().decided(known);
                        if (decided.isEmpty()) {
                            open.add(uid);
                        } else if (decided.get()) {
                            matching.add(uid);
                        }
                    }
                });
        if (!open.isEmpty()) {
            decide(open, loader, mailbox, criteria).stream().forEach(matching::add);
        }
        return UidSet.of(matching);
    }

    /** Lets the mail server combine its own keys with the conditions that were evaluated here. */
    private static UidSet decide(
            List<Long> uids, MetadataLoader loader, SelectedMailbox mailbox, Criteria criteria) {
        Map<Condition.ByMetadata, UidSet> holding = new HashMap<>();
        var all = UidSet.of(uids);
        var term =
                criteria.condition()
                        .known(
                                all,
                                condition ->
                                        holding.computeIfAbsent(
                                                condition, c -> holding(c, uids, loader)));
        return mailbox.search(new SearchTerm.And(List.of(new SearchTerm.Uids(all), term)));
    }

    private static UidSet holding(
            Condition.ByMetadata condition, List<Long> uids, MetadataLoader loader) {
        var holding = new ArrayList<Long>();
        for (long uid : uids) {
            var known = loader.of(uid);
            if (known != null && condition.holds(known)) {
                holding.add(uid);
            }
        }
        return UidSet.of(holding);
    }
}
