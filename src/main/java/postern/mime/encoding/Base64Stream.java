package postern.mime.encoding;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Base64;

/**
 * Decodes base64 in mail (RFC 2045 section 6.8). Blocks of digits go to the JDK's vectorised
 * decoder, which accepts only whole arrays without junk; a block that it rejects is decoded
 * leniently.
 *
 * <p>Padding ends the data. In real mail two things may follow: more base64, if a program encoded a
 * file in pieces, which is decoded as well; and the plain text footer of a mailing list, which is
 * dropped. Such a footer is also dropped after data without padding.
 */
final class Base64Stream extends DecodingStream {

    // A multiple of four digits and of the usual line length, 76.
    private static final int BLOCK = 76 * 1_148;
    private static final int DECODED = BLOCK / 4 * 3;

    private final byte[] encodedBlock = new byte[BLOCK];
    private int next;
    private int limit;

    private final byte[] digits = new byte[BLOCK];

    /** A bit set: the digits that begin a line. */
    private final long[] lineStarts = new long[BLOCK / Long.SIZE + 1];

    /** A bit set: the digits that follow a blank in their line. */
    private final long[] gaps = new long[BLOCK / Long.SIZE + 1];

    private int held;
    private int lineLength;
    private boolean atLineStart = true;
    private boolean behindBlank;
    private boolean ended;

    /** Set after padding: then only a line that is entirely base64 continues the data. */
    private boolean padded;

