package postern.samplemail;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestOutputStream;
import java.util.Base64;
import java.util.HexFormat;

/** A message with a random attachment that is generated chunk by chunk each time it is written. */
final class LargeContent implements SampleMessage.Content {
    private static final int LINE_CHARS = TransferEncoding.LINE_OCTETS / 3 * 4;
    private static final int CHUNK = 1 << 16;
    private static final byte[] CRLF = {'\r', '\n'};

    private final byte[] head;
    private final byte[] tail;
    private final long seed;
    private final long attachmentSize;

    /** The attachment's base64 is written between head and tail. */
    LargeContent(byte[] head, byte[] tail, long seed, long attachmentSize) {
        this.head = head;
        this.tail = tail;
        this.seed = seed;
        this.attachmentSize = attachmentSize;
    }

    SampleAttachment describe(String name) {
        var digest = SampleFile.sha256();
        try (var out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
            writeAttachment(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var hex = HexFormat.of().formatHex(digest.digest());
        return new SampleAttachment(name, attachmentSize, hex);
    }

    @Override
    public long size() {
        long characters = (attachmentSize + 2) / 3 * 4;
        long lineEnds = Math.max(0, (characters - 1) / LINE_CHARS);
        return head.length + characters + lineEnds * CRLF.length + tail.length;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        out.write(head);
        try (var encoded = Base64.getMimeEncoder(LINE_CHARS, CRLF).wrap(keptOpen(out))) {
            writeAttachment(encoded);
        }
        out.write(tail);
    }

    private void writeAttachment(OutputStream out) throws IOException {
        var dice = SeededRandom.of(seed, 0, "large attachment");
        var chunk = new byte[CHUNK];
        for (long left = attachmentSize; left > 0; left -= CHUNK) {
            dice.fill(chunk);
            out.write(chunk, 0, (int) Math.min(left, CHUNK));
        }
    }

    private static OutputStream keptOpen(OutputStream out) {
        return new FilterOutputStream(out) {
            @Override
            public void write(byte[] octets, int offset, int length) throws IOException {
                out.write(octets, offset, length);
            }

            @Override
            public void close() throws IOException {
                flush();
            }
        };
    }
}
