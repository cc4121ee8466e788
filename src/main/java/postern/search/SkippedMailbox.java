package postern.search;

import io.swagger.v3.oas.annotations.media.Schema;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.web.id.MailboxId;
import postern.web.problem.ProblemCode;

/// A mailbox that could not be searched.
///
/// @param code The code of the problem.
record SkippedMailbox(
        MailboxId mailboxId, @Schema(implementation = ProblemCode.class) String code) {

    static SkippedMailbox of(MailboxName mailbox, ImapException reason) {
        return new SkippedMailbox(MailboxId.of(mailbox), ProblemCode.of(reason).toString());
    }
}
