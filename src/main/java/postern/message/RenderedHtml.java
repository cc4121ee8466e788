package postern.message;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import postern.message.part.BodyPlan;
import postern.message.part.BodySelection;
import postern.message.part.PartNames;
import postern.message.part.PartText;
import postern.message.part.SectionOctets;
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
record RenderedHtml(SafeHtml body, String written, boolean truncated) {

    /** Upper bound on the pictures shown; only broken or hostile messages have more. */
    private static final int MOST_PICTURES = 1_000;

    /**
     * @param sources maps a picture to its URL, or to null when it has none
     */
    static RenderedHtml of(
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
}
