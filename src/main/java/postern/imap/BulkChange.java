package postern.imap;

import postern.imap.message.FlagChange;

/** A change applied to many messages at once. */
public sealed interface BulkChange {

    record Store(FlagChange flags) implements BulkChange {}

    record Copy(MailboxName destination) implements BulkChange {}

    record Move(MailboxName destination) implements BulkChange {}

    /** Removes the messages for good. */
    record Expunge() implements BulkChange {}
}
