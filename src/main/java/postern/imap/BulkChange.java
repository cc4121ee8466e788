package postern.imap;

import postern.imap.message.FlagChange;

/** What is done to many messages at once. */
public sealed interface BulkChange {

    record Store(FlagChange flags) implements BulkChange {}

    record Copy(MailboxName destination) implements BulkChange {}

    record Move(MailboxName destination) implements BulkChange {}

    /** Removes them for good. */
    record Expunge() implements BulkChange {}
}
