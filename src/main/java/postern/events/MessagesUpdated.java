package postern.events;

import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.changes.ChangedKeywords;
import postern.web.id.MailboxId;
import postern.web.id.SyncState;

/**
 * The data of {@code message.updated}.
 *
 * @param state of the mailbox after all that has been told; null where more is to come
 */
record MessagesUpdated(
        MailboxId mailboxId, List<ChangedKeywords> updated, @Nullable SyncState state) {}
