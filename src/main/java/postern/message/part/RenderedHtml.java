package postern.message.part;

import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import postern.imap.message.BodyPart;
import postern.mime.header.HeaderText;
import postern.mime.html.HtmlPage;
import postern.mime.html.InlineParts;
import postern.mime.html.SafeHtml;

/**
 * A message's body as safe HTML.
 *
 * @param body with the pictures that the HTML does not refer to, each after the text part that it
 *     follows
 * @param written without these pictures
 * @param truncated whether the HTML was cut
 */
public record RenderedHtml(SafeHtml body, String written, boolean truncated) {

    /** Upper bound on the pictures shown; only broken or hostile messages have more. */
    private static final int MOST_PICTURES = 1_000;

    /** Upper bound on the parts that are linked; only broken or hostile messages have more. */
    private static final int MOST_LINKED = 1_000;

    /**
     * @param sources maps a picture to its URL, or to null when it has none
     */
    public static RenderedHtml of(
            BodyPlan plan,
            SectionOctets read,
            SafeHtml.RemoteContent remote,
            InlineParts parts,
            List<BodySelection.Picture> pictures,
            Function<BodySelection.Picture, @Nullable String> sources) {
        var texts =
                plan.pieces().stream()
                        .map(piece ->
                                PartText.of(piece.part(), read.of(piece.section()))
                                        .asHtml(remote, parts))
                        .toList();
        // All parts must be rendered before it is known which pictures they refer to.
        var shown =
                pictures.stream()
                        .filter(picture -> !parts.refersTo(picture.part().partId()))
                        .limit(MOST_PICTURES)
                        .toList();
        var written = new StringBuilder();
        var html = new StringBuilder();
        int next = 0;
        for (int i = 0; i <= texts.size(); i++) {
            while (next < shown.size() && (shown.get(next).after() <= i || i == texts.size())) {
                append(html, shown.get(next), sources.apply(shown.get(next)));
                next++;
            }
            if (i < texts.size()) {
                html.append(texts.get(i).html());
                written.append(texts.get(i).html());
            }
        }
        var body =
                new SafeHtml(
                        html.toString(),
                        texts.stream().mapToInt(SafeHtml::blockedRemoteContent).sum(),
                        texts.stream().anyMatch(SafeHtml::coloured));
        return new RenderedHtml(body, written.toString(), plan.truncated(read));
    }

    private static void append(
            StringBuilder html, BodySelection.Picture picture, @Nullable String source) {
        if (source == null) {
            return;
        }
        HtmlPage.picture(html, source, PartNames.fileName(picture.part()));
    }

    /**
     * The parts that the HTML may refer to.
     *
     * @param urls when null, references in the HTML are not rewritten
     */
    public static InlineParts inlineParts(
            @Nullable BodyPart structure, @Nullable UnaryOperator<String> urls) {
        var parts = new InlineParts(urls);
        if (structure != null) {
            structure
                    .walkBody()
                    .filter(part -> !part.multipart())
                    .limit(MOST_LINKED)
                    .forEach(part ->
                            parts.add(
                                    PartNames.cid(part),
                                    part.location() == null
                                            ? null
                                            : HeaderText.decode(part.location().octets()),
                                    part.partId()));
        }
        return parts;
    }
}
