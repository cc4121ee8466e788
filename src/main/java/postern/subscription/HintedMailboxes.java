package postern.subscription;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.imap.MailboxName;
import postern.imap.watch.AccountHints;
import postern.imap.watch.RenamedMailbox;
import postern.web.id.MailboxId;

/** The mailboxes of an account that may have changed since they were looked at. */
final class HintedMailboxes implements AccountHints {

    /** Beyond it, any mailbox may have changed. */
    private static final int MOST = AccountLook.MOST;

    private final Runnable marked;

    // Guarded by the monitor.
    private Set<String> hinted = new HashSet<>();
    private boolean everything;

    /**
     * @param marked hears that there is something to look at
     */
    HintedMailboxes(Runnable marked) {
        this.marked = marked;
    }

    /**
     * Where to look.
     *
     * @param hinted ids of mailboxes that may have changed although their counters are the same
     * @param everything whether any mailbox may have
     */
    record Where(Set<String> hinted, boolean everything) {

        static final Where EVERYWHERE = new Where(Set.of(), true);

        boolean contains(String mailboxId) {
            return everything || hinted.contains(mailboxId);
        }
    }

    /** What has come since the last time. */
    synchronized Where take() {
        var where = new Where(Set.copyOf(hinted), everything);
        hinted = new HashSet<>();
        everything = false;
        return where;
    }

    /** There is still to be looked. */
    synchronized void giveBack(Where where) {
        hinted.addAll(where.hinted());
        everything |= where.everything();
    }

    @Override
    public void messagesMayHaveChanged(MailboxName mailbox) {
        synchronized (this) {
            everything |= hinted.size() >= MOST;
            if (!everything) {
                hinted.add(MailboxId.of(mailbox).text());
            }
        }
        marked.run();
    }

    @Override
    public void mailboxesMayHaveChanged(@Nullable RenamedMailbox renamed) {
        marked.run();
    }

    @Override
    public void seen(MailboxName mailbox) {
        // Its own look lists them, too: the next poll tells of a mailbox that nobody hints at.
    }

    @Override
    public void anythingMayHaveChanged() {
        synchronized (this) {
            everything = true;
        }
        marked.run();
    }
}
