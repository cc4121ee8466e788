package postern.attachment;

import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ContentDisposition;
import postern.mime.header.MediaType;
import postern.web.link.LinkDisposition;

/**
 * The headers that label a file for a browser. A type that a browser could execute is never shown
 * inline: mail content must not become a page of the gateway's origin.
 *
 * @param contentType the value of Content-Type
 * @param name of the file
 * @param shown whether a browser may show it inline
 * @param inline whether it is to be shown inline
 */
record FileType(String contentType, String name, boolean shown, boolean inline) {

    private static final Pattern CHARSET = Pattern.compile("[A-Za-z0-9!#$%&'*+^_`{}~.:-]{1,60}");
    private static final Set<String> SHOWN =
            Set.of(
                    "application/pdf",
                    "image/avif",
                    "image/bmp",
                    "image/gif",
                    "image/jpeg",
                    "image/png",
                    "image/webp",
                    "text/plain");

    /**
     * @param inline whether the sender gave it the disposition inline
     */
    static FileType of(String mediaType, @Nullable String charset, String name, boolean inline) {
        var type = MediaType.valid(mediaType) ? mediaType : "application/octet-stream";
        boolean shown =
                SHOWN.contains(type) || type.startsWith("audio/") || type.startsWith("video/");
        boolean labelled =
                type.startsWith("text/") && charset != null && CHARSET.matcher(charset).matches();
        return new FileType(
                labelled ? type + ";charset=" + charset : type, name, shown, inline && shown);
    }

    /** The same file with the disposition that the caller asked for, instead of the sender's. */
    FileType as(LinkDisposition disposition) {
        return new FileType(
                contentType, name, shown, shown && disposition == LinkDisposition.INLINE);
    }

    /**
     * The value of Content-Disposition (RFC 6266), with an ASCII name for old clients and an
     * extended one.
     */
    String disposition() {
        var kind = inline ? ContentDisposition.inline() : ContentDisposition.attachment();
        var ascii = name.replaceAll("[^ !#$&'()+,.0-9;=@A-Z\\[\\]^_`a-z{}~-]", "_");
        var plain = kind.filename(ascii).build().toString();
        return ascii.equals(name) ? plain : plain + "; filename*=UTF-8''" + percentEncoded(name);
    }

    private static String percentEncoded(String name) {
        var out = new StringBuilder();
        for (byte octet : name.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
            char c = (char) (octet & 0xff);
            boolean plain =
                    c < 0x80 && (Character.isLetterOrDigit(c) || "!#$&+-.^_`|~".indexOf(c) >= 0);
            out.append(plain ? String.valueOf(c) : "%%%02X".formatted((int) c));
        }
        return out.toString();
    }
}
