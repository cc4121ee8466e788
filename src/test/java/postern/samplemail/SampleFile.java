package postern.samplemail;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDateTime;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A file to attach, with content that matches its type. */
public final class SampleFile {
    private final String name;
    private final String type;
    private final byte[] octets;

    public SampleFile(String name, String type, byte[] octets) {
        this.name = name;
        this.type = type;
        this.octets = octets;
    }

    public static SampleFile text(String name, String text) {
        return new SampleFile(
                name, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    public static SampleFile csv(String name, String rows) {
        return new SampleFile(
                name, "text/csv; charset=utf-8", rows.getBytes(StandardCharsets.UTF_8));
    }

    public static SampleFile pdf(String name, String title, List<String> lines) {
        return new SampleFile(name, "application/pdf", OnePagePdf.of(title, lines));
    }

    public static SampleFile png(String name, Picture picture) {
        return new SampleFile(name, "image/png", picture.toPng());
    }

    /** An archive whose entries are stored, not compressed, so that no zlib changes its octets. */
    public static SampleFile zip(String name, List<SampleFile> files) {
        var archive = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(archive)) {
            zip.setMethod(ZipOutputStream.STORED);
            for (var file : files) {
                zip.putNextEntry(stored(file));
                zip.write(file.octets);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new SampleFile(name, "application/zip", archive.toByteArray());
    }

    public String name() {
        return name;
    }

    public String type() {
        return type;
    }

    public byte[] octets() {
        return octets.clone();
    }

    public SampleAttachment describe() {
        var digest = sha256().digest(octets);
        return new SampleAttachment(name, octets.length, HexFormat.of().formatHex(digest));
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ZipEntry stored(SampleFile file) {
        var sum = new CRC32();
        sum.update(file.octets);
        var entry = new ZipEntry(file.name);
        entry.setTimeLocal(LocalDateTime.of(2025, 1, 1, 0, 0));
        entry.setSize(file.octets.length);
        entry.setCrc(sum.getValue());
        return entry;
    }
}
