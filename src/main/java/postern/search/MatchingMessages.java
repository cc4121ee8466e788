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

/** Finds what matches in one mailbox, also where IMAP has no key for it. */
@Component
public final class MatchingMessages {

    /** FoundUids that are looked at together; so much is held of them, and no more. */
    private static final int AT_ONCE = 500;

    private final MetadataCache cache;

    MatchingMessages(MetadataCache cache) {
        this.cache = cache;
    }

    /**
     * The UIDs of all messages that match, exactly. Most often that is one SEARCH; else the
     * candidates are looked at, some hundred at a time.
     */
    public UidSet in(SelectedMailbox mailbox, Account account, Criteria criteria) {
        criteria.requirePossible(mailbox.capabilities());
        var found = mailbox.search(criteria.term());
        if (criteria.exact()) {
            return found;
        }
        var candidates = new FoundUids(found);
        var matching = new ArrayList<UidSet.Range>();
        while (candidates.left()) {
            var some = candidates.newest(AT_ONCE);
            matching.addAll(among(some, mailbox, account, criteria).ranges());
        }
        return new UidSet(matching);
    }

    /**
     * The newest that match, no more than the limit. Where candidates are looked at, that ends when
     * there are enough.
     */
    public Newest newest(SelectedMailbox mailbox, Account account, Criteria criteria, int limit) {
        criteria.requirePossible(mailbox.capabilities());
        var found = mailbox.search(criteria.term());
        var candidates = new FoundUids(found);
        if (criteria.exact()) {
            return new Newest(candidates.newest(limit), found.size());
        }
        var matching = new ArrayList<UidSet.Range>();
        long count = 0;
        while (candidates.left() && count < limit) {
            var some = among(candidates.newest(AT_ONCE), mailbox, account, criteria);
            matching.addAll(some.ranges());
            count += some.size();
        }
        var newest = new FoundUids(new UidSet(matching)).newest(limit);
        return new Newest(newest, candidates.left() ? null : count);
    }

    /**
     * The newest of those that match.
     *
     * @param matched how many match in all; null where not all candidates were looked at
     */
    public record Newest(UidSet uids, @Nullable Long matched) {}

    /** Those of some candidates, which the criteria's term has found, that really match. */
    UidSet among(UidSet candidates, SelectedMailbox mailbox, Account account, Criteria criteria) {
        if (criteria.exact() || candidates.isEmpty()) {
            return candidates;
        }
        var facts =
                new MetadataLoader(
                        mailbox, cache, MailboxEpoch.of(account, mailbox), criteria.items());
        facts.complete(candidates);
        var matching = new ArrayList<Long>();
        var open = new ArrayList<Long>();
        candidates.stream()
                .forEach(uid -> {
                    var known = facts.of(uid);
                    if (known != null) { // or it is gone
                        var decided = criteria.condition().decided(known);
                        if (decided.isEmpty()) {
                            open.add(uid);
                        } else if (decided.get()) {
                            matching.add(uid);
                        }
                    }
                });
        if (!open.isEmpty()) {
            decide(open, facts, mailbox, criteria).stream().forEach(matching::add);
        }
        return UidSet.of(matching);
    }

    /** The mail server puts together what it knows with what we have seen. */
    private static UidSet decide(
            List<Long> uids, MetadataLoader facts, SelectedMailbox mailbox, Criteria criteria) {
        Map<Condition.Look, UidSet> seen = new HashMap<>();
        var all = UidSet.of(uids);
        var term =
                criteria.condition()
                        .known(
                                all,
                                look -> seen.computeIfAbsent(look, l -> holding(l, uids, facts)));
        return mailbox.search(new SearchTerm.And(List.of(new SearchTerm.Uids(all), term)));
    }

    private static UidSet holding(Condition.Look look, List<Long> uids, MetadataLoader facts) {
        var holding = new ArrayList<Long>();
        for (long uid : uids) {
            var known = facts.of(uid);
            if (known != null && look.holds(known)) {
                holding.add(uid);
            }
        }
        return UidSet.of(holding);
    }
}
