package postern.compose;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.message.metadata.EmailAddress;
import postern.web.contract.Texts;
import postern.web.id.MailboxId;
import postern.web.problem.InvalidRequest;

/// What a draft that answers a message shall be like.
///
/// @param all Whether everybody gets it who got the message: `true` is short for `recipients`
///   `all`.
/// @param recipients Who gets it; `replyTo` when absent. Addresses that nobody can write to and the
///   user's own are passed over, so that a Reply-To of nothing else leads to From. An answer to the
///   user's own message goes where that one went.
/// @param mailboxId Where the draft goes; `drafts` when absent.
/// @param from Who answers. When absent the one of `ownAddresses` that got the message, or else of
///   the account's `identities` (`getAccount`), or the user.
/// @param ownAddresses The user's other addresses: a reply does not go to these, nor to the same
///   with a `+` and more in front of the `@`.
/// @param text What stands above the quotation.
/// @param attribution The line in front of the quotation, for the user's language; made of the
///   message when absent.
@Schema(example = "{\"recipients\": \"all\", \"text\": \"Yes, gladly.\"}")
record ReplyRequest(
        @Nullable Boolean all,
        @Nullable ReplyAudience recipients,
        @Schema(example = "drafts") @Nullable MailboxId mailboxId,
        @Nullable EmailAddress from,
        @Schema(example = "[\"ada@example.org\"]") @Size(max = 100)
                @Nullable List<String> ownAddresses,
        @Schema(pattern = Texts.WITHOUT_NUL, example = "Yes, gladly.") @Nullable String text,
        @Schema(pattern = Texts.WITHOUT_NUL) @Nullable String html,
        @Schema(example = "Am 1. M\u00e4rz schrieb Ada:") @Nullable String attribution) {

    /** Throws InvalidRequest if the request contradicts itself. */
    ReplyAudience audience() {
        if (recipients == null) {
            return Boolean.TRUE.equals(all) ? ReplyAudience.ALL : ReplyAudience.REPLY_TO;
        }
        if (all != null && all != (recipients == ReplyAudience.ALL)) {
            throw InvalidRequest.at("/all", "says something else than `recipients`");
        }
        return recipients;
    }
}
