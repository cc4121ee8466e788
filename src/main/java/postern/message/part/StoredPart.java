package postern.message.part;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.imap.message.BodyPart;
import postern.mime.encoding.TransferEncoding;

/**
 * A part of a message on the mail server.
 *
 * @param parameters of its media type, without its name
 * @param name as the sender gave it, or one derived from its type
 * @param size in octets, before decoding
 * @param letter whether it is a message
 * @param place where its octets are, when the mail server does not know it by its id
 */
public record StoredPart(
        String mediaType,
        Map<String, String> parameters,
        String name,
        @Nullable String cid,
        boolean inline,
        TransferEncoding encoding,
        long size,
        boolean letter,
        @Nullable PartLocation place) {

    static StoredPart of(BodyPart part, @Nullable PartLocation place) {
        var parameters = new LinkedHashMap<>(PartNames.parameters(part).all());
        parameters.remove("name");
        return new StoredPart(
                part.mediaType(),
                parameters,
                PartNames.fileName(part),
                PartNames.cid(part),
                "inline".equals(part.disposition())
                        && part.contentId() != null
                        && BodySelection.picture(part),
                TransferEncoding.of(part.encoding()),
                part.size(),
                part.message() || AttachedMessage.opens(part),
                place);
    }
}
