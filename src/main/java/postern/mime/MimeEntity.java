package postern.mime;

import java.util.List;

/**
 * A message or a part of one, as it lies among the octets that it was read from.
 *
 * @param start of its header
 * @param body where its header ends
 * @param end behind its last octet; the line end before a delimiter belongs to the delimiter
 * @param header its own octets, cut where they are too many
 * @param type in lower case, such as {@code multipart/mixed}; what its header means, and empty
 *     where that cannot be told
 * @param parts of a multipart; of a message within, the message alone
 * @param whole whether its last octet was seen
 */
public record MimeEntity(
        int start,
        int body,
        int end,
        byte[] header,
        String type,
        List<MimeEntity> parts,
        boolean whole) {

    public int octets() {
        return end - body;
    }
}
