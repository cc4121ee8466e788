package postern.subscription;

import java.util.List;

/// The subscriptions that the token may see: all of the login, or for a narrowed token those that
/// it, or one narrowed from it, has made.
record SubscriptionList(List<Subscription> items) {}
