package postern.attachment;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import postern.imap.MessageRef;
import postern.imap.Section;
import postern.mime.TransferEncoding;

/**
 * A file in a mailbox: a message, or one of its parts with the transfer encoding taken off.
 *
 * @param encodedSize octets as the mail server has them, by its own word
 */
record StoredFile(
        MessageRef message,
        Section section,
        TransferEncoding encoding,
        long encodedSize,
        FileType type) {

    boolean encoded() {
        return encoding != TransferEncoding.IDENTITY;
    }

    /** Strong, and good for ever: what stands under a UID never changes (RFC 9051 §2.3.1.1). */
    String etag() {
        var identity =
                String.join(
                        "\n",
                        message.mailbox().wire(),
                        Long.toString(message.uidValidity()),
                        Long.toString(message.uid()),
                        section.wire(),
                        encoding.name());
        try {
            var digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(identity.getBytes(StandardCharsets.ISO_8859_1));
            return '"'
                    + Base64.getUrlEncoder()
                            .withoutPadding()
                            .encodeToString(Arrays.copyOf(digest, 15))
                    + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }
}
