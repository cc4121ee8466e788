package postern.mime.encoding;

import java.io.InputStream;

/** Decodes quoted-printable in mail (RFC 2045 section 6.7). */
final class QuotedPrintableStream extends BlockDecodingStream {

    // The maximum line length of RFC 5322; longer white space is content.
    private static final int LONGEST_SPACE = 998;

    QuotedPrintableStream(InputStream encoded) {
        super(encoded);
    }

    @Override
    int decodeBlock(byte[] into) {
        int out = 0;
        // Leaves an escape or a run of white space near the end of the block for the next one.
        int stop = ended ? limit : limit - LONGEST_SPACE - 3;
        while (next < stop) {
            byte octet = block[next];
            if (octet == '=') {
                out = escape(into, out);
            } else if (octet == ' ' || octet == '\t') {
                out = space(into, out);
            } else {
                into[out++] = octet;
                next++;
            }
        }
        return out;
    }

    private int escape(byte[] into, int out) {
        int coded = Hex.octetAt(block, next + 1, limit);
        if (coded >= 0) {
            into[out] = (byte) coded;
            next += 3;
            return out + 1;
        }
        int end = endOfSpace(next + 1);
        int lineBreak = lineBreakAt(end);
        if (lineBreak > 0 || end == limit) {
            next = end + lineBreak;
            return out;
        }
        into[out] = '=';
        next++;
        return out + 1;
    }

    // White space at the end of a line was added in transport and is dropped (section 6.7, rule 3).
    private int space(byte[] into, int out) {
        int end = endOfSpace(next);
        int count = end == limit || lineBreakAt(end) > 0 ? 0 : end - next;
        System.arraycopy(block, next, into, out, count);
        next = end;
        return out + count;
    }

    private int endOfSpace(int from) {
        int most = Math.min(limit, from + LONGEST_SPACE);
        int end = from;
        while (end < most && (block[end] == ' ' || block[end] == '\t')) {
            end++;
        }
        return end;
    }

    private int lineBreakAt(int at) {
        if (at < limit && block[at] == '\n') {
            return 1;
        }
        return at + 1 < limit && block[at] == '\r' && block[at + 1] == '\n' ? 2 : 0;
    }
}
