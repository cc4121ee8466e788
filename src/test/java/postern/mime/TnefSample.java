package postern.mime;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes a winmail.dat as Outlook does: a short name for each file, and the long one in MAPI. */
public final class TnefSample {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private TnefSample() {}

    public static byte[] of(String... names) {
        var sample = new TnefSample();
        sample.out.writeBytes(buffer(6).putInt(0x223E9F78).putShort((short) 1).array());
        sample.attribute(1, 0x00089006, new byte[] {0, 0, 1, 0});
        for (var name : names) {
            sample.attribute(2, 0x00069002, new byte[14]);
            sample.attribute(2, 0x00018010, "SHORT~1.DAT\0".getBytes(StandardCharsets.US_ASCII));
            sample.attribute(2, 0x0006800F, new byte[1000]);
            sample.attribute(2, 0x00069005, properties(name));
        }
        return sample.out.toByteArray();
    }

    private void attribute(int level, int id, byte[] value) {
        out.write(level);
        out.writeBytes(buffer(8).putInt(id).putInt(value.length).array());
        out.writeBytes(value);
        out.writeBytes(new byte[2]);
    }

    private static byte[] properties(String name) {
        var text = (name + "\0").getBytes(StandardCharsets.UTF_16LE);
        var properties = buffer(64 + text.length);
        properties.putInt(3);
        properties.putInt(0x0E210003).putInt(7); // PR_ATTACH_NUM
        properties
                .putInt(0x3703001E)
                .putInt(1)
                .putInt(5)
                .put("doc\0\0\0\0\0".getBytes(StandardCharsets.US_ASCII));
        properties.putInt(0x3707001F).putInt(1).putInt(text.length).put(text);
        return properties.array();
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
