package postern.imap.client.wire;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import postern.imap.ImapException;

/**
 * Counts what the mail server makes the gateway read and keep, for the commands that are sent in
 * one exchange: the octets of responses, and an estimate of the heap for the values that are made
 * of them. {@link Wire} and {@link Response} charge it while they read, so that every command has
 * this limit without doing anything for it. Octets of a literal that is streamed are not counted.
 *
 * <p>For one connection, whose borrower has one thread.
 */
public final class AnswerBudget {

    /** The heap for a value in addition to its octets: object headers, references, collections. */
    static final int VALUE = 40;

    /** Small exchanges are never refused because others take much. */
    private static final long FREE = 256 * 1024;

    private static final long CHUNK = 1024 * 1024;

    /** After this many octets that were read, or filled on the heap, the clock is looked at. */
    private static final long OCTETS_BETWEEN_CHECKS = 64 * 1024;

    private static final Duration BUSY = Duration.ofSeconds(5);

    /** Nothing long is said before the login, and Angus keeps all of it. */
    private static final long LOGIN_OCTETS = 256 * 1024;

    /** For texts that are in memory already. */
    static final AnswerBudget NONE = new AnswerBudget(null, Long.MAX_VALUE);

    private final AnswerMemory.@Nullable Share share;
    private final long mostInExchange;
    private long mostOctets = LOGIN_OCTETS;
    private long octets;
    private long parsed;
    private long buffered;
    private long reserved;
    private final Turn turn = new Turn();
    private long sinceCheck;

    /**
     * @param share null for no limit to the memory
     * @param mostOctets the largest answer in octets; up to the first {@link #restart}, which
     *     follows the login, it is less
     */
    public AnswerBudget(AnswerMemory.@Nullable Share share, long mostOctets) {
        this.share = share;
        this.mostInExchange = mostOctets;
    }

    /** Starts the count again: what was parsed before is no longer held by this connection. */
    public void restart() {
        mostOctets = mostInExchange;
        octets = 0;
        parsed = 0;
        turn.restart();
        giveBackSpare();
    }

    /** Gives back everything: the connection is not used any more. */
    public void release() {
        buffer(0);
        restart();
    }

    /** Octets of responses were read. */
    void received(int count) {
        octets += count;
        if (octets > mostOctets) {
            throw new AnswerTooLarge("an answer of more than %d octets".formatted(mostOctets));
        }
        giveWay(count);
    }

    /** A value is made that takes this much of the heap in addition to {@link #VALUE}. */
    void value(long heap) {
        charge(VALUE + heap);
    }

    /** Values are made that take this much of the heap together. */
    void charge(long heap) {
        if (share == null) {
            return;
        }
        parsed += heap;
        reserve(share);
        giveWay(heap);
    }

    /** The connection's buffer has this size now. */
    void buffer(int size) {
        boolean grows = size > buffered;
        buffered = size;
        if (share != null && grows) {
            reserve(share);
        }
    }

    private void reserve(AnswerMemory.Share share) {
        long used = parsed + buffered;
        if (used > share.exchange()) {
            throw new AnswerTooLarge(
                    "an answer that takes more than %d octets of memory"
                            .formatted(share.exchange()));
        }
        while (used > FREE + reserved) {
            long missing = Math.ceilDiv(used - FREE - reserved, CHUNK) * CHUNK;
            if (!share.take(missing, reserved)) {
                reserved = 0;
                throw new ImapException.ConnectionLimit(
                        "the gateway is busy with other answers of mail servers", BUSY, null);
            }
            reserved += missing;
        }
    }

    private void giveBackSpare() {
        long needed = Math.max(0, Math.ceilDiv(parsed + buffered - FREE, CHUNK) * CHUNK);
        if (share != null && needed < reserved) {
            share.giveBack(reserved - needed);
            reserved = needed;
        }
    }

    private void giveWay(long octets) {
        sinceCheck += octets;
        if (sinceCheck >= OCTETS_BETWEEN_CHECKS) {
            sinceCheck = 0;
            turn.giveWay();
        }
    }
}
