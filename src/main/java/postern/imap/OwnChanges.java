package postern.imap;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import postern.account.Account;

/**
 * Tells of what this process itself changes, when the mail server has answered: sooner than the
 * server reports it, and also where it reports nothing. A command that failed may have changed
 * something, and is told, too.
 */
@Component
public final class OwnChanges {

    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    /** Called on the thread that made the change, which holds a connection; must be quick. */
    public interface Listener {

        /**
         * Messages in that mailbox may have changed.
         *
         * @param mailbox as the request named it: its name may be out of date where it has an id
         */
        void messagesChanged(Account account, MailboxName mailbox);

        /**
         * A mailbox was created, renamed or deleted.
         *
         * @param from null for a mailbox that was created
         * @param to null for a mailbox that was deleted
         */
        void mailboxChanged(Account account, @Nullable MailboxName from, @Nullable MailboxName to);

        /**
         * A request has listed all mailboxes of the account, and its client may know them from now
         * on.
         */
        default void listed(Account account, List<MailboxName> mailboxes) {}
    }

    public void addListener(Listener listener) {
        listeners.add(listener);
    }

    public void messagesChanged(Account account, MailboxName mailbox) {
        listeners.forEach(it -> it.messagesChanged(account, mailbox));
    }

    public void mailboxChanged(
            Account account, @Nullable MailboxName from, @Nullable MailboxName to) {
        listeners.forEach(it -> it.mailboxChanged(account, from, to));
    }

    public void listed(Account account, List<MailboxName> mailboxes) {
        listeners.forEach(it -> it.listed(account, mailboxes));
    }
}