    /** Whether any data were decoded: the first line cannot be a footer. */
    private boolean begun;

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
        return held == BLOCK ? decodeBlock(encoded, into) : decodeRest(encoded, into);
    }

    private void refill(InputStream encoded) throws IOException {
        int count = encoded.read(encodedBlock);
        next = 0;
        limit = Math.max(count, 0);
        ended = count < 0;
    }

    private int decodeRest(InputStream encoded, byte[] into) throws IOException {
        return held == 0 ? -1 : decodeLeniently(encoded, into);
    }

    private int decodeBlock(InputStream encoded, byte[] into) throws IOException {
        if (padded) {
            return decodeLeniently(encoded, into);
        }
        try {
            int count = Base64.getDecoder().decode(digits, into);
            padded = digits[BLOCK - 1] == '=';
            begun = true;
            keep(BLOCK, 0, 0);
            return count;
        } catch (IllegalArgumentException junkOrInnerPadding) {
            return decodeLeniently(encoded, into);
        }
    }

    /** Skips junk and checks each line that may begin a footer. */
    private int decodeLeniently(InputStream encoded, byte[] into) throws IOException {
        int out = 0;
        int bits = 0;
        int inGroup = 0;
        int proven = 0;
        for (int i = 0; i < held; i++) {
            if (lineBreak(digits[i])) {
                continue;
            }
            int value = Base64Alphabet.valueOf(digits[i]);
            boolean doubtful = begun && startsLine(i) || padded && value != Base64Alphabet.PADDING;
            if (doubtful && i >= proven) {
                int end = lineEnd(i);
                if (end == held && !ended && i > 0 && (padded || end == i + 1)) {
                    keep(i, bits, inGroup); // the rest of this line has not been read yet
                    return out;
                }
                boolean rule = isRule(i, end);
                boolean padding = rule && isPadding(i, end);
                if (rule && !padding || padded && !padding && !isData(i, end)) {
                    drain(encoded);
                    return out + endGroup(bits, inGroup, into, out);
                }
                padded |= padding;
                proven = padded ? end : proven;
            }
            if (value >= 0) {
                begun = true;
                padded = false;
                bits = bits << 6 | value;
                if (++inGroup == 4) {
                    into[out++] = (byte) (bits >>> 16);
                    into[out++] = (byte) (bits >>> 8);
                    into[out++] = (byte) bits;
                    inGroup = 0;
                }
            } else if (value == Base64Alphabet.PADDING && inGroup > 0) {
                out += endGroup(bits, inGroup, into, out);
                inGroup = 0;
                padded = true;
            }
        }
        if (ended) {
            held = 0;
            return out + endGroup(bits, inGroup, into, out);
        }
        keep(held, bits, inGroup);
        return out;
    }

    private static int endGroup(int bits, int inGroup, byte[] into, int at) {
        return Base64Alphabet.endGroup(bits, inGroup, into, at) - at;
    }

    /**
     * Moves the octets that are not decoded yet to the front of the block: the digits of an
     * incomplete group and everything from here.
     */
    private void keep(int from, int bits, int inGroup) {
        int rest = held - from;
        if (rest > 0 && startsLine(from)) {
            mark(lineStarts, from);
        }
        System.arraycopy(digits, from, digits, inGroup, rest);
        for (int k = 0; k < inGroup; k++) {
            digits[k] = Base64Alphabet.digit(bits >>> 6 * (inGroup - 1 - k));
        }
        moveMarks(lineStarts, from, inGroup);
        moveMarks(gaps, from, inGroup);
        held = inGroup + rest;
    }

    private void moveMarks(long[] marks, int from, int to) {
        var before = from < held ? marks.clone() : marks;
        Arrays.fill(marks, 0);
        for (int i = from; i < held; i++) {
            if (marked(before, i)) {
                mark(marks, i - from + to);
            }
        }
    }

    private static boolean marked(long[] marks, int at) {
        return (marks[at >>> 6] & 1L << at) != 0;
    }

    private static void mark(long[] marks, int at) {
        marks[at >>> 6] |= 1L << at;
    }

    /** The end of this line, or of the octets in the block. */
    private int lineEnd(int from) {
        int end = from + 1;
        while (end < held && !lineBreak(digits[end]) && !startsLine(end)) {
            end++;
        }
        return end;
    }

    private boolean startsLine(int at) {
        return marked(lineStarts, at) || at > 0 && lineBreak(digits[at - 1]);
    }

    private static boolean lineBreak(byte octet) {
        return octet == '\n' || octet == '\r';
    }

    /**
     * Whether the line has only complete groups of digits; false for a line that fills the block,
     * of which only a part is known.
     */
    private boolean isData(int from, int to) {
        for (int i = from; i < to; i++) {
            if (Base64Alphabet.valueOf(digits[i]) == Base64Alphabet.JUNK
                    || i > from && marked(gaps, i)) {
                return false;
            }
        }
        return (to - from) % 4 == 0 || to == BLOCK && !ended;
    }

    /** Whether it begins like the rule that mailing lists put above their footer. */
    private boolean isRule(int from, int to) {
        return to - from >= 2
                && digits[from] == digits[from + 1]
                && Base64Alphabet.valueOf(digits[from]) < 0;
    }

    /** Whether the line has only equals signs: padding, or a rule that no data follow. */
    private boolean isPadding(int from, int to) {
        for (int i = from; i < to; i++) {
            if (digits[i] != '=') {
                return false;
            }
        }
        return true;
    }

    /** Reads the source to its end, so that no part of a literal remains on the connection. */
    private void drain(InputStream encoded) throws IOException {
        held = 0;
        while (!ended) {
            refill(encoded);
        }
        next = limit;
    }

    /**
     * Compacts the digits, dropping line breaks, until the block is full or the source is
     * exhausted.
     */
    private void collect() {
        while (held < BLOCK && next < limit) {
            int lines = lineLength > 0 ? collectLines(lineLength) : 0;
            if (lines == 0) {
                collectRun();
            }
        }
    }

    /** Copies the buffered lines that are as long as the one before; returns their number. */
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
            if (atLineStart) {
                mark(lineStarts, into);
            }
            atLineStart = true;
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
        // All base64 digits are above the space; octets above 0x7F are negative here and count as
        // junk.
        while (stop < end && encodedBlock[stop] > ' ') {
            stop++;
        }
        int run = stop - next;
        if (run > 0) {
            if (atLineStart) {
                mark(lineStarts, held);
            } else if (behindBlank) {
                mark(gaps, held);
            }
            atLineStart = false;
            behindBlank = false;
        }
        System.arraycopy(encodedBlock, next, digits, held, run);
        held += run;
        lineLength = Math.max(lineLength, run);
        while (stop < limit && encodedBlock[stop] <= ' ') {
            boolean ofLine = lineBreak(encodedBlock[stop]);
            atLineStart |= ofLine;
            behindBlank |= !ofLine;
            stop++;
        }
        next = stop;
    }
}
