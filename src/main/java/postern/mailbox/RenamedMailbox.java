package postern.mailbox;

import postern.web.id.MailboxId;

/// A mailbox that has another id since it was renamed.
///
/// @param previousId The id that it had; the ids of its messages are void as well.
/// @param id The id that it has now.
record RenamedMailbox(MailboxId previousId, MailboxId id) {}
