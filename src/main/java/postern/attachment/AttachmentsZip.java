package postern.attachment;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.account.Account;

/**
 * The files of one message, to be sent as a ZIP.
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
