package postern.imap;

/** The outcome of the work in one of several mailboxes. */
public sealed interface MailboxOutcome<T> {

    MailboxName mailbox();

    record Done<T>(MailboxName mailbox, T value) implements MailboxOutcome<T> {}

    /** This mailbox does not exist, cannot be selected or refuses; the others are not affected. */
    record Refused<T>(MailboxName mailbox, ImapException reason) implements MailboxOutcome<T> {}

    /** The value; throws the reason of a refusal. */
    default T orThrow() {
        return switch (this) {
            case Done<T>(var _, var value) -> value;
            case Refused<T>(var _, var reason) -> throw reason;
        };
    }
}
