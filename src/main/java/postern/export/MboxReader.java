package postern.export;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import postern.web.problem.InvalidRequest;
import postern.web.transfer.SpoolSpace;

/**
 * Reads the messages of an mbox one by one. It accepts mboxrd and mboxo, LF and CRLF. A message
 * ends at an empty line followed by a separator; Content-Length is ignored.
 */
final class MboxReader {

    private static final int LONGEST_SEPARATOR = 500;
    private static final int LONGEST_VALUE = 2_000;
    private static final byte[] LINE_END = {'\r', '\n'};
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    /** A sender and a date: ordinary text that begins with "From " contains no time of day. */
    private static final Pattern SEPARATOR =
            Pattern.compile("From \\S.{0,400}?[0-9]{1,2}:[0-9]{2}(?!\\S*@).*");

    private final MboxLines lines;
    private final SpoolSpace space;
    private final long longest;
    private @Nullable String separator;
    private boolean begun;

    /**
     * @param space disk space for messages that are too large for memory
     * @param longest the largest message; a larger one is reported and its octets are dropped
     */
    MboxReader(InputStream in, SpoolSpace space, long longest) {
        this.lines = new MboxLines(in);
        this.space = space;
        this.longest = longest;
    }

    /**
     * The next message, which the caller must close; null at the end. Throws InvalidRequest if the
     * text is not an mbox, and SpoolFull if there is not enough disk space.
     */
    @Nullable MboxMessage next() throws IOException {
        if (!begun) {
            begun = true;
            separator = firstSeparator();
        }
        if (separator == null) {
            return null;
        }
        var spool = new BoundedSpool(space, longest);
        boolean done = false;
        try {
            var fields = new MailboxFields();
            var from = separator;
            separator = null;
            read(spool, fields);
            spool.end();
            done = true;
            return MboxMessage.of(spool, from, fields);
        } finally {
            if (!done) {
                spool.close();
            }
        }
    }

    private @Nullable String firstSeparator() throws IOException {
        while (lines.next()) {
            if (lines.empty()) {
                continue;
            }
            int start = lines.start() + (markedAt(lines.start()) ? BYTE_ORDER_MARK.length : 0);
            var line = separatorAt(start);
            if (line == null) {
                throw InvalidRequest.at("", "is no mbox: it does not begin with a `From ` line");
            }
            return line;
        }
        return null;
    }

    private boolean markedAt(int at) {
        for (int i = 0; i < BYTE_ORDER_MARK.length; i++) {
            if (at + i >= lines.end() || lines.octets()[at + i] != BYTE_ORDER_MARK[i]) {
                return false;
            }
        }
        return true;
    }

    /** The piece as a separator line; null if it is none. */
    private @Nullable String separatorAt(int start) {
        int length = lines.end() - start;
        if (!lines.first() || !lines.last() || length > LONGEST_SEPARATOR || !from(start)) {
            return null;
        }
        var line = new String(lines.octets(), start, length, StandardCharsets.ISO_8859_1);
        return SEPARATOR.matcher(line).matches() ? line : null;
    }

    /** Reads up to the next separator, which is not consumed, or to the end. */
    private void read(BoundedSpool spool, MailboxFields fields) throws IOException {
        boolean header = true;
        boolean dropped = false;
        boolean afterEmptyLine = false;
        // The empty line before a separator belongs to the separator, so an empty line is held back
        // until the next line is known. The one that ends the header is part of the message.
        boolean keptBack = false;
        while (lines.next()) {
            if (lines.empty()) {
                if (keptBack || header) {
                    spool.write(LINE_END, 0, 2);
                }
                keptBack = !header;
                header = false;
                afterEmptyLine = true;
                continue;
            }
            if (afterEmptyLine) {
                separator = separatorAt(lines.start());
                if (separator != null) {
                    return;
                }
                if (keptBack) {
                    spool.write(LINE_END, 0, 2);
                    keptBack = false;
                }
                afterEmptyLine = false;
            }
            if (header && lines.first()) {
                dropped = fields.take(line(LONGEST_VALUE));
            }
            if (!header || !dropped) {
                write(spool);
            }
        }
        if (header) {
            spool.write(LINE_END, 0, 2);
        }
    }

    private String line(int most) {
        int length = Math.min(most, lines.end() - lines.start());
        return new String(lines.octets(), lines.start(), length, StandardCharsets.ISO_8859_1);
    }

    private void write(BoundedSpool spool) throws IOException {
        int start = lines.start();
        if (lines.first() && quoted(start)) {
            start++;
        }
        spool.write(lines.octets(), start, lines.end() - start);
        if (lines.last()) {
            spool.write(LINE_END, 0, 2);
        }
    }

    private boolean quoted(int start) {
        int at = start;
        while (at < lines.end() && lines.octets()[at] == '>') {
            at++;
        }
        return at > start && from(at);
    }

    private boolean from(int at) {
        var octets = lines.octets();
        return lines.end() - at >= 5
                && octets[at] == 'F'
                && octets[at + 1] == 'r'
                && octets[at + 2] == 'o'
                && octets[at + 3] == 'm'
                && octets[at + 4] == ' ';
    }
}
