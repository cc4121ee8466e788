package postern.mailbox;

import java.util.List;

/// All mailboxes of an account.
///
/// @param items INBOX first, then those with a role, then the others by path.
record MailboxList(List<Mailbox> items) {}
