package postern.web.id;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.CRC32C;
import postern.account.AccountTag;

/**
 * Encodes octets as URL-safe text with a kind and a checksum: an octet for format and kind, the
 * payload, and its CRC-32C, in base64url. The first character is a capital letter, so the text
 * cannot equal a word such as {@code inbox}.
 */
public final class OpaqueText {

    /** The texts in the contract. */
    static final String PATTERN = "^[A-Za-z0-9_-]+$";

    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final Base64.Decoder DECODER = Base64.getUrlDecoder();
    private static final int OVERHEAD = 1 + Integer.BYTES;

    /** The type of the payload; a changed payload format gets a new number. */
    public enum Kind {
        MAILBOX("a mailbox id", 0x11),
        MESSAGE("a message id", 0x14),
        CURSOR("a cursor", 0x13),
        THREAD("a thread id", 0x17),
        MESSAGE_WITHIN("a message id", 0x19),
        CURSOR_WITH_STATE("a cursor", 0x1b),
        STATE("a state", 0x1d),
        EVENT("an event id", 0x1f);

        private final String description;
        private final byte header;

        Kind(String description, int header) {
            this.description = description;
            this.header = (byte) header;
        }
    }

    private OpaqueText() {}

    public static String write(Kind kind, ByteArrayOutputStream payload) {
        var octets = ByteBuffer.allocate(OVERHEAD + payload.size());
        octets.put(kind.header).put(payload.toByteArray());
        octets.putInt(checksum(octets.array(), octets.position()));
        return ENCODER.encodeToString(octets.array());
    }

    /**
     * Throws IllegalArgumentException if {@link #write} cannot have made the text for this kind.
     */
    static ByteBuffer read(Kind kind, String text) {
        try {
            var octets = DECODER.decode(text);
            int end = octets.length - Integer.BYTES;
            if (end >= 1
                    && octets[0] == kind.header
                    && ByteBuffer.wrap(octets).getInt(end) == checksum(octets, end)
                    && ENCODER.encodeToString(octets).equals(text)) {
                return ByteBuffer.wrap(Arrays.copyOfRange(octets, 1, end));
            }
        } catch (IllegalArgumentException _) {
            // not base64url
        }
        throw damaged(kind);
    }

    /** Whether the text says that it is of this kind; {@link #read} checks the rest. */
    static boolean isOf(Kind kind, String text) {
        try {
            return DECODER.decode(text.substring(0, Math.min(4, text.length())))[0] == kind.header;
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException _) {
            return false;
        }
    }

    static IllegalArgumentException damaged(Kind kind) {
        return new IllegalArgumentException("is not %s".formatted(kind.description));
    }

    private static int checksum(byte[] octets, int length) {
        var crc = new CRC32C();
        crc.update(octets, 0, length);
        return (int) crc.getValue();
    }

    public static void putTag(ByteArrayOutputStream out, AccountTag tag) {
        out.write(tag.value() >> Byte.SIZE);
        out.write(tag.value());
    }

    public static AccountTag tag(ByteBuffer in) {
        if (in.remaining() < Short.BYTES) {
            throw new IllegalArgumentException("ends within an account's tag");
        }
        return new AccountTag(in.getShort());
    }

    /** Writes a varint: seven bits per octet, the lowest first. */
    public static void putNumber(ByteArrayOutputStream out, long number) {
        long rest = number;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) (rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    public static long number(ByteBuffer in) {
        long number = 0;
        for (int shift = 0; shift < Long.SIZE && in.hasRemaining(); shift += 7) {
            byte octet = in.get();
            number |= (octet & 0x7fL) << shift;
            if (octet >= 0) {
                return number;
            }
        }
        throw new IllegalArgumentException("ends within a number");
    }
}
