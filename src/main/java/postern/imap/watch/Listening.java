package postern.imap.watch;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import postern.account.Account;
import postern.imap.MailboxName;

/** Somebody who wants to know when mailboxes may have changed, until it is closed. */
public final class Listening implements AutoCloseable {

    private final Account account;
    private final List<MailboxName> mailboxes;
    private final boolean everything;
    private final AccountHints hints;
    private volatile Consumer<Boolean> leave = _ -> {};

    private Listening(
            Account account, List<MailboxName> mailboxes, boolean everything, AccountHints hints) {
        this.account = account;
        this.mailboxes = List.copyOf(mailboxes);
        this.everything = everything;
        this.hints = hints;
    }

    static Listening to(Account account, List<MailboxName> mailboxes, Consumer<MailboxName> hint) {
        return new Listening(account, mailboxes, false, new HintsOfMailboxes(mailboxes, hint));
    }

    static Listening toEverything(Account account, AccountHints hints) {
        return new Listening(account, List.of(), true, hints);
    }

    void joined(AccountWatch watch) {
        leave = revoked -> watch.remove(this, revoked);
    }

    Account account() {
        return account;
    }

    /** Empty for one that listens to {@link #everything}. */
    List<MailboxName> mailboxes() {
        return mailboxes;
    }

    /** Whether it listens to all mailboxes that its token reaches. */
    boolean everything() {
        return everything;
    }

    void hint(MailboxName mailbox) {
        if (!everything || !mailbox.located() || account.limits().reaches(mailbox.wire())) {
            hints.messagesMayHaveChanged(mailbox);
        }
    }

    void hintMailboxes(@Nullable RenamedMailbox renamed) {
        hints.mailboxesMayHaveChanged(renamed);
    }

    /**
     * Only of a list by the same user for certain: this tells a name that the listener may not
     * know, and some servers open the mail of somebody else than the user that a token came with.
     *
     * @param by who has listed it
     */
    void hintSeen(Account by, MailboxName mailbox) {
        if (account.cacheOwner().equals(by.cacheOwner())
                && account.limits().reaches(mailbox.wire())) {
            hints.seen(mailbox);
        }
    }

    /** Something may have happened in any of them. */
    void hintAll() {
        hints.anythingMayHaveChanged();
    }

    /** Ends it at once: its credential is no longer good, so that no connection is kept with it. */
    public void revoke() {
        leave.accept(true);
    }

    @Override
    public void close() {
        leave.accept(false);
    }

    /** Hears of mailboxes by the names that it knows: they may have others meanwhile. */
    private record HintsOfMailboxes(List<MailboxName> mailboxes, Consumer<MailboxName> hint)
            implements AccountHints {

        @Override
        public void messagesMayHaveChanged(MailboxName mailbox) {
            for (var known : mailboxes) {
                if (known.same(mailbox)) {
                    hint.accept(known);
                }
            }
        }

        @Override
        public void mailboxesMayHaveChanged(@Nullable RenamedMailbox renamed) {
            // what it listens to has an id, or is another mailbox by another name
        }

        @Override
        public void seen(MailboxName mailbox) {
            // it listens to others
        }

        @Override
        public void anythingMayHaveChanged() {
            mailboxes.forEach(hint);
        }
    }
}
