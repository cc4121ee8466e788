package postern.events;

import org.jspecify.annotations.Nullable;
import postern.web.id.MailboxId;

/**
 * The data of {@code resync}: the client is to ask for changes itself.
 *
 * @param mailboxId null for all mailboxes
 */
record Resync(@Nullable MailboxId mailboxId) {}
