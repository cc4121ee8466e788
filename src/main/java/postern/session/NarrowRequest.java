package postern.session;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.account.Scope;
import postern.web.LargestBody;
import postern.web.id.MailboxId;

/// What a narrowed token may do: no more than the token that it is made from.
///
/// @param scopes What it may do: `read` lists, reads, searches and exports; `draft` stores new
///   messages and replaces drafts; `organize` sets keywords, moves, copies, and creates and renames
///   mailboxes; `delete` deletes messages and mailboxes; `send` sends.
/// @param mailboxIds The only mailboxes that it reaches, 1 to 100, by their present names: a role
///   is looked up now. Those of the present token when absent; an empty list is refused.
/// @param expiresAt When it ends: not after the present token, and then when absent.
@LargestBody(octets = 256 * 1024)
@Schema(
        example =
                "{\"scopes\": [\"read\"], \"mailboxIds\": [\"inbox\"], \"expiresAt\":"
                        + " \"2026-11-29T16:00:00Z\"}")
record NarrowRequest(
        @Size(min = 1, max = 5) List<Scope> scopes,
        @Size(min = 1, max = 100) @Nullable List<MailboxId> mailboxIds,
        @Nullable Instant expiresAt) {}
