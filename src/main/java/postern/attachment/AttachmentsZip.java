package postern.attachment;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.account.Account;
import postern.imap.ImapException;
import postern.web.transfer.ZipStream;

/**
 * The files of one message as a ZIP. Each file is opened only when it is written, over a connection
 * that is given back before the next file.
 *
 * @param name of the ZIP
 * @param date of the message
 */
record AttachmentsZip(
        Account account, String name, List<StoredFile> files, @Nullable Instant date) {

    private static final Set<String> COMPRESSED =
            Set.of(
                    "application/gzip",
                    "application/java-archive",
                    "application/pdf",
                    "application/x-7z-compressed",
                    "application/x-bzip2",
                    "application/x-gzip",
                    "application/x-rar-compressed",
                    "application/vnd.rar",
                    "application/x-xz",
                    "application/x-zip-compressed",
                    "application/zip",
                    "application/zstd",
                    "application/epub+zip");

    void transferTo(OutputStream out, Downloads downloads) throws IOException {
        try (var zip = new ZipStream(out)) {
            for (var file : files) {
                try (var content = downloads.open(account, file, null)) {
                    zip.file(file.type().name(), date, compressed(file.type().contentType()));
                    content.transferTo(zip);
                } catch (ImapException.ProtocolError e) {
                    downloads.distrust(file);
                    throw e;
                }
            }
            zip.finish();
        }
    }

    static boolean compressed(String contentType) {
        return COMPRESSED.contains(contentType)
                || contentType.startsWith("application/vnd.openxmlformats-")
                || contentType.startsWith("application/vnd.oasis.opendocument.")
                || contentType.startsWith("video/")
                || contentType.startsWith("audio/") && !contentType.endsWith("wav")
                || contentType.startsWith("image/")
                        && !contentType.equals("image/bmp")
                        && !contentType.startsWith("image/svg");
    }
}
