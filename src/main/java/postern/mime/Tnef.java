package postern.mime;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.mime.header.FileName;
import postern.mime.text.TextBody;

/** Lists the names of the files in a winmail.dat ([MS-OXTNEF]); their content is skipped. */
public final class Tnef {

    private static final int SIGNATURE = 0x223E9F78;
    private static final int ATTACHMENT = 2;
    private static final int ATT_ATTACH_REND_DATA = 0x9002;
    private static final int ATT_ATTACH_TITLE = 0x8010;
    private static final int ATT_ATTACHMENT = 0x9005;
    private static final int PR_ATTACH_LONG_FILENAME = 0x3707;
    private static final int MOST_FILES = 100;
    private static final int MOST_PROPERTIES = 1_000;

    private final ByteBuffer octets;
    private final List<String> names = new ArrayList<>();
    private boolean inAttachment;
    private @Nullable String title;
    private @Nullable String longName;

    private Tnef(byte[] octets) {
        this.octets = ByteBuffer.wrap(octets).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Never throws: from broken TNEF it returns the names read so far. */
    public static List<String> fileNames(byte[] octets) {
        var tnef = new Tnef(octets);
        try {
            tnef.walk();
        } catch (BufferUnderflowException | IllegalArgumentException _) {
            // truncated
        }
        tnef.endAttachment();
        return List.copyOf(tnef.names);
    }

    private void walk() {
        if (octets.getInt() != SIGNATURE) {
            return;
        }
        octets.getShort();
        while (octets.hasRemaining() && names.size() < MOST_FILES) {
            int level = octets.get();
            int attribute = octets.getShort() & 0xFFFF;
            octets.getShort();
            int length = octets.getInt();
            if (length < 0 || length > octets.remaining()) {
                return;
            }
            if (level == ATTACHMENT) {
                attribute(attribute, octets.slice(octets.position(), length));
            }
            octets.position(octets.position() + length);
            octets.getShort(); // checksum
        }
    }

    private void attribute(int attribute, ByteBuffer value) {
        value.order(ByteOrder.LITTLE_ENDIAN);
        switch (attribute) {
            case ATT_ATTACH_REND_DATA -> {
                endAttachment();
                inAttachment = true;
            }
            case ATT_ATTACH_TITLE -> title = text(rest(value), false);
            case ATT_ATTACHMENT -> {
                try {
                    longName(value);
                } catch (BufferUnderflowException | IllegalArgumentException _) {
                    // fall back to the title
                }
            }
            default -> {}
        }
    }

    private void endAttachment() {
        var name = longName != null && !longName.isBlank() ? longName : title;
        if (inAttachment && names.size() < MOST_FILES) {
            names.add(FileName.of(name, "application/octet-stream"));
        }
        inAttachment = false;
        title = null;
        longName = null;
    }

    /**
     * Searches the MAPI properties for the long file name; the type of a property determines its
     * length.
     */
    private void longName(ByteBuffer value) {
        int count = Math.min(value.getInt(), MOST_PROPERTIES);
        for (int i = 0; i < count; i++) {
            int type = value.getShort() & 0xFFFF;
            int id = value.getShort() & 0xFFFF;
            if (id >= 0x8000) {
                skipName(value);
            }
            boolean several = (type & 0x1000) != 0;
            int plain = type & 0xEFFF;
            boolean variable = plain == 0x1E || plain == 0x1F || plain == 0x102 || plain == 0x0D;
            int values = several || variable ? Math.min(value.getInt(), MOST_PROPERTIES) : 1;
            for (int v = 0; v < values; v++) {
                int length = variable ? value.getInt() : size(plain);
                if (length < 0 || length > value.remaining()) {
                    return;
                }
                if (id == PR_ATTACH_LONG_FILENAME && variable) {
                    longName = text(rest(value.slice(value.position(), length)), plain == 0x1F);
                    return;
                }
                skip(value, length);
            }
        }
    }

    private static void skipName(ByteBuffer value) {
        skip(value, 16);
        int kind = value.getInt();
        if (kind == 0) {
            value.getInt();
        } else {
            skip(value, value.getInt());
        }
    }

    private static int size(int type) {
        return switch (type) {
            case 0x05, 0x06, 0x07, 0x14, 0x40 -> 8;
            case 0x48 -> 16;
            default -> 4;
        };
    }

    /** Values are padded to a multiple of four. */
    private static void skip(ByteBuffer value, int length) {
        if (length < 0) {
            throw new IllegalArgumentException("a negative length");
        }
        value.position(
                value.position() + Math.min(length + (4 - length % 4) % 4, value.remaining()));
    }

    private static byte[] rest(ByteBuffer value) {
        var octets = new byte[value.remaining()];
        value.get(octets);
        return octets;
    }

    private static String text(byte[] octets, boolean unicode) {
        var text =
                unicode
                        ? new String(octets, StandardCharsets.UTF_16LE)
                        : TextBody.decode(octets, null);
        int end = text.indexOf('\0');
        return end < 0 ? text : text.substring(0, end);
    }
}
