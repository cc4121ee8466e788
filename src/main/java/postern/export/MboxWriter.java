package postern.export;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import postern.imap.message.FetchedMessage;
import postern.imap.message.Flag;

/**
 * Writes an mbox (RFC 4155) with LF line ends. Each line that begins with any number of {@code >}
 * and {@code From } gets another {@code >}, so that a reader can restore it (mboxrd).
 */
final class MboxWriter implements MessageArchive {

    private static final int BUFFER = 64 * 1024;
    private static final byte[] FROM = "From ".getBytes(StandardCharsets.US_ASCII);

    /** The format of {@code asctime}, in UTC. */
    private static final DateTimeFormatter ASCTIME =
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss uuuu", Locale.ENGLISH);

    private final OutputStream out;
    private final boolean status;
    private final byte[] in = new byte[BUFFER];
    // Flushed when it is a quarter full: the rest has room for the output of one more input buffer.
    private final byte[] buffer = new byte[BUFFER * 4];
    private int filled;

    // The octets of FROM matched at the beginning of a line; -1 after a mismatch.
    private int matched;
    private boolean carriageReturn;
    private boolean lineOpen;

    /**
     * @param status whether flags are written as Status fields, as mail programs do that store
     *     mailboxes in this format
     */
    MboxWriter(OutputStream out, boolean status) {
        this.out = out;
        this.status = status;
    }

    @Override
    public void add(FetchedMessage facts, InputStream octets) throws IOException {
        int count = octets.readNBytes(in, 0, MessageHead.OCTETS);
        var head = new MessageHead(Arrays.copyOf(in, count));
        var sender = Objects.requireNonNullElse(head.sender(), "MAILER-DAEMON");
        var date = Objects.requireNonNullElse(facts.internalDate(), Instant.EPOCH);
        append("From " + sender + " " + ASCTIME.format(date.atOffset(ZoneOffset.UTC)) + "\n");
        if (status && facts.flags() != null) {
            append(status(facts.flags()));
        }
        matched = 0;
        while (count > 0) {
            quote(count);
            count = octets.readNBytes(in, 0, in.length);
        }
        endLine();
        append("\n");
    }

    /** Status and X-Status as mutt, Dovecot and others write them. */
    private static String status(Set<Flag> flags) {
        var letters =
                (flags.contains(Flag.ANSWERED) ? "A" : "")
                        + (flags.contains(Flag.FLAGGED) ? "F" : "")
                        + (flags.contains(Flag.DRAFT) ? "T" : "")
                        + (flags.contains(Flag.DELETED) ? "D" : "");
        var keywords =
                flags.stream()
                        .filter(flag -> flag.keyword() && flag.storable())
                        .map(Flag::name)
                        .sorted()
                        .collect(Collectors.joining(" "));
        return "Status: "
                + (flags.contains(Flag.SEEN) ? "RO" : "O")
                + "\n"
                + (letters.isEmpty() ? "" : "X-Status: " + letters + "\n")
                + (keywords.isEmpty() ? "" : "X-Keywords: " + keywords + "\n");
    }

    private void append(String text) throws IOException {
        flushIfFull();
        if (text.length() > BUFFER) {
            flush();
            out.write(text.getBytes(StandardCharsets.US_ASCII));
            return;
        }
        for (int i = 0; i < text.length(); i++) {
            buffer[filled++] = (byte) text.charAt(i);
        }
    }

    private void quote(int count) throws IOException {
        flushIfFull();
        for (int i = 0; i < count; ) {
            if (matched < 0 && !carriageReturn) {
                i = copyToLineEnd(i, count);
            } else {
                take(in[i++]);
            }
        }
    }

    /** Copies the rest of a line up to a possible line end. */
    private int copyToLineEnd(int start, int count) {
        int end = start;
        while (end < count && in[end] != '\n' && in[end] != '\r') {
            end++;
        }
        System.arraycopy(in, start, buffer, filled, end - start);
        filled += end - start;
        lineOpen |= end > start;
        if (end < count) {
            take(in[end++]);
        }
        return end;
    }

    private void take(byte octet) {
        if (octet == '\n') {
            carriageReturn = false; // part of CRLF
            release();
            buffer[filled++] = '\n';
            matched = 0;
            lineOpen = false;
            return;
        }
        lineOpen = true;
        if (carriageReturn) {
            carriageReturn = false;
            release();
            buffer[filled++] = '\r';
            matched = -1;
        }
        if (octet == '\r') {
            carriageReturn = true;
        } else if (matched >= 0 && octet == FROM[matched]) {
            if (++matched == FROM.length) {
                buffer[filled++] = '>';
                release();
                matched = -1;
            }
        } else if (matched == 0 && octet == '>') {
            buffer[filled++] = octet; // a > before the others equals one after them
        } else {
            release();
            buffer[filled++] = octet;
            matched = -1;
        }
    }

    /** Writes the partial match of FROM that was held back. */
    private void release() {
        for (int i = 0; i < matched; i++) {
            buffer[filled++] = FROM[i];
        }
        matched = Math.min(matched, 0);
    }

    private void endLine() {
        if (lineOpen) {
            take((byte) '\n');
        }
    }

    private void flushIfFull() throws IOException {
        if (filled > BUFFER) {
            flush();
        }
    }

    private void flush() throws IOException {
        out.write(buffer, 0, filled);
        filled = 0;
    }

    @Override
    public void finish() throws IOException {
        flush();
        out.flush();
    }

    @Override
    public void close() {}
}
