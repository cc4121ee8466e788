package postern.message.sync;

import org.jspecify.annotations.Nullable;
import postern.account.Account;
import postern.account.AccountTag;
import postern.imap.MailboxName;
import postern.imap.MailboxStatus;
import postern.web.id.SyncState;

/**
 * Compares the state of a mailbox with its counters, without opening it. Counters alone cannot show
 * everything: {@link ChangesSince} also looks at messages.
 *
 * @param renamed the same state under the name that the mailbox has now; null where it has the name
 *     of the state
 */
public record StateComparison(Verdict verdict, @Nullable SyncState renamed) {

    /** What the counters show. */
    public enum Verdict {
        SAME,
        CHANGED,
        /** The counters are not enough, or the mail server did not send them. */
        UNKNOWN,
        /** The state is not of this mailbox, or the mail server lost its memory of that time. */
        EXPIRED
    }

    private static final StateComparison EXPIRED = new StateComparison(Verdict.EXPIRED, null);

    /**
     * @param name as it is now
     * @param now null where the mail server does not count this mailbox
     */
    public static StateComparison of(
            Account account, String token, MailboxName name, @Nullable MailboxStatus now) {
        MailboxState old;
        try {
            old = MailboxState.of(SyncState.parse(token));
        } catch (IllegalArgumentException _) {
            return EXPIRED;
        }
        if (!old.accountTag().equals(AccountTag.of(account))) {
            return EXPIRED;
        }
        var verdict = now == null ? Verdict.UNKNOWN : verdict(old, name, now);
        boolean renamed =
                verdict != Verdict.EXPIRED
                        && old.nameHash() != 0
                        && old.nameHash() != MailboxState.nameHash(name);
        return new StateComparison(verdict, renamed ? old.named(name).token() : null);
    }

    private static Verdict verdict(MailboxState old, MailboxName name, MailboxStatus now) {
        if (old.identity() != MailboxState.identity(name, now.mailboxId())) {
            // Where STATUS tells no id, SELECT may tell one.
            return now.mailboxId() == null ? Verdict.UNKNOWN : Verdict.EXPIRED;
        }
        if (now.uidValidity() == null) {
            return Verdict.UNKNOWN;
        }
        boolean renumbered =
                now.uidValidity() != old.uidValidity() && !(old.neverUsed() && now.neverUsed());
        if (renumbered
                || isBelow(now.uidNext(), old.uidNext())
                || old.highestModSeq() > 0 && isBelow(now.highestModSeq(), old.highestModSeq())) {
            return Verdict.EXPIRED;
        }
        if (differs(now.messages(), old.messages())
                || differs(now.uidNext(), old.uidNext())
                || old.highestModSeq() > 0 && differs(now.highestModSeq(), old.highestModSeq())) {
            return Verdict.CHANGED;
        }
        boolean sent = now.messages() != null && now.uidNext() != null;
        boolean seesKeywords =
                old.highestModSeq() > 0 ? isSent(now.highestModSeq()) : old.messages() == 0;
        return sent && seesKeywords ? Verdict.SAME : Verdict.UNKNOWN;
    }

    /** 0 says that the mailbox has no mod-sequences now (RFC 7162 §3.1.2.2). */
    private static boolean isSent(@Nullable Long modSeq) {
        return modSeq != null && modSeq > 0;
    }

    private static boolean isBelow(@Nullable Long now, long before) {
        return now != null && now > 0 && now < before;
    }

    private static boolean differs(@Nullable Long now, long before) {
        return now != null && now != before;
    }
}
