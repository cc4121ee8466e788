package postern.subscription;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.message.metadata.MessageField;
import postern.search.SearchFilter;
import postern.web.LargestBody;
import postern.web.id.MailboxId;

/// What to be told of, and where.
///
/// @param url Where deliveries are posted to: https on port 443 of a public host, or a host that
///   the operator permits. It must answer the first one, which tells `subscription.verified`, with
///   2xx.
/// @param mailboxIds The mailboxes whose messages are told; the whole account when absent.
/// @param events What to be told of: events of messages with `mailboxIds`, and of mailboxes
///   without.
/// @param fields The fields of messages to deliver; their ids alone when absent or empty. An added
///   message comes with all of these, an updated one with `keywords` if that is among them.
/// @param filter Only messages that match are told when they are added or updated. Whether one that
///   is gone matched cannot be known, so that `message.removed` is refused beside it.
/// @param until When the subscription ends unless it is renewed; as late as possible when absent.
@Schema(
        example =
                "{\"url\": \"https://app.example.org/hooks/postern\", \"mailboxIds\": [\"inbox\"],"
                        + " \"events\": [\"message.added\"], \"fields\": [\"subject\", \"from\"]}")
@LargestBody(octets = 64 * 1024)
record SubscriptionRequest(
        @Schema(
                        minLength = 1,
                        maxLength = 2_000,
                        pattern = SubscriptionRequest.VISIBLE,
                        example = "https://app.example.org/hooks/postern")
                String url,
        @Schema(example = "[\"inbox\"]") @Size(min = 1, max = MOST_MAILBOXES)
                @Nullable List<MailboxId> mailboxIds,
        @Size(min = 1, max = 7) List<EventType> events,
        @Nullable List<MessageField> fields,
        @Nullable SearchFilter filter,
        @Nullable Instant until) {

    static final int MOST_MAILBOXES = 10;
    static final String VISIBLE = "^[!-~]+$";

    /** The URL may have a secret in it. */
    @Override
    public String toString() {
        return "SubscriptionRequest[]";
    }
}
