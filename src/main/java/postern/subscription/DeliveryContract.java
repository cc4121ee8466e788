package postern.subscription;

import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.stereotype.Component;
import postern.web.contract.SentRequest;

/// Tell an app what changed.
///
/// The gateway posts this to the `url` of a subscription, signed as Standard Webhooks says. Events
/// come at least once: one that comes again has the same `id`. Events of a `type` that the app does
/// not know are to be ignored. The app answers with 2xx at once, and works afterwards; its body is
/// not read, and a redirect is not followed.
@Component
class DeliveryContract implements SentRequest {

    @Override
    public String operationId() {
        return "deliverEvents";
    }

    @Override
    public String askedForBy() {
        return "createSubscription";
    }

    @Override
    public String urlPointer() {
        return "/url";
    }

    @Override
    public Map<String, String> headers() {
        var headers = new LinkedHashMap<String, String>();
        headers.put("webhook-id", "The same where the same events are delivered again.");
        headers.put("webhook-timestamp", "When it was sent, in seconds since 1970.");
        headers.put(
                "webhook-signature",
                "Signatures, separated by spaces: each is `v1,` and the HMAC-SHA256, in base64, of"
                        + " `webhook-id`, `webhook-timestamp` and the body, joined by full stops.");
        return headers;
    }

    @Override
    public Class<?> body() {
        return Delivery.class;
    }

    @Override
    public Map<String, String> responses() {
        var responses = new LinkedHashMap<String, String>();
        responses.put("2XX", "The events have been taken.");
        responses.put("410", "The subscription is paused (`gone`).");
        responses.put("default", "The delivery is made again later, not before `Retry-After`.");
        return responses;
    }
}
