package postern.samplemail;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** A landscape under a sky, drawn pixel by pixel; its PNG is stored uncompressed. */
public record Picture(int width, int height, int sky, int ground) {
    private static final int BIT_DEPTH = 8;
    private static final int TRUE_COLOUR = 2;

    byte[] toPng() {
        var png = new ByteArrayOutputStream();
        png.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
        png.writeBytes(chunk("IHDR", header()));
        png.writeBytes(chunk("IDAT", stored(rows())));
        png.writeBytes(chunk("IEND", new byte[0]));
        return png.toByteArray();
    }

    private byte[] header() {
        var header = ByteBuffer.allocate(13).putInt(width).putInt(height);
        return header.put((byte) BIT_DEPTH).put((byte) TRUE_COLOUR).array();
    }

    private byte[] rows() {
        var rows = ByteBuffer.allocate(height * (1 + 3 * width));
        for (int y = 0; y < height; y++) {
            rows.put((byte) 0);
            for (int x = 0; x < width; x++) {
                int colour = colour(x, y);
                rows.put((byte) (colour >> 16)).put((byte) (colour >> 8)).put((byte) colour);
            }
        }
        return rows.array();
    }

    private int colour(int x, int y) {
        double horizon = height * (0.62 + 0.08 * Math.sin(6.0 * x / width));
        if (y > horizon) {
            return shaded(ground, 1.2 - 0.6 * y / height);
        }
        double sun = Math.hypot(x - 0.72 * width, y - 0.28 * height);
        return sun < 0.09 * height ? 0xffe9a8 : shaded(sky, 0.7 + 0.5 * y / height);
    }

    private static int shaded(int colour, double factor) {
        return channel(colour >> 16, factor) << 16
                | channel(colour >> 8, factor) << 8
                | channel(colour, factor);
    }

    private static int channel(int value, double factor) {
        return (int) Math.min(255, (value & 0xff) * factor);
    }

    private static byte[] stored(byte[] octets) {
        try (var deflater = new Deflater(Deflater.NO_COMPRESSION)) {
            deflater.setInput(octets);
            deflater.finish();
            var out = new ByteArrayOutputStream();
            var buffer = new byte[8192];
            while (!deflater.finished()) {
                out.write(buffer, 0, deflater.deflate(buffer));
            }
            return out.toByteArray();
        }
    }

    private static byte[] chunk(String type, byte[] data) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        var sum = new CRC32();
        sum.update(name);
        sum.update(data);
        return ByteBuffer.allocate(12 + data.length)
                .putInt(data.length)
                .put(name)
                .put(data)
                .putInt((int) sum.getValue())
                .array();
    }
}
