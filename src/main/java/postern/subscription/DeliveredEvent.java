package postern.subscription;

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

/**
 * One event of a delivery.
 *
 * @param id made from its content and the number of its delivery, so that it is the same whenever
 *     the same event is delivered again, and another one when the same happens again later
 * @param message the fields that the subscription asks for; null where it asks for none
 * @param truncated true where they would have made the delivery too large
 * @param state of the mailbox, as {@code listChanges} takes it
 */
record DeliveredEvent(
        String id,
        String type,
        @Nullable MailboxId mailboxId,
        @Nullable MessageId messageId,
        @Nullable JsonNode message,
        @Nullable Boolean truncated,
        @Nullable SyncState state,
        @Nullable Long totalMessages,
        @Nullable Long unreadMessages,
        @Nullable Instant expiresAt,
        @Nullable PauseReason reason) {

    private static final int ID_OCTETS = 16;

    static DeliveredEvent ofMessage(
            String type,
            MailboxId mailboxId,
            MessageId messageId,
            @Nullable JsonNode message,
            String content) {
        return new DeliveredEvent(
                id(type, mailboxId, messageId, content),
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
            String type,
            @Nullable MailboxId mailboxId,
            @Nullable SyncState state,
            @Nullable Long total,
            @Nullable Long unread,
            String content) {
        return new DeliveredEvent(
                id(type, mailboxId, state, content),
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
            String type,
            @Nullable Instant expiresAt,
            @Nullable PauseReason reason,
            String content) {
        return new DeliveredEvent(
                id(type, expiresAt, reason, content),
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
