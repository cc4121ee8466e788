package postern.mime;

import java.util.List;

/**
 * A message or body part, as offsets into the octets that it was parsed from.
 *
 * @param start offset of its header
 * @param body offset of its body
 * @param end offset after its last octet; the line end before a delimiter belongs to the delimiter
 * @param header the octets of its header, truncated where they exceed the limit
 * @param type the media type that its header means, in lower case, such as {@code multipart/mixed};
 *     empty if unknown
 * @param parts of a multipart; an embedded message has one, the message itself
 * @param whole whether the octets contain its end
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
