package postern.mime.charset;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import postern.mime.encoding.Base64Alphabet;

/** Decoder for UTF-7 (RFC 2152), which the JDK lacks and old mail still uses. */
public final class Utf7 extends Charset {

    public static final Charset INSTANCE = new Utf7();

    private Utf7() {
        super("UTF-7", new String[] {"UNICODE-1-1-UTF-7"});
    }

    @Override
    public boolean contains(Charset other) {
        return false;
    }

    @Override
    public boolean canEncode() {
        return false;
    }

    @Override
    public CharsetEncoder newEncoder() {
        throw new UnsupportedOperationException("UTF-7 is only read");
    }

    @Override
    public CharsetDecoder newDecoder() {
        return new Decoder(this);
    }

    private static final class Decoder extends CharsetDecoder {

        private boolean shifted;
        private boolean empty;
        private int bits;
        private int bitCount;
        private char high;

        private Decoder(Charset charset) {
            // A shifted run decodes to fewer characters than octets; an unpaired surrogate adds
            // one.
            super(charset, 1, 2);
        }

        @Override
        protected void implReset() {
            shifted = false;
            empty = false;
            bits = 0;
            bitCount = 0;
            high = 0;
        }

        @Override
        protected CoderResult decodeLoop(ByteBuffer in, CharBuffer out) {
            while (in.hasRemaining()) {
                if (out.remaining() < 2) {
                    return CoderResult.OVERFLOW;
                }
                int octet = in.get() & 0xFF;
                if (shifted) {
                    shifted(octet, out);
                } else {
                    direct(octet, out);
                }
            }
            return CoderResult.UNDERFLOW;
        }

        @Override
        protected CoderResult implFlush(CharBuffer out) {
            if (high != 0 && !out.hasRemaining()) {
                return CoderResult.OVERFLOW;
            }
            flushSurrogate(out);
            return CoderResult.UNDERFLOW;
        }

        private void direct(int octet, CharBuffer out) {
            if (octet == '+') {
                shifted = true;
                empty = true;
                bits = 0;
                bitCount = 0;
            } else {
                out.put(octet < 0x80 ? (char) octet : '\uFFFD');
            }
        }

        private void shifted(int octet, CharBuffer out) {
            int value = Base64Alphabet.valueOf((byte) octet);
            if (value >= 0) {
                empty = false;
                bits = bits << 6 | value;
                bitCount += 6;
                if (bitCount >= 16) {
                    bitCount -= 16;
                    unit((char) (bits >>> bitCount), out);
                }
                return;
            }
            shifted = false;
            flushSurrogate(out);
            if (octet == '-') {
                if (empty) {
                    out.put('+');
                }
            } else {
                direct(octet, out);
            }
        }

        private void unit(char unit, CharBuffer out) {
            if (Character.isLowSurrogate(unit) && high != 0) {
                out.put(high).put(unit);
                high = 0;
                return;
            }
            flushSurrogate(out);
            if (Character.isHighSurrogate(unit)) {
                high = unit;
            } else {
                out.put(Character.isLowSurrogate(unit) ? '\uFFFD' : unit);
            }
        }

        private void flushSurrogate(CharBuffer out) {
            if (high != 0) {
                out.put('\uFFFD');
                high = 0;
            }
        }
    }
}
