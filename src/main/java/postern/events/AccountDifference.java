package postern.events;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.account.AccountTag;
import postern.imap.ListedMailbox;
import postern.imap.MailboxName;
import postern.imap.watch.RenamedMailbox;
import postern.web.id.MailboxId;

/**
 * What became of the mailboxes of an account.
 *
 * @param changed those whose counters are others
 * @param kept those that were there before, changed or not
 */
record AccountDifference(
        List<MailboxRenamed> renamed,
        List<MailboxRemoved> removed,
        List<MailboxCreated> created,
        Set<ListedMailbox> changed,
        Set<ListedMailbox> kept) {

    /**
     * Null where a mailbox is gone of which only a hash is known.
     *
     * @param renames those that are known of
     */
    static @Nullable AccountDifference of(
            AccountTag tag,
            AccountDigest before,
            AccountDigest now,
            List<ListedMailbox> listed,
            List<RenamedMailbox> renames) {
        var difference =
                new AccountDifference(
                        new ArrayList<>(),
                        new ArrayList<>(),
                        new ArrayList<>(),
                        new HashSet<>(),
                        new HashSet<>());
        var appeared = new LinkedHashMap<String, ListedMailbox>();
        for (var mailbox : listed) {
            long key = AccountDigest.key(tag, mailbox.name());
            var then = before.find(key);
            var counted = now.find(key);
            if (then == null || counted == null) {
                appeared.put(mailbox.name().wire(), mailbox);
            } else {
                difference.keep(mailbox, then, counted);
            }
        }
        var byName = byName(renames);
        var delimiters = delimiters(listed);
        for (var then : before.mailboxes()) {
            if (now.find(then.key()) == null) {
                if (then.id() == null) {
                    return null;
                }
                difference.vanished(then.id(), appeared, byName, delimiters);
            }
        }
        appeared.values().forEach(it -> difference.created.add(MailboxCreated.of(it)));
        return difference;
    }

    private void keep(
            ListedMailbox mailbox, AccountDigest.Mailbox then, AccountDigest.Mailbox now) {
        kept.add(mailbox);
        if (then.name() != now.name()) {
            var id = MailboxId.of(mailbox.name());
            renamed.add(new MailboxRenamed(id.text(), id, mailbox.name().decoded()));
        }
        if (then.counters() != now.counters()) {
            changed.add(mailbox);
        }
    }

    /**
     * Without MAILBOXID a renamed mailbox is another one, and only a rename that is known tells.
     */
    private void vanished(
            String id,
            Map<String, ListedMailbox> appeared,
            Map<String, MailboxName> renames,
            Set<Character> delimiters) {
        var name = MailboxId.parse(id) instanceof MailboxId.ByName(var it) ? it : null;
        var to = name == null || !name.located() ? null : newName(name.wire(), renames, delimiters);
        var mailbox = to == null ? null : appeared.remove(to);
        if (mailbox == null) {
            removed.add(new MailboxRemoved(id));
        } else {
            renamed.add(
                    new MailboxRenamed(id, MailboxId.of(mailbox.name()), mailbox.name().decoded()));
        }
    }

    /** The name of the mailbox itself, or of one that it was below, decides. */
    private static @Nullable String newName(
            String wire, Map<String, MailboxName> renames, Set<Character> delimiters) {
        for (int end = wire.length(); end > 0; end--) {
            var to = renames.get(wire.substring(0, end));
            if (to != null && (end == wire.length() || delimiters.contains(wire.charAt(end)))) {
                return to.wire() + wire.substring(end);
            }
        }
        return null;
    }

    private static Map<String, MailboxName> byName(List<RenamedMailbox> renames) {
        var byName = new HashMap<String, MailboxName>();
        renames.forEach(it -> byName.put(it.from().wire(), it.to()));
        return byName;
    }

    private static Set<Character> delimiters(List<ListedMailbox> listed) {
        var delimiters = new HashSet<Character>();
        for (var mailbox : listed) {
            if (mailbox.delimiter() != null) {
                delimiters.add(mailbox.delimiter());
            }
        }
        return delimiters;
    }
}
