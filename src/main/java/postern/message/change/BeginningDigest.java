package postern.message.change;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import postern.digest.Sha256;

/** Hashes the beginning of a message while it is read. */
final class BeginningDigest extends FilterInputStream {

    /** Includes at least Date, Message-ID and the other fields that identify a message. */
    static final int OCTETS = 16 << 10;

    private final MessageDigest digest = Sha256.start();
    private int left = OCTETS;

    BeginningDigest(InputStream message) {
        super(message);
    }

    static String of(byte[] beginning) {
        var digest = Sha256.start();
        digest.update(beginning, 0, Math.min(OCTETS, beginning.length));
        return HexFormat.of().formatHex(digest.digest());
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int count = super.read(target, offset, length);
        int counted = Math.min(left, Math.max(0, count));
        digest.update(target, offset, counted);
        left -= counted;
        return count;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    /** The hash of the octets read so far; may be called only once. */
    String value() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
