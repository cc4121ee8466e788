package postern.subscription;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Subscriptions, by which apps are told of changes at a URL of their own.
 *
 * @param perAccount The subscriptions of one login; beyond it 409 {@code too-many-subscriptions}.
 *     Unit: subscriptions, 0 for none at all.
 * @param most The subscriptions of all, on all replicas; beyond it 503 {@code subscriptions-full}.
 *     Unit: subscriptions. Interplay: the memory for all of them is 64 MB, and as much for what
 *     they have told; each watched account has a connection to the mail server, and each sign-in
 *     with access tokens one of its own, up to half of the account's.
 * @param longest How long a subscription may last before it is renewed; also how long it lasts when
 *     none is asked for. Unit: time.
 * @param expiring How long before its end a subscription tells {@code subscription.expiring}; for a
 *     shorter one, when a quarter of its time is left. Unit: time.
 * @param lease After what time another replica takes over the subscriptions of one that has
 *     stopped. Unit: time. Interplay: three times {@code postern.subscriptions.look} or more.
 * @param look How often a replica looks which subscriptions there are, and what became of its own.
 *     Unit: time.
 * @param poll How often the mailboxes of an account are compared for subscriptions to the whole
 *     account although nothing hints at a change, and mailboxes that cannot be opened are tried
 *     again. Unit: time. Interplay: what hints at changes is polled by {@code postern.watch.poll}
 *     where the mail server reports nothing.
 * @param retry After what time a delivery that failed is tried again; twice that after the next
 *     failure, and so on up to {@code postern.subscriptions.longest-retry}, each with some chance
 *     in it. Unit: time.
 * @param longestRetry The longest time between two attempts, also where a response asks for more by
 *     {@code Retry-After}. Unit: time.
 * @param giveUp After what time without a single success a subscription is paused. Unit: time.
 * @param oldSecret How long deliveries are also signed with a secret that was replaced. Unit: time.
 * @param largestPayload How many octets the fields of messages may take in one delivery; messages
 *     beyond it come without their fields. Unit: data size.
 */
@ConfigurationProperties("postern.subscriptions")
record SubscriptionProperties(
        @DefaultValue("20") int perAccount,
        @DefaultValue("1000") int most,
        @DefaultValue("30d") Duration longest,
        @DefaultValue("1d") Duration expiring,
        @DefaultValue("30s") Duration lease,
        @DefaultValue("5s") Duration look,
        @DefaultValue("60s") Duration poll,
        @DefaultValue("5s") Duration retry,
        @DefaultValue("1h") Duration longestRetry,
        @DefaultValue("1d") Duration giveUp,
        @DefaultValue("1d") Duration oldSecret,
        @DefaultValue("256KB") DataSize largestPayload) {

    SubscriptionProperties {
        if (perAccount < 0 || most < 0) {
            throw new IllegalArgumentException(
                    "postern.subscriptions.per-account and most must not be negative");
        }
        if (!longest.isPositive()
                || !look.isPositive()
                || !poll.isPositive()
                || !retry.isPositive()
                || !longestRetry.isPositive()) {
            throw new IllegalArgumentException(
                    "postern.subscriptions.longest, look, poll, retry and longest-retry must be"
                            + " positive");
        }
        if (lease.compareTo(look.multipliedBy(3)) < 0) {
            throw new IllegalArgumentException(
                    "postern.subscriptions.lease must be three times postern.subscriptions.look");
        }
    }
}
