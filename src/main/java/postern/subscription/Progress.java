package postern.subscription;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.web.id.Cursor;
import postern.web.id.SyncState;

/**
 * How far a subscription has been told. Only the replica that watches for it changes it.
 *
 * @param mailboxes by their ids
 * @param beginning whether the mailboxes of the account are still being looked up for the first
 *     time
 * @param resync whether it is not known how far it was told
 * @param pause null where it is not paused
 * @param failingSince null where the last delivery succeeded
 * @param failures in a row
 * @param retryAt null where nothing failed
 * @param expiryTold the end that was told to be near
 * @param serial of the delivery that comes next: what happens twice is two events
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record Progress(
        Map<String, Told> mailboxes,
        boolean beginning,
        boolean resync,
        @Nullable Pause pause,
        @Nullable Instant failingSince,
        int failures,
        @Nullable Instant retryAt,
        @Nullable Instant expiryTold,
        @Nullable Instant deliveredAt,
        long serial) {

    /**
     * How far a mailbox has been told.
     *
     * @param state null where it is not known
     * @param cursor where the next page of the changes since then begins; null for the first one
     * @param pages how many of them have been told
     * @param gone whether it was told that it cannot be read
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Told(@Nullable SyncState state, @Nullable Cursor cursor, int pages, boolean gone) {

        static final Told UNKNOWN = new Told(null, null, 0, false);
        static final Told GONE = new Told(null, null, 0, true);

        static Told at(@Nullable SyncState state) {
            return new Told(state, null, 0, false);
        }
    }

    /**
     * A pause, which is over when the subscription is of another generation.
     *
     * @param untold whether the app has to be told of it
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Pause(PauseReason reason, long generation, Instant since, boolean untold) {}

    static Progress of(Map<String, Told> mailboxes, boolean beginning) {
        return new Progress(mailboxes, beginning, false, null, null, 0, null, null, null, 0);
    }

    /**
     * Where the progress itself was lost.
     *
     * @param serial that no delivery has had
     */
    static Progress lost(long serial) {
        return new Progress(Map.of(), true, true, null, null, 0, null, null, null, serial);
    }

    Progress {
        mailboxes = new LinkedHashMap<>(mailboxes);
    }

    boolean paused(SubscriptionContent content) {
        return pause != null && pause.generation() == content.generation();
    }

    /** Whether there is nothing to do before it is resumed. */
    boolean dormant(SubscriptionContent content) {
        return pause != null && paused(content) && !pause.untold();
    }

    Progress with(String mailbox, @Nullable Told told) {
        var next = new LinkedHashMap<>(mailboxes);
        if (told == null) {
            next.remove(mailbox);
        } else {
            next.put(mailbox, told);
        }
        return with(next, beginning, resync);
    }

    Progress with(Map<String, Told> others, boolean stillBeginning, boolean stillResync) {
        return new Progress(
                others,
                stillBeginning,
                stillResync,
                pause,
                failingSince,
                failures,
                retryAt,
                expiryTold,
                deliveredAt,
                serial);
    }

    Progress toldOfExpiry(Instant end) {
        return new Progress(
                mailboxes,
                beginning,
                resync,
                pause,
                failingSince,
                failures,
                retryAt,
                end,
                deliveredAt,
                serial);
    }

    Progress delivered(Instant now) {
        return new Progress(
                mailboxes, beginning, resync, pause, null, 0, null, expiryTold, now, serial + 1);
    }

    Progress failed(Instant now, Instant again) {
        return new Progress(
                mailboxes,
                beginning,
                resync,
                pause,
                failingSince == null ? now : failingSince,
                failures + 1,
                again,
                expiryTold,
                deliveredAt,
                serial);
    }

    Progress paused(PauseReason reason, long generation, Instant now, boolean untold) {
        var begun = new Pause(reason, generation, now, untold);
        return new Progress(
                mailboxes,
                beginning,
                resync,
                begun,
                failingSince,
                failures,
                null,
                expiryTold,
                deliveredAt,
                serial);
    }

    Progress resumed() {
        return new Progress(
                mailboxes, beginning, resync, null, null, 0, null, expiryTold, deliveredAt, serial);
    }

    Progress pauseTold() {
        return pause == null
                ? this
                : new Progress(
                        mailboxes,
                        beginning,
                        resync,
                        new Pause(pause.reason(), pause.generation(), pause.since(), false),
                        failingSince,
                        failures,
                        retryAt,
                        expiryTold,
                        deliveredAt,
                        serial);
    }
}
