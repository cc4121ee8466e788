package postern.message.part;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.regex.Pattern;
import postern.imap.message.BodyPart;
import postern.mime.encoding.TransferEncoding;
import postern.mime.header.MimeParameters;
import postern.mime.html.HtmlText;
import postern.mime.html.InlineParts;
import postern.mime.html.SafeHtml;
import postern.mime.html.TextHtml;
import postern.mime.text.BlankText;
import postern.mime.text.FlowedText;
import postern.mime.text.TextBody;

/** A text part, decoded from its transfer encoding and charset. */
public record PartText(BodyPart part, MimeParameters parameters, String content) {

    private static final Pattern PICTURE =
            Pattern.compile("<(?:img|svg|video|input)\\b|background", Pattern.CASE_INSENSITIVE);

    public static PartText of(BodyPart part, byte[] octets) {
        var parameters = PartNames.parameters(part);
        var decoded = decoded(part, octets);
        var charset = parameters.get("charset");
        var text =
                isHtml(part)
                        ? TextBody.decodeHtml(decoded, charset)
                        : TextBody.decode(decoded, charset);
        return new PartText(part, parameters, text);
    }

    /** Content that was cut is decoded as far as possible. */
    public static byte[] decoded(BodyPart part, byte[] octets) {
        var encoding = TransferEncoding.of(part.encoding());
        try (var content = encoding.decode(new ByteArrayInputStream(octets))) {
            return content.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("decoding octets that are in memory", e);
        }
    }

    boolean isHtml() {
        return isHtml(part);
    }

    private static boolean isHtml(BodyPart part) {
        return part.mediaType().equals("text/html");
    }

    /** Whether it shows nothing: no words and no pictures. */
    public boolean blank() {
        return isHtml()
                ? !PICTURE.matcher(content).find() && BlankText.is(HtmlText.of(content))
                : BlankText.is(content);
    }

    public String asText() {
        return isHtml() ? HtmlText.of(content) : unfolded();
    }

    public SafeHtml asHtml(SafeHtml.RemoteContent remote, InlineParts parts) {
        return isHtml()
                ? SafeHtml.quotesFolded(content, remote, parts)
                : new SafeHtml(TextHtml.of(unfolded()), 0, false);
    }

    private String unfolded() {
        return "flowed".equalsIgnoreCase(parameters.get("format"))
                ? FlowedText.unfold(content, "yes".equalsIgnoreCase(parameters.get("delsp")))
                : content;
    }
}
