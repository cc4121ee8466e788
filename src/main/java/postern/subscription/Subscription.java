package postern.subscription;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.message.metadata.MessageField;
import postern.subscription.SubscriptionStore.Stored;
import postern.web.id.MailboxId;

/// A subscription.
///
/// @param url Where deliveries are posted to.
/// @param mailboxIds The mailboxes whose messages are told; absent for the whole account.
/// @param fields The fields of messages that are delivered; absent for their ids alone.
/// @param filter The `SearchFilter` that messages must match, as it was given.
/// @param pausedBecause Why it is paused; absent while it is active.
/// @param expiresAt When it ends: as asked for, or with the credential, where that ends before.
/// @param durable Whether it outlives a restart of the gateway. When it is `false`, subscribe again
///   after a restart, which `getSubscription` shows by a 404.
/// @param failingSince Since when no delivery has succeeded; absent where the last one did.
/// @param deliveredAt When something was delivered the last time.
/// @param secret What to check deliveries with (Standard Webhooks); only in the answer that makes
///   it.
record Subscription(
        @Schema(example = "sub_4GvGZ1k0vJ3o2m7Nw9aBcQ") String id,
        @Schema(example = "https://app.example.org/hooks/postern") String url,
        @Nullable List<MailboxId> mailboxIds,
        List<EventType> events,
        @Nullable List<MessageField> fields,
        @Schema(types = "object", additionalProperties = Schema.AdditionalPropertiesValue.TRUE)
                @Nullable Object filter,
        SubscriptionStatus status,
        @Nullable PauseReason pausedBecause,
        Instant createdAt,
        Instant expiresAt,
        boolean durable,
        @Nullable Instant failingSince,
        @Nullable Instant deliveredAt,
        @Schema(example = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw") @Nullable String secret) {

    static Subscription of(
            Stored stored, @Nullable Progress progress, boolean durable, @Nullable String secret) {
        var content = stored.content();
        var pause = progress != null && progress.paused(content) ? progress.pause() : null;
        return new Subscription(
                stored.id(),
                content.url(),
                content.ofAccount() ? null : content.mailboxIds(),
                content.events().stream().sorted().toList(),
                content.fields().isEmpty() ? null : content.fields().stream().sorted().toList(),
                content.filter(),
                pause == null ? SubscriptionStatus.ACTIVE : SubscriptionStatus.PAUSED,
                pause == null ? null : pause.reason(),
                content.createdAt(),
                content.expiresAt(),
                durable,
                progress == null ? null : progress.failingSince(),
                progress == null ? null : progress.deliveredAt(),
                secret);
    }

    @Override
    public String toString() {
        return "Subscription[expiresAt=%s]".formatted(expiresAt);
    }
}
