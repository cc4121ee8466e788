package postern.attachment;

import org.jspecify.annotations.Nullable;
import postern.account.AccountKey;
import postern.digest.Sha256;
import postern.imap.MessageRef;
import postern.imap.message.Section;
import postern.imap.message.SectionRange;
import postern.message.part.PartLocation;
import postern.mime.encoding.TransferEncoding;

/**
 * A file in a mailbox: a message, or one of its parts with the transfer encoding removed.
 *
 * @param account the owner of the mailbox: another user's mailbox may have the same name and UIDs
 * @param encodedSize in octets as the mail server reports it; {@link #UNKNOWN} when it does not
 * @param location where its octets are, when the mail server does not know the section
 */
record StoredFile(
        AccountKey account,
        MessageRef message,
        Section section,
        TransferEncoding encoding,
        long encodedSize,
        FileType type,
        @Nullable PartLocation location) {

    static final long UNKNOWN = Long.MAX_VALUE;

    /** The same file without the size that the server reported wrong. */
    StoredFile withoutSize() {
        return new StoredFile(account, message, section, encoding, UNKNOWN, type, location);
    }

    StoredFile withType(FileType other) {
        return new StoredFile(account, message, section, encoding, encodedSize, other, location);
    }

    /**
     * A range of the file's section, in encoded octets; only for a part that the server can send.
     */
    SectionRange range(long offset, long octets) {
        if (location == null) {
            return new SectionRange(section, offset, octets);
        }
        var all = location.range();
        long left = Math.max(1, all.octets() - offset);
        return new SectionRange(all.section(), all.offset() + offset, Math.min(octets, left));
    }

    boolean sized() {
        return encodedSize != UNKNOWN;
    }

    boolean encoded() {
        return encoding != TransferEncoding.IDENTITY;
    }

    /** Approximate heap use of its texts. */
    int octets() {
        return 2
                * (account.server().host().length()
                        + account.user().length()
                        + message.mailbox().wire().length()
                        + type.name().length()
                        + type.contentType().length());
    }

    /**
     * A strong tag that never changes, because the message of a UID never changes (RFC 9051
     * §2.3.1.1). It includes the user, because the URL of a message does not.
     */
    String etag() {
        var identity =
                String.join(
                        "\n",
                        account.server().host(),
                        Integer.toString(account.server().port()),
                        account.user(),
                        message.mailbox().wire(),
                        Long.toString(message.uidValidity()),
                        Long.toString(message.uid()),
                        location == null ? section.wire() : location.identity(),
                        encoding.name());
        return Sha256.eTag(identity);
    }
}
