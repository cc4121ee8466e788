package postern.subscription;

import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.AdditionalPropertiesValue;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import postern.digest.Sha256;
import postern.web.id.MailboxId;
import postern.web.id.MessageId;
import postern.web.id.SyncState;
import tools.jackson.databind.JsonNode;

/// One event of a delivery.
///
/// @param id The same whenever this event is delivered again, and another one when the same happens
///   again later.
/// @param mailboxId Of events of messages and mailboxes; a `resync` without it is about the whole
///   account.
/// @param messageId Of events of messages.
/// @param message The `fields` that the subscription asks for, as in a `MessageSummary`; absent
///   where it asks for none.
/// @param truncated True where they would have made the delivery too large.
/// @param state Of the mailbox of a `mailbox.changed` or `mailbox.created`, as `listChanges` takes
///   it.
/// @param totalMessages How many messages are in the mailbox; absent where the mail server does not
///   say.
/// @param unreadMessages How many of them lack `$seen`; absent where the mail server does not say.
/// @param expiresAt When the subscription ends, of events of subscriptions.
record DeliveredEvent(
        String id,
        DeliveredEventType type,
        @Nullable MailboxId mailboxId,
        @Nullable MessageId messageId,
        @Schema(
                        implementation = Object.class,
                        types = "object",
                        additionalProperties = AdditionalPropertiesValue.TRUE)
                @Nullable JsonNode message,
        @Nullable Boolean truncated,
        @Nullable SyncState state,
        @Nullable Long totalMessages,
        @Nullable Long unreadMessages,
        @Nullable Instant expiresAt,
        @Nullable PauseReason reason) {

    private static final int ID_OCTETS = 16;

    static DeliveredEvent ofMessage(
            DeliveredEventType type,
            MailboxId mailboxId,
            MessageId messageId,
            @Nullable JsonNode message,
            String content) {
        return new DeliveredEvent(
                id(type.id(), mailboxId, messageId, content),
                type,
                mailboxId,
                messageId,
                message,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    static DeliveredEvent ofMailbox(
            DeliveredEventType type,
            @Nullable MailboxId mailboxId,
            @Nullable SyncState state,
            @Nullable Long total,
            @Nullable Long unread,
            String content) {
        return new DeliveredEvent(
                id(type.id(), mailboxId, state, content),
                type,
                mailboxId,
                null,
                null,
                null,
                state,
                total,
                unread,
                null,
                null);
    }

    static DeliveredEvent ofSubscription(
            DeliveredEventType type,
            @Nullable Instant expiresAt,
            @Nullable PauseReason reason,
            String content) {
        return new DeliveredEvent(
                id(type.id(), expiresAt, reason, content),
                type,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                expiresAt,
                reason);
    }

    DeliveredEvent withoutFields() {
        return new DeliveredEvent(
                id,
                type,
                mailboxId,
                messageId,
                null,
                true,
                state,
                totalMessages,
                unreadMessages,
                expiresAt,
                reason);
    }

    private static String id(@Nullable Object... parts) {
        var text =
                Arrays.stream(parts)
                        .map(part -> Objects.toString(part, "-"))
                        .collect(Collectors.joining("\n"));
        return "ev_" + Sha256.base64Url(text.getBytes(StandardCharsets.UTF_8), ID_OCTETS);
    }
}
