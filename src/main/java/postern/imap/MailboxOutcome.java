package postern.imap;

/** How work in one mailbox among many ended. */
public sealed interface MailboxOutcome<T> {

    MailboxName mailbox();

    record Done<T>(MailboxName mailbox, T value) implements MailboxOutcome<T> {}

    /** This mailbox is gone, cannot be selected or refuses; the others do not suffer. */
    record Refused<T>(MailboxName mailbox, ImapException reason) implements MailboxOutcome<T> {}

    /** The value; throws the reason where there is none. */
    default T orThrow() {
        return switch (this) {
            case Done<T>(var _, var value) -> value;
            case Refused<T>(var _, var reason) -> throw reason;
        };
    }
}
