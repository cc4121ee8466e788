package postern.samplemail;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * Sample mail as a Maildir, the fastest way to fill a server: file names contain the sizes, and
 * modification times are the internal dates.
 */
public final class Maildir {
    private static final List<String> DIRECTORIES = List.of("cur", "new", "tmp");

    private Maildir() {}

    public static void write(Stream<SampleMessage> messages, Path directory) throws IOException {
        for (var name : DIRECTORIES) {
            Files.createDirectories(directory.resolve(name));
        }
        int number = 0;
        for (var each = messages.iterator(); each.hasNext(); number++) {
            var message = each.next();
            var file = directory.resolve("cur").resolve(fileName(message, number));
            try (var out = new BufferedOutputStream(Files.newOutputStream(file))) {
                message.writeTo(out);
            }
            Files.setLastModifiedTime(file, FileTime.from(message.internalDate()));
        }
    }

    /** A tar archive with {@code cur}, {@code new} and {@code tmp} at its top. */
    public static void writeTar(
            Stream<SampleMessage> messages, OutputStream out, int userId, int groupId)
            throws IOException {
        try (var tar = new TarArchiveOutputStream(out, StandardCharsets.UTF_8.name())) {
            tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            for (var name : DIRECTORIES) {
                tar.putArchiveEntry(owned(new TarArchiveEntry(name + "/"), userId, groupId));
                tar.closeArchiveEntry();
            }
            writeMessages(messages.iterator(), tar, userId, groupId);
        }
    }

    private static void writeMessages(
            Iterator<SampleMessage> messages, TarArchiveOutputStream tar, int userId, int groupId)
            throws IOException {
        for (int number = 0; messages.hasNext(); number++) {
            var message = messages.next();
            var entry = new TarArchiveEntry("cur/" + fileName(message, number));
            entry.setSize(message.size());
            entry.setLastModifiedTime(FileTime.from(message.internalDate()));
            tar.putArchiveEntry(owned(entry, userId, groupId));
            message.writeTo(tar);
            tar.closeArchiveEntry();
        }
    }

    private static TarArchiveEntry owned(TarArchiveEntry entry, int userId, int groupId) {
        entry.setIds(userId, groupId);
        return entry;
    }

    // S is the size on disk, W the size with CRLF line ends: ours are written with CRLF.
    private static String fileName(SampleMessage message, int number) {
        return "%d.M%dP1.sample,S=%d,W=%d:2,%s"
                .formatted(
                        message.internalDate().getEpochSecond(),
                        number,
                        message.size(),
                        message.size(),
                        flags(message));
    }

    // In alphabetical order, as Maildir requires.
    private static String flags(SampleMessage message) {
        var letters = new StringBuilder();
        letters.append(message.flags().contains("\\Draft") ? "D" : "");
        letters.append(message.flags().contains("\\Flagged") ? "F" : "");
        letters.append(message.flags().contains("\\Answered") ? "R" : "");
        letters.append(message.flags().contains("\\Seen") ? "S" : "");
        letters.append(message.flags().contains("\\Deleted") ? "T" : "");
        return letters.toString();
    }
}
