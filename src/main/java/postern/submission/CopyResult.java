package postern.submission;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;
import postern.imap.MailboxName;
import postern.imap.MessageRef;
import postern.web.id.MailboxId;
import postern.web.id.MessageId;

/// The copy of a sent message.
///
/// @param id The message there; absent where there is none, or the mail server did not tell it.
/// @param mailboxId Where it is stored.
/// @param detail Why it could not be stored.
@JsonInclude(JsonInclude.Include.NON_NULL)
record CopyResult(
        Outcome outcome,
        @Nullable MessageId id,
        @Nullable MailboxId mailboxId,
        @Schema(example = "no mailbox of this account has the role sent") @Nullable String detail) {

    /// `stored`: the gateway has stored it. `byProvider`: the provider does that by itself, soon;
    /// or another program has done it, where `markSent` finds it. `none`: none was wanted.
    /// `failed`: it could not be stored.
    enum Outcome {
        STORED("stored"),
        BY_PROVIDER("byProvider"),
        NONE("none"),
        FAILED("failed");

        private final String id;

        Outcome(String id) {
            this.id = id;
        }

        @JsonValue
        String id() {
            return id;
        }
    }

    static CopyResult stored(@Nullable MessageRef message, MailboxName mailbox) {
        return new CopyResult(
                Outcome.STORED,
                message == null ? null : MessageId.of(message),
                MailboxId.of(mailbox),
                null);
    }

    static CopyResult byProvider(MessageRef message) {
        return new CopyResult(
                Outcome.BY_PROVIDER, MessageId.of(message), MailboxId.of(message.mailbox()), null);
    }

    static CopyResult without(Outcome outcome) {
        return new CopyResult(outcome, null, null, null);
    }

    static CopyResult failed(@Nullable String reason) {
        return new CopyResult(Outcome.FAILED, null, null, reason);
    }
}
