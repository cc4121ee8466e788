package postern.attachment;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import postern.account.Account;
import postern.imap.Access;
import postern.imap.ImapConnections;
import postern.imap.ImapException;
import postern.imap.Lane;
import postern.imap.MessageRef;
import postern.imap.SelectedMailbox;
import postern.imap.message.Section;
import postern.imap.message.SectionRange;
import postern.imap.message.SectionStream;

/**
 * Streams the octets of a section from the mail server. At first they arrive as one literal, over a
 * connection that is held meanwhile. For a slow reader they are fetched in windows; the connection
 * is given back before each window is read.
 */
final class SectionSource extends InputStream {

    private static final int WINDOW = 512 * 1024;

    private final ImapConnections connections;
    private final Account account;
    private final MessageRef message;
    private final Section section;
    private final boolean decoded;
    private long end;
    private long position;
    private @Nullable SelectedMailbox mailbox;
    private @Nullable SectionStream literal;
    private byte[] window = {};
    private int windowPosition;

    /**
     * @param decoded whether the server decodes the transfer encoding; offsets then count decoded
     *     octets
     * @param offset of the first octet
     * @param end the offset after the last octet; Long.MAX_VALUE for all
     */
    SectionSource(
            ImapConnections connections,
            Account account,
            MessageRef message,
            Section section,
            boolean decoded,
            long offset,
            long end) {
        this.connections = connections;
        this.account = account;
        this.message = message;
        this.section = section;
        this.decoded = decoded;
        this.position = offset;
        this.end = end;
    }

    /**
     * Starts the literal and returns its length. From then on this object owns the mailbox and
     * closes it.
     */
    long open(SelectedMailbox selected) {
        var opened = open(selected, end - position);
        literal = opened;
        mailbox = selected;
        end = position + opened.length();
        return opened.length();
    }

    /** Fetches the remaining octets in windows. */
    void slowDown() {
        if (literal != null) {
            release();
        }
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        var stream = literal;
        int count =
                stream != null
                        ? stream.read(target, offset, length)
                        : readWindow(target, offset, length);
        if (count > 0) {
            position += count;
        }
        return count;
    }

    private int readWindow(byte[] target, int offset, int length) throws IOException {
        if (windowPosition == window.length) {
            nextWindow();
        }
        if (windowPosition == window.length) {
            return -1;
        }
        int count = Math.min(length, window.length - windowPosition);
        System.arraycopy(window, windowPosition, target, offset, count);
        windowPosition += count;
        return count;
    }

    private void nextWindow() throws IOException {
        windowPosition = 0;
        window = new byte[0];
        if (position >= end) {
            return;
        }
        try (var selected = connections.select(account, message, Access.READ_ONLY, Lane.BULK);
                var stream = open(selected, Math.min(WINDOW, end - position))) {
            window = stream.readNBytes((int) Math.min(WINDOW, stream.length()));
        }
        if (window.length == 0) {
            // Treating this as the end would make a truncated file of unknown length look complete.
            throw notAsAnnounced();
        }
    }

    private SectionStream open(SelectedMailbox selected, long octets) {
        var range = new SectionRange(section, position, octets);
        return decoded
                ? selected.openDecoded(message.uid(), range)
                : selected.open(message.uid(), range);
    }

    /** Never throws. */
    @Override
    public void close() {
        release();
    }

    private void release() {
        var stream = literal;
        literal = null;
        if (stream != null) {
            stream.close();
        }
        var selected = mailbox;
        mailbox = null;
        if (selected != null) {
            selected.close();
        }
    }

    /** The error for a part whose length differs from the announced one. */
    static ImapException notAsAnnounced() {
        return new ImapException.ProtocolError("the part is not as long as announced", null, null);
    }
}
