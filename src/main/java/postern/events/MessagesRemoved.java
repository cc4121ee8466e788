package postern.events;

import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.web.id.MailboxId;
import postern.web.id.MessageId;
import postern.web.id.SyncState;

/**
 * The data of {@code message.removed}.
 *
 * @param state of the mailbox after all that has been told; null where more is to come
 */
record MessagesRemoved(MailboxId mailboxId, List<MessageId> removed, @Nullable SyncState state) {}
