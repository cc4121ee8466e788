package postern.imap.watch;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the gateway learns that mailboxes changed while apps listen.
 *
 * @param renew After what time an IDLE is ended and begun anew, so that neither the mail server nor
 *     a firewall ends it, and a connection that died is noticed. Unit: time, 29 minutes at most.
 *     Interplay: shorter where a preset knows that the mail server ends connections sooner.
 * @param poll How often the counters of those mailboxes are asked for that the mail server does not
 *     report by itself: none of the user's own where it has NOTIFY, all but one of an account where
 *     it has IDLE, and else all. Every tenth time also those that NOTIFY should report. Where a
 *     whole account is listened to and the mail server has no LIST-STATUS, once more for every
 *     fifty mailboxes. Unit: time. Interplay: where the mail server has no mod-sequences
 *     (CONDSTORE), only every tenth time finds a keyword that was changed.
 * @param linger How long the connection is kept after the last app has stopped listening, since
 *     most come again soon. Unit: time.
 * @param retry How long the gateway waits before it tries again after a failure, at first; twice as
 *     long each time up to 2 minutes, and up to half more or less. Unit: time.
 */
@ConfigurationProperties("postern.watch")
record WatchProperties(
        @DefaultValue("9m") Duration renew,
        @DefaultValue("30s") Duration poll,
        @DefaultValue("60s") Duration linger,
        @DefaultValue("1s") Duration retry) {

    private static final Duration LONGEST = Duration.ofMinutes(29);
    private static final Duration LONGEST_RETRY = Duration.ofMinutes(2);
    private static final int MOST_DOUBLINGS = 20;

    WatchProperties {
        if (!renew.isPositive() || renew.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "postern.watch.renew must be more than nothing and 29 minutes at most");
        }
        if (!poll.isPositive() || !retry.isPositive() || linger.isNegative()) {
            throw new IllegalArgumentException(
                    "postern.watch.poll and retry must be more than nothing, linger not less");
        }
    }

    /**
     * How often is looked for what the mail server should have reported, or what a poll does not
     * show.
     */
    Duration rarely() {
        return poll.multipliedBy(Counters.BLIND);
    }

    /** Before the next try after this many failures, without the random part. */
    Duration retryAfter(int failures) {
        var doubled = retry.multipliedBy(1L << Math.min(MOST_DOUBLINGS, failures - 1));
        return doubled.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : doubled;
    }
}
