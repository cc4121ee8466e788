package postern.compose;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.message.EmailAddress;
import postern.web.MailboxId;

/** What a draft that answers a message shall be like. */
@Schema(description = "What a draft that answers a message shall be like.")
record ReplyRequest(
        @Schema(description = "Whether everybody gets it who got the message.")
                @Nullable Boolean all,
        @Schema(description = "Where the draft goes; `drafts` when absent.", example = "drafts")
                @Nullable MailboxId mailboxId,
        @Schema(
                        description =
                                "Who answers. When absent the one of `ownAddresses` that got the message,"
                                        + " or the user.")
                @Nullable EmailAddress from,
        @Schema(
                        description = "The user's other addresses: a reply does not go to these.",
                        example = "[\"ada@example.org\"]")
                @Nullable List<String> ownAddresses,
        @Schema(description = "What stands above the quotation.", example = "Yes, gladly.")
                @Nullable String text,
        @Nullable String html,
        @Schema(
                        description =
                                "The line in front of the quotation, for the user's language; made of"
                                        + " the message when absent.",
                        example = "Am 1. M\u00e4rz schrieb Ada:")
                @Nullable String attribution) {}
