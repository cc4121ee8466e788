package postern.events;

import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.message.metadata.MessageSummary;
import postern.web.id.MailboxId;
import postern.web.id.SyncState;

/**
 * The data of {@code message.added}.
 *
 * @param state of the mailbox after all that has been told; null where more is to come
 */
record MessagesAdded(MailboxId mailboxId, List<MessageSummary> added, @Nullable SyncState state) {}
