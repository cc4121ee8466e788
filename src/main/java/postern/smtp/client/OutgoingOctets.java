package postern.smtp.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Set;
import postern.octets.OctetScan;
import postern.smtp.OutgoingMessage;

/**
 * Copies a message into DATA (RFC 5321 §4.5.2) or BDAT (RFC 3030): ends all lines with CRLF, leaves
 * out the fields that name hidden recipients, and the gateway's own, and for DATA doubles a dot at
 * the beginning of a line. Everything else passes octet by octet.
 *
 * <p>A bare CR or LF also ends a line, since servers disagree on it: with one of them in front of a
 * dot a message could end early, and the rest of it would be read as commands.
 */
final class OutgoingOctets {

    private static final Set<String> HIDDEN =
            Set.of("bcc", "resent-bcc", OutgoingMessage.REQUEST_FIELD.toLowerCase(Locale.ROOT));

    /** Longer than the hidden names, behind which old mailers put white space. */
    private static final int LONGEST_NAME = 64;

    private static final int BUFFER = 128 << 10;
    private static final int HELD = 1 << 10;

    private final OutputStream out;
    private final boolean dots;
    private final byte[] buffer = new byte[HELD];
    private final byte[] name = new byte[LONGEST_NAME];
    private int filled;
    private int named;
    private boolean header = true;
    private boolean lineStart = true;

    /** Whether the beginning of a header line is held back, until its field's name is known. */
    private boolean naming;

    private boolean hidden;
    private boolean afterCarriageReturn;

    /**
     * @param dots whether they are doubled
     */
    private OutgoingOctets(OutputStream out, boolean dots) {
        this.out = out;
        this.dots = dots;
    }

    /**
     * Copies all of it, up to a final CRLF and without the dot that ends DATA. A failure of the
     * source is thrown as an UncheckedIOException.
     */
    static void copy(InputStream source, OutputStream out) throws IOException {
        copy(source, new OutgoingOctets(out, true));
    }

    /** The same for BDAT, where a dot means nothing. */
    static void copyPlain(InputStream source, OutputStream out) throws IOException {
        copy(source, new OutgoingOctets(out, false));
    }

    private static void copy(InputStream source, OutgoingOctets octets) throws IOException {
        var read = new byte[BUFFER];
        for (int some = read(source, read); some >= 0; some = read(source, read)) {
            int at = 0;
            while (at < some) {
                if (octets.passes()) {
                    at = octets.passOn(read, at, some);
                }
                if (at < some) {
                    octets.take(read[at++]);
                }
            }
        }
        octets.end();
    }

    private static int read(InputStream source, byte[] target) {
        try {
            return source.read(target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether only the ends of lines, and dots behind them, need a look. */
    private boolean passes() {
        return !header && !afterCarriageReturn;
    }

    /**
     * Copies what stays as it is, many lines at a time. Returns where an octet needs a look: a dot
     * at the beginning of a line, and a CR or LF that is no CRLF, or is the last octet here.
     */
    private int passOn(byte[] octets, int from, int to) throws IOException {
        int end = from;
        while (end < to && !(dots && lineStart && octets[end] == '.')) {
            int found = OctetScan.lineEnd(octets, end, to);
            lineStart &= found == end;
            end = found;
            if (end + 1 >= to || octets[end] != '\r' || octets[end + 1] != '\n') {
                break;
            }
            end += 2;
            lineStart = true;
        }
        if (end > from) {
            writeBuffer();
            out.write(octets, from, end - from);
        }
        return end;
    }

    private void take(byte octet) throws IOException {
        if (afterCarriageReturn) {
            afterCarriageReturn = false;
            endLine();
            if (octet == '\n') {
                return;
            }
        }
        if (octet == '\r') {
            afterCarriageReturn = true;
        } else if (octet == '\n') {
            endLine();
        } else {
            takeContent(octet);
        }
    }

    private void takeContent(byte octet) throws IOException {
        if (lineStart) {
            lineStart = false;
            if (header && octet != ' ' && octet != '\t') {
                hidden = false;
                naming = true;
                named = 0;
            } else if (dots && octet == '.') {
                put(octet);
            }
        }
        if (naming) {
            name[named++] = octet;
            boolean ended = octet == ':';
            if (ended || named == name.length) {
                hidden = (ended || octet == ' ' || octet == '\t') && HIDDEN.contains(fieldName());
                endName();
            }
        } else if (!hidden) {
            put(octet);
        }
    }

    private String fieldName() {
        int length = name[named - 1] == ':' ? named - 1 : named;
        var text = new String(name, 0, length, ISO_8859_1);
        return text.strip().toLowerCase(Locale.ROOT);
    }

    private void endName() throws IOException {
        naming = false;
        if (!hidden) {
            if (dots && name[0] == '.') {
                put((byte) '.');
            }
            for (int i = 0; i < named; i++) {
                put(name[i]);
            }
        }
    }

    private void endLine() throws IOException {
        if (naming) {
            endName();
        }
        if (header && lineStart) {
            header = false;
            hidden = false;
        }
        if (!hidden) {
            put((byte) '\r');
            put((byte) '\n');
        }
        lineStart = true;
    }

    private void end() throws IOException {
        if (afterCarriageReturn || !lineStart) {
            endLine();
        }
        writeBuffer();
    }

    private void put(byte octet) throws IOException {
        if (filled == buffer.length) {
            writeBuffer();
        }
        buffer[filled++] = octet;
    }

    private void writeBuffer() throws IOException {
        out.write(buffer, 0, filled);
        filled = 0;
    }
}
