package postern.mailbox;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;
import postern.imap.MailboxRole;
import postern.web.contract.Texts;
import postern.web.id.MailboxId;
import postern.web.problem.InvalidRequest;

/// A mailbox to be created: by the `name` it shall have below its parent, or by its whole `path`.
/// One that gets a role may do without either, unless the role is `all`, `flagged` or `important`.
///
/// @param name The last level of its name.
/// @param path Its whole name, with the mail server's own delimiter and prefix; mailboxes above
///   that do not exist are created by the server.
/// @param parentId The mailbox to create it below, also another user's; at the top of the user's
///   own when absent. Goes with `name`.
/// @param role What it shall be for. Where the mail server cannot be told, a mailbox has a role by
///   its name, and a name that suggests no such role is refused.
/// @param subscribed Whether to subscribe to it; `true` when absent.
@Schema(example = "{\"name\": \"Invoices\", \"parentId\": \"archive\"}")
record MailboxRequest(
        @Schema(pattern = Texts.NAME, example = "Invoices") @Nullable String name,
        @Schema(pattern = Texts.NAME, example = "Work/Invoices") @Nullable String path,
        @Nullable MailboxId parentId,
        @Schema(
                        allowableValues = {
                            "drafts",
                            "sent",
                            "trash",
                            "junk",
                            "archive",
                            "all",
                            "flagged",
                            "important"
                        },
                        example = "archive")
                @Nullable String role,
        @Nullable Boolean subscribed) {

    /** Throws InvalidRequest if the combination of members is invalid. */
    @Nullable MailboxRole checkedRole() {
        if (name != null && path != null) {
            throw InvalidRequest.at("/path", "cannot go with a name");
        }
        if (parentId != null && path != null) {
            throw InvalidRequest.at("/parentId", "cannot go with a path");
        }
        if (name == null && path == null && role == null) {
            throw InvalidRequest.at("/name", "is missing");
        }
        if (role == null) {
            return null;
        }
        var known =
                MailboxRole.ofId(role)
                        .orElseThrow(() -> InvalidRequest.at("/role", "is not a role"));
        if (known == MailboxRole.INBOX) {
            throw InvalidRequest.at("/role", "is what exactly one mailbox has, always");
        }
        return known;
    }
}
