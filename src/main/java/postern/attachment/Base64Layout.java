package postern.attachment;

import java.util.Optional;

/**
 * Where the lines of a base64 body stand, so that decoded octets can be found without decoding
 * those before them. It exists only for bodies whose first and last lines and length agree that all
 * lines but the last are equally long.
 *
 * @param lineOctets of base64 in a full line, a multiple of 4
 * @param lineEnd octets of the line end: 1 or 2
 * @param encoded octets in all, without line ends at the very end
 * @param decoded octets in all
 */
record Base64Layout(int lineOctets, int lineEnd, long encoded, long decoded) {

    /** How much of the beginning and of the end is looked at. */
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

    /** The encoded octet at which the group of four with this decoded octet begins. */
    long encodedOffset(long decodedOffset) {
        long symbol = decodedOffset / 3 * 4;
        return symbol / lineOctets * (lineOctets + lineEnd) + symbol % lineOctets;
    }

    /** How many decoded octets of that group come before it. */
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
     * Whether these octets, which begin at this offset, have their line ends and their padding
     * where they belong.
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
