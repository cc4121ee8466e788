package postern.compose;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;
import postern.message.metadata.EmailAddress;
import postern.web.id.MailboxId;

/// What a draft that is made of a message shall be like.
///
/// @param mailboxId Where the draft goes; `drafts` when absent.
/// @param from Who writes it. When absent the author of the message if that is one of the account's
///   `identities` (`getAccount`), or else the one of these that got the message, or the user.
@Schema(example = "{\"mailboxId\": \"drafts\"}")
record EditRequest(
        @Schema(example = "drafts") @Nullable MailboxId mailboxId, @Nullable EmailAddress from) {}
