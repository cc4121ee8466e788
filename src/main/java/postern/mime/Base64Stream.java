package postern.mime;

import java.io.IOException;
import java.io.InputStream;
import java.util.Base64;

/**
 * Base64 as mail has it (RFC 2045 section 6.8). Whole blocks of digits go to the JDK's vectorised
 * decoder, which takes whole arrays and no junk; a block it refuses is decoded leniently.
 */
final class Base64Stream extends DecodingStream {

    // A multiple of four digits and of the usual line of 76.
    private static final int BLOCK = 76 * 1_148;
    private static final int DECODED = BLOCK / 4 * 3;

    private final byte[] encodedBlock = new byte[BLOCK];
    private int next;
    private int limit;

    private final byte[] digits = new byte[BLOCK];
    private int held;
    private int lineLength;
    private boolean ended;

    Base64Stream(InputStream encoded) {
        super(encoded, DECODED);
    }

    @Override
    int decodeMore(InputStream encoded, byte[] into) throws IOException {
        while (held < BLOCK && !ended) {
            if (next == limit) {
                refill(encoded);
            }
            collect();
        }
        return held == BLOCK ? decodeBlock(into) : decodeRest(into);
    }

    private void refill(InputStream encoded) throws IOException {
        int count = encoded.read(encodedBlock);
        next = 0;
        limit = Math.max(count, 0);
        ended = count < 0;
    }

    private int decodeRest(byte[] into) {
        if (held == 0) {
            return -1;
        }
        int count = Base64Alphabet.decode(digits, 0, held, into, 0);
        held = 0;
        return count;
    }

    private int decodeBlock(byte[] into) {
        try {
            int count = Base64.getDecoder().decode(digits, into);
            held = 0;
            return count;
        } catch (IllegalArgumentException junkOrInnerPadding) {
            return decodeLeniently(into);
        }
    }

    /** Decodes up to the last whole group and keeps what may be the start of the next one. */
    private int decodeLeniently(byte[] into) {
        int end = Base64Alphabet.withoutJunk(digits, held);
        int whole = Base64Alphabet.endOfWholeGroups(digits, end);
        int count = Base64Alphabet.decode(digits, 0, whole, into, 0);
        System.arraycopy(digits, whole, digits, 0, end - whole);
        held = end - whole;
        return count;
    }

    /**
     * Moves digits together, leaving out line breaks, until the block is full or the source is
     * used.
     */
    private void collect() {
        while (held < BLOCK && next < limit) {
            int lines = lineLength > 0 ? collectLines(lineLength) : 0;
            if (lines == 0) {
                collectRun();
            }
        }
    }

    /** Takes lines as long as the one before, as far as they are here; gives their number. */
    private int collectLines(int length) {
        var from = encodedBlock;
        var to = digits;
        int at = next;
        int into = held;
        int lines = 0;
        while (at + length + 1 < limit
                && into + length <= BLOCK
                && from[at + length] == '\r'
                && from[at + length + 1] == '\n') {
            System.arraycopy(from, at, to, into, length);
            at += length + 2;
            into += length;
            lines++;
        }
        next = at;
        held = into;
        return lines;
    }

    private void collectRun() {
        int end = Math.min(limit, next + BLOCK - held);
        int stop = next;
        // Everything of the alphabet is above the space; so are octets that are negative here, and
        // junk.
        while (stop < end && encodedBlock[stop] > ' ') {
            stop++;
        }
        int run = stop - next;
        System.arraycopy(encodedBlock, next, digits, held, run);
        held += run;
        lineLength = Math.max(lineLength, run);
        while (stop < limit && encodedBlock[stop] <= ' ') {
            stop++;
        }
        next = stop;
    }
}
