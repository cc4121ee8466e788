package postern.subscription;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import postern.web.LargestBody;

/// What to change of a subscription; what is not mentioned stays as it is.
///
/// @param until Renews it until then, with the credential of this request.
/// @param url Another URL, which must answer `subscription.verified` with 2xx. It resumes as well.
/// @param resume Resumes it where it is paused, with the credential of this request. What happened
///   meanwhile is told.
/// @param rotateSecret Makes another secret, which the answer has. Deliveries are also signed with
///   the one before for a day, where the operator has not decided otherwise.
@Schema(example = "{\"until\": \"2026-12-29T12:00:00Z\", \"rotateSecret\": true}")
@LargestBody(octets = 16 * 1024)
record SubscriptionUpdate(
        @Nullable Instant until,
        @Schema(
                        minLength = 1,
                        maxLength = 2_000,
                        pattern = SubscriptionRequest.VISIBLE,
                        example = "https://app.example.org/hooks/postern")
                @Nullable String url,
        @Nullable Boolean resume,
        @Nullable Boolean rotateSecret) {

    boolean resumes() {
        return Boolean.TRUE.equals(resume);
    }

    boolean rotates() {
        return Boolean.TRUE.equals(rotateSecret);
    }

    /** The URL may have a secret in it. */
    @Override
    public String toString() {
        return "SubscriptionUpdate[]";
    }
}
