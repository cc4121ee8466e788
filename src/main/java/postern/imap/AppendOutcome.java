package postern.imap;

/** What became of one of several messages that were appended. */
public sealed interface AppendOutcome {

    /** It is in the mailbox. */
    record Stored(Appended appended) implements AppendOutcome {}

    /** It is not in the mailbox. */
    record NotStored(ImapException why) implements AppendOutcome {}

    /**
     * Nobody knows: the server had all of it when the connection was lost, and had not said yet
     * what became of it.
     */
    record Unknown(ImapException why) implements AppendOutcome {}
}
