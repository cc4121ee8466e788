package postern.compose;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import postern.imap.ImapException;
import postern.message.part.HeaderField;

/**
 * Replaces the header of a message while its octets pass; its body passes as it is. Lines must end
 * with CRLF.
 */
final class EditedHeader extends FilterOutputStream {

    private static final int LARGEST = 1 << 20;

    private final Editor editor;
    private final ByteArrayOutputStream header = new ByteArrayOutputStream();
    private boolean inHeader = true;
    private int line;

    /** Makes the new header. */
    interface Editor {
        void write(List<HeaderField.Raw> fields, OutputStream out) throws IOException;
    }

    EditedHeader(OutputStream out, Editor editor) {
        super(out);
        this.editor = editor;
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] octets, int offset, int length) throws IOException {
        int at = offset;
        int end = offset + length;
        while (inHeader && at < end) {
            take(octets[at++]);
        }
        out.write(octets, at, end - at);
    }

    private void take(byte octet) throws IOException {
        header.write(octet);
        if (header.size() > LARGEST) {
            throw new ImapException.NotPossible("its header has more than 1 MB", null);
        }
        if (octet == '\n') {
            if (line == 0) {
                endHeader();
            }
            line = 0;
        } else if (octet != '\r') {
            line++;
        }
    }

    private void endHeader() throws IOException {
        inHeader = false;
        var fields = HeaderField.split(header.toByteArray());
        if (fields.size() >= HeaderField.MOST) {
            throw new ImapException.NotPossible(
                    "its header has %d fields or more".formatted(HeaderField.MOST), null);
        }
        editor.write(fields, out);
        out.write("\r\n".getBytes(US_ASCII));
    }

    /** Completes a message that has no body; does not close the stream below. */
    @Override
    public void close() throws IOException {
        if (inHeader) {
            if (line > 0) {
                header.writeBytes("\r\n".getBytes(US_ASCII));
            }
            endHeader();
        }
        out.flush();
    }
}
