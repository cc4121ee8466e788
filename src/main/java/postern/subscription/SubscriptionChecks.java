package postern.subscription;

import postern.search.Criteria;
import postern.web.problem.InvalidRequest;

/** What a request to subscribe may not combine. */
final class SubscriptionChecks {

    private SubscriptionChecks() {}

    /** Throws InvalidRequest, which names the first bad member. */
    static void require(SubscriptionRequest request) {
        var mailboxes = request.mailboxIds();
        if (mailboxes != null
                && (mailboxes.isEmpty() || mailboxes.size() > SubscriptionRequest.MOST_MAILBOXES)) {
            throw InvalidRequest.at(
                    "/mailboxIds", "must be 1 to " + SubscriptionRequest.MOST_MAILBOXES);
        }
        for (int i = 0; i < request.events().size(); i++) {
            require(request, request.events().get(i), "/events/" + i);
        }
        if (mailboxes == null && request.fields() != null && !request.fields().isEmpty()) {
            throw InvalidRequest.at("/fields", "are of messages: mailboxIds is missing");
        }
        if (mailboxes == null && request.filter() != null) {
            throw InvalidRequest.at("/filter", "is about messages: mailboxIds is missing");
        }
        Criteria.of(request.filter(), "/filter");
    }

    private static void require(SubscriptionRequest request, EventType event, String at) {
        if (event.ofMessages() && request.mailboxIds() == null) {
            throw InvalidRequest.at(at, "is about messages: mailboxIds is missing");
        }
        if (!event.ofMessages() && request.mailboxIds() != null) {
            throw InvalidRequest.at(at, "is about the whole account, and not with mailboxIds");
        }
        if (event == EventType.MESSAGE_REMOVED && request.filter() != null) {
            throw InvalidRequest.at(at, "cannot be told with a filter");
        }
    }
}
