package postern.message.part;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.imap.message.BodyPart;
import postern.imap.message.RawText;
import postern.mime.header.FileName;
import postern.mime.header.HeaderText;
import postern.mime.header.MimeParameters;

/** The file name and other names in a part's header. */
public final class PartNames {

    private PartNames() {}

    /** The decoded parameters of its Content-Type. */
    public static MimeParameters parameters(BodyPart part) {
        return decode(part.parameters());
    }

    /** The name exactly as the sender gave it; null when there is none. */
    public static @Nullable String declared(BodyPart part) {
        var filename = decode(part.dispositionParameters()).get("filename");
        return filename != null ? filename : parameters(part).get("name");
    }

    /**
     * Whether it has a name; in RFC 2231 the parameter may be spelled {@code name*} or {@code
     * name*0*}.
     */
    static boolean named(BodyPart part) {
        return has(part.parameters().keySet(), "name")
                || has(part.dispositionParameters().keySet(), "filename");
    }

    private static boolean has(Iterable<String> parameters, String name) {
        for (var parameter : parameters) {
            if (parameter.equals(name) || parameter.startsWith(name + "*")) {
                return true;
            }
        }
        return false;
    }

    /** A name that is safe on all file systems; never empty. */
    public static String fileName(BodyPart part) {
        return FileName.of(declared(part), part.mediaType());
    }

    /** The Content-ID without angle brackets, as in {@code cid:} URLs (RFC 2392). */
    public static @Nullable String cid(BodyPart part) {
        if (part.contentId() == null) {
            return null;
        }
        var ids = MessageIds.parse(HeaderText.decode(part.contentId().octets()));
        return ids.isEmpty() ? null : ids.getFirst();
    }

    private static MimeParameters decode(Map<String, RawText> raw) {
        var octets = new LinkedHashMap<String, byte[]>();
        raw.forEach((name, value) -> octets.put(name, value.octets()));
        return MimeParameters.decode(octets);
    }
}
