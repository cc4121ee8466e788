package postern.attachment;

import java.util.Optional;

/**
 * The line structure of a base64 body, which maps decoded offsets to encoded ones without decoding
 * from the beginning. It exists only if the first and last lines and the total length are
 * consistent with lines of equal length, except for the last one.
 *
 * @param lineOctets of base64 in a full line, a multiple of 4
 * @param lineEnd octets of the line end: 1 or 2
 * @param encoded octets in total, without line ends at the very end
 * @param decoded octets in total
 */
record Base64Layout(int lineOctets, int lineEnd, long encoded, long decoded) {

    /** The number of octets checked at the beginning and at the end. */
    static final int SAMPLE = 1_024;

    /**
     * @param head the first octets of the body
     * @param tail the last octets of the body
     * @param size octets of the whole body
     */
    static Optional<Base64Layout> of(byte[] head, byte[] tail, long size) {
        int line = lineOctets(head);
        int lineEnd = lineEnd(head, line);
        int trailing = trailing(tail);
        if (line == 0 || line % 4 != 0 || lineEnd == 0 || trailing == tail.length) {
            return Optional.empty();
        }
        long encoded = size - trailing;
        int padding = padding(tail, tail.length - trailing);
        var layout = new Base64Layout(line, lineEnd, encoded, 0);
        long data = encoded - padding;
        if (!layout.linesMatch(head, 0, data)
                || !layout.linesMatch(tail, size - tail.length, data)) {
            return Optional.empty();
        }
        long last = encoded % (line + lineEnd);
        if (last > line) {
            return Optional.empty();
        }
        long symbols = encoded / (line + lineEnd) * line + last;
        return symbols % 4 != 0
                ? Optional.empty()
                : Optional.of(new Base64Layout(line, lineEnd, encoded, symbols / 4 * 3 - padding));
    }

    /** The encoded offset of the group of four that contains this decoded octet. */
    long encodedOffset(long decodedOffset) {
        long symbol = decodedOffset / 3 * 4;
        return symbol / lineOctets * (lineOctets + lineEnd) + symbol % lineOctets;
    }

    /** The number of decoded octets in that group before this one. */
    int skip(long decodedOffset) {
        return (int) (decodedOffset % 3);
    }

    private static int lineOctets(byte[] head) {
        int octets = 0;
        while (octets < head.length && symbol(head[octets])) {
            octets++;
        }
        return octets == head.length ? 0 : octets;
    }

    private static int lineEnd(byte[] head, int line) {
        if (line >= head.length) {
            return 0;
        }
        if (head[line] == '\n') {
            return 1;
        }
        return line + 1 < head.length && head[line] == '\r' && head[line + 1] == '\n' ? 2 : 0;
    }

    private static int trailing(byte[] tail) {
        int octets = 0;
        while (octets < tail.length && !symbol(tail[tail.length - 1 - octets])) {
            octets++;
        }
        return octets;
    }

    private static int padding(byte[] tail, int end) {
        int padding = 0;
        while (padding < 2 && end - 1 - padding >= 0 && tail[end - 1 - padding] == '=') {
            padding++;
        }
        return padding;
    }

    /**
     * Whether line ends and padding are where they should be in these octets, which begin at this
     * offset.
     *
     * @param data where the padding begins
     */
    private boolean linesMatch(byte[] sample, long offset, long data) {
        for (int i = 0; i < sample.length && offset + i < encoded; i++) {
            long column = (offset + i) % (lineOctets + lineEnd);
            boolean padded = offset + i >= data;
            if (column < lineOctets
                    ? !symbol(sample[i]) || sample[i] == '=' && !padded
                    : symbol(sample[i])) {
                return false;
            }
        }
        return true;
    }

    private static boolean symbol(byte octet) {
        return octet >= 'A' && octet <= 'Z'
                || octet >= 'a' && octet <= 'z'
                || octet >= '0' && octet <= '9'
                || octet == '+'
                || octet == '/'
                || octet == '=';
    }
}
