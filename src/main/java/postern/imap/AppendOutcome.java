package postern.imap;

/** The outcome of one of several appended messages. */
public sealed interface AppendOutcome {

    /** The message is stored in the mailbox. */
    record Stored(Appended appended) implements AppendOutcome {}

    /** The message is not in the mailbox. */
    record NotStored(ImapException why) implements AppendOutcome {}

    /**
     * The message may or may not be stored: the connection was lost after the server had received
     * all of it and before it answered.
     */
    record Unknown(ImapException why) implements AppendOutcome {}
}
