package postern.mailbox;

import io.swagger.v3.oas.annotations.media.Schema;

import java.util.List;

/** All mailboxes of an account. */
record MailboxList(
        @Schema(description = "INBOX first, then those with a role, then the others by path.")
                List<Mailbox> items) {}
