package postern.imap.watch;

import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.account.Account;
import postern.imap.MailboxName;

/**
 * What an account's connection is to watch.
 *
 * @param account with the credential of one listener
 * @param most the mailbox with the most listeners, which IDLE is used for
 * @param others the other mailboxes that are listened to by themselves
 * @param everything whether somebody listens to all mailboxes
 */
record Wanted(Account account, MailboxName most, Set<MailboxName> others, boolean everything) {

    /**
     * The listeners must not be none. What is watched already stays as it is while it is as good as
     * anything else: another credential costs a login, another mailbox an EXAMINE.
     */
    static Wanted of(Collection<Listening> listeners, @Nullable Wanted before) {
        Map<MailboxName, Integer> counts = new LinkedHashMap<>();
        for (var listening : listeners) {
            listening.mailboxes().forEach(name -> counts.merge(name, 1, Integer::sum));
            if (listening.everything()) {
                counts.merge(MailboxName.INBOX, 1, Integer::sum); // where most happens
            }
        }
        var most =
                counts.keySet().stream()
                        .max(
                                Comparator.comparingInt(
                                                (MailboxName it) -> counts.getOrDefault(it, 0))
                                        .thenComparing(it -> isMost(before, it))
                                        .thenComparing(it -> it.inbox()))
                        .orElseThrow();
        var others = new LinkedHashSet<>(counts.keySet());
        others.remove(most);
        var accounts = listeners.stream().map(Listening::account).toList();
        var account =
                before != null && accounts.contains(before.account())
                        ? before.account()
                        : accounts.getLast();
        boolean everything = listeners.stream().anyMatch(Listening::everything);
        return new Wanted(account, most, Set.copyOf(others), everything);
    }

    private static boolean isMost(@Nullable Wanted before, MailboxName mailbox) {
        return before != null && before.most().equals(mailbox);
    }

    Set<MailboxName> all() {
        var all = new LinkedHashSet<>(others);
        all.add(most);
        return all;
    }

    /** Whether IDLE in one mailbox is not enough, also because that could be renamed. */
    boolean moreThanOne() {
        return everything || !others.isEmpty() || most.id() != null;
    }

    /** Whether somebody listens to that mailbox. */
    boolean contains(MailboxName mailbox) {
        return everything || all().stream().anyMatch(mailbox::same);
    }
}
