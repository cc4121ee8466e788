package postern.changes;

import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/// What changed in an account. Mailboxes in no list are as they were. Ids of mailboxes that the
/// request names are as in the request.
///
/// @param changed Messages came or went, or keywords changed: ask `listChanges`.
/// @param unknown Whether anything changed cannot be told: the mail server does not count this
///   mailbox, or has no mod-sequences (CONDSTORE), so that keywords may have changed; or a narrowed
///   token does not reach it. Ask `listChanges`.
/// @param expired The state is not one of this mailbox and account, or the mail server does not
///   remember that time: list the mailbox anew.
/// @param appeared Mailboxes that the request does not name.
/// @param renamed Mailboxes with another name than at the time of the state, on mail servers with
///   OBJECTID. Elsewhere a mailbox that is renamed is one that vanished and one that appeared.
/// @param vanished Ids of the request that are no mailbox now, or one that can hold no messages.
public record AccountChanges(
        List<MailboxCounts> changed,
        List<MailboxCounts> unknown,
        List<MailboxCounts> expired,
        List<AppearedMailbox> appeared,
        List<MailboxRename> renamed,
        @ArraySchema(schema = @Schema(example = "EUlOQk9YYA6bfA")) List<String> vanished) {}
