package postern.imap.watch;

import java.util.List;
import java.util.function.Consumer;
import postern.account.Account;
import postern.imap.MailboxName;

/** Somebody who wants to know when mailboxes may have changed, until it is closed. */
public final class Listening implements AutoCloseable {

    private final Account account;
    private final List<MailboxName> mailboxes;
    private final Consumer<MailboxName> hint;
    private volatile Consumer<Boolean> leave = _ -> {};

    Listening(Account account, List<MailboxName> mailboxes, Consumer<MailboxName> hint) {
        this.account = account;
        this.mailboxes = List.copyOf(mailboxes);
        this.hint = hint;
    }

    void joined(AccountWatch watch) {
        leave = revoked -> watch.remove(this, revoked);
    }

    Account account() {
        return account;
    }

    List<MailboxName> mailboxes() {
        return mailboxes;
    }

    void hint(MailboxName mailbox) {
        if (mailboxes.contains(mailbox)) {
            hint.accept(mailbox);
        }
    }

    /** Something may have happened in any of them. */
    void hintAll() {
        mailboxes.forEach(hint);
    }

    /** Ends it at once: its credential is no longer good, so that no connection is kept with it. */
    public void revoke() {
        leave.accept(true);
    }

    @Override
    public void close() {
        leave.accept(false);
    }
}
