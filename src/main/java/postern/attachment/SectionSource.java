package postern.attachment;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
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
 * The octets of a section as the mail server sends them. At first they come as one literal, over a
 * connection that is held all the while. For a reader that is slow they come in windows, each over
 * a connection that is given back before the window is read.
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
     * @param decoded whether the server takes the transfer encoding off; offsets then count decoded
     *     octets
     * @param offset of the first octet
     * @param end the offset behind the last octet; Long.MAX_VALUE for all there are
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
     * Begins the literal and gives its length. From then on the mailbox is the source's, to be
     * closed with it.
     */
    long open(SelectedMailbox selected) {
        var opened = open(selected, end - position);
        literal = opened;
        mailbox = selected;
        end = position + opened.length();
        return opened.length();
    }

    /** From here on the octets come in windows. */
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
        int some =
                stream != null
                        ? stream.read(target, offset, length)
                        : readWindow(target, offset, length);
        if (some > 0) {
            position += some;
        }
        return some;
    }

    private int readWindow(byte[] target, int offset, int length) throws IOException {
        if (windowPosition == window.length) {
            nextWindow();
        }
        if (windowPosition == window.length) {
            return -1;
        }
        int some = Math.min(length, window.length - windowPosition);
        System.arraycopy(window, windowPosition, target, offset, some);
        windowPosition += some;
        return some;
    }

    private void nextWindow() throws IOException {
        windowPosition = 0;
        window = new byte[0];
        if (position >= end) {
            return;
        }
        try (var selected =
                connections.select(account, message.mailbox(), Access.READ_ONLY, Lane.DOWNLOAD)) {
            selected.require(message);
            try (var stream = open(selected, Math.min(WINDOW, end - position))) {
                var octets = new byte[(int) Math.min(WINDOW, stream.length())];
                int filled = 0;
                while (filled < octets.length) {
                    int some = stream.read(octets, filled, octets.length - filled);
                    if (some < 0) {
                        break;
                    }
                    filled += some;
                }
                window = filled == octets.length ? octets : Arrays.copyOf(octets, filled);
            }
        }
        if (window.length == 0) {
            // Taken for the end, it would make a file of unknown length look whole.
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

    /** What became of a part that is not as long as it was said to be. */
    static ImapException notAsAnnounced() {
        return new ImapException.ProtocolError("the part is not as long as announced", null, null);
    }
}
