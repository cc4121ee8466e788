package postern.thread;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import postern.account.Account;
import postern.imap.MessageRef;
import postern.imap.SelectedMailbox;
import postern.imap.message.FetchItem;
import postern.imap.message.Flag;
import postern.imap.message.SearchTerm;
import postern.imap.message.SectionRange;
import postern.imap.message.UidSet;
import postern.message.metadata.MailboxEpoch;
import postern.message.metadata.MessageSummary;
import postern.message.metadata.MetadataCache;
import postern.message.metadata.MetadataLoader;
import postern.message.metadata.PreviewLoader;

/** Reads messages of conversations, from several mailboxes at once if need be. Thread-safe. */
final class ThreadMembers {

    /** The number of UIDs in one command, so that servers accept the length of the line. */
    private static final int AT_ONCE = 500;

    private static final Set<FetchItem> FACTS = MessageSummary.items();

    private final Account account;
    private final MetadataCache cache;
    private final List<SectionRange> sections;
    private final Map<MessageRef, ThreadMember> read = new ConcurrentHashMap<>();
    private final Set<MessageRef> unread = ConcurrentHashMap.newKeySet();

    private ThreadMembers(Account account, MetadataCache cache, List<SectionRange> sections) {
        this.account = account;
        this.cache = cache;
        this.sections = sections;
    }

    static ThreadMembers ofLists(Account account, MetadataCache cache) {
        return new ThreadMembers(account, cache, List.of());
    }

    /** Includes the messages' references. */
    static ThreadMembers withHeaders(Account account, MetadataCache cache) {
        return new ThreadMembers(account, cache, List.of(ReferenceHeader.SECTION));
    }

    /**
     * Reads messages of this mailbox.
     *
     * @param uncounted messages of which only {@code \Seen} is checked
     */
    void read(SelectedMailbox mailbox, Collection<Long> uids, Collection<Long> uncounted) {
        var epoch = MailboxEpoch.of(account, mailbox);
        var loader = new MetadataLoader(mailbox, cache, epoch, FACTS);
        var sorted = uids.stream().sorted().toList();
        for (int from = 0; from < sorted.size(); from += AT_ONCE) {
            var chunk = sorted.subList(from, Math.min(sorted.size(), from + AT_ONCE));
            for (var message : loader.fetch(UidSet.of(chunk), sections)) {
                var known = loader.of(message.uid());
                if (known != null) {
                    var ref = epoch.message(message.uid());
                    var header = sections.isEmpty() ? null : ThreadedMailbox.header(message);
                    read.put(ref, new ThreadMember(ref, message.flags(), known, header));
                }
            }
        }
        if (!uncounted.isEmpty()) {
            unreadAmong(Set.copyOf(uncounted), mailbox, epoch);
        }
    }

    /**
     * Makes the previews that the mail server does not provide, for messages that were read before.
     */
    void preview(SelectedMailbox mailbox, Collection<MessageRef> refs) {
        var previews = new PreviewLoader(cache, MailboxEpoch.of(account, mailbox));
        for (var ref : refs) {
            var member = read.get(ref);
            if (member != null) {
                previews.want(ref.uid(), member.metadata());
            }
        }
        previews.fetch(mailbox);
        for (var ref : refs) {
            var metadata = previews.made().get(ref.uid());
            if (metadata != null) {
                read.computeIfPresent(ref, (_, member) -> member.with(metadata));
            }
        }
    }

    /** Searches one range, because a list of many UIDs would exceed the line length of servers. */
    private void unreadAmong(Set<Long> uncounted, SelectedMailbox mailbox, MailboxEpoch epoch) {
        var range = UidSet.range(Collections.min(uncounted), Collections.max(uncounted));
        var unseen = new SearchTerm.Not(new SearchTerm.HasFlag(Flag.SEEN));
        mailbox.search(new SearchTerm.And(List.of(unseen, new SearchTerm.Uids(range)))).stream()
                .filter(uncounted::contains)
                .forEach(uid -> unread.add(epoch.message(uid)));
    }

    /** Whether the mail server has a thread id for any of them. */
    boolean named() {
        return read.values().stream().anyMatch(member -> member.metadata().threadId() != null);
    }

    /** Null when it was not read, or is expunged. */
    @Nullable ThreadMember get(MessageRef ref) {
        return read.get(ref);
    }

    /** Those that still exist, oldest first. */
    List<ThreadMember> of(Collection<ThreadEntry> messages) {
        return messages.stream()
                .<ThreadMember>mapMulti((placed, down) -> {
                    var member = read.get(placed.ref());
                    if (member != null) {
                        down.accept(member);
                    }
                })
                .sorted(ThreadMember.OLDEST_FIRST)
                .toList();
    }

    boolean unread(MessageRef ref) {
        var member = read.get(ref);
        return member == null ? unread.contains(ref) : member.unread();
    }
}
