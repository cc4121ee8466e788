package postern.events;

import org.jspecify.annotations.Nullable;
import postern.imap.MailboxName;
import postern.web.id.MailboxId;
import postern.web.id.SyncState;

/** A mailbox of a stream, and how far the client has been told of it. For the stream's thread. */
final class StreamedMailbox {

    private final MailboxId id;
    private final MailboxName name;
    private @Nullable SyncState state;
    private boolean gone;

    StreamedMailbox(MailboxId id, MailboxName name) {
        this.id = id;
        this.name = name;
    }

    /** As in the rows of messages. */
    MailboxId id() {
        return id;
    }

    MailboxName name() {
        return name;
    }

    /** Null where the client must ask for changes, or list anew. */
    @Nullable SyncState state() {
        return state;
    }

    void state(@Nullable SyncState told) {
        state = told;
        gone &= told == null;
    }

    /** Whether the client has been told that it cannot be read. */
    boolean gone() {
        return gone;
    }

    void lose() {
        state = null;
        gone = true;
    }
}
