package postern.search;

import io.swagger.v3.oas.annotations.media.Schema;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.web.id.MailboxId;
import postern.web.problem.ProblemCode;

/** A mailbox that could not be searched, and why. */
@Schema(description = "A mailbox that could not be searched.")
record SkippedMailbox(
        MailboxId mailboxId,
        @Schema(description = "The code of the problem.", example = "permission-denied")
                String code) {

    static SkippedMailbox of(MailboxName mailbox, ImapException reason) {
        return new SkippedMailbox(MailboxId.of(mailbox), ProblemCode.of(reason).toString());
    }
}
