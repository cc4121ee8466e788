package postern.subscription;

import org.jspecify.annotations.Nullable;
import postern.web.id.MailboxId;
import postern.web.id.SyncState;

/// What a delivery tells of one mailbox.
///
/// @param mailboxId The mailbox.
/// @param added How many messages were added, of its events.
/// @param updated How many messages were updated, of its events.
/// @param removed How many messages were removed, of its events.
/// @param state Of the mailbox after all that has been told, as `listChanges` takes it; absent
///   where more is to come.
record DeliveredCounts(
        MailboxId mailboxId, int added, int updated, int removed, @Nullable SyncState state) {}
