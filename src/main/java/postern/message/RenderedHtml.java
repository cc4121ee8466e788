package postern.message;

import postern.mime.InlineParts;
import postern.mime.SafeHtml;

/**
 * A message's body as safe HTML.
 *
 * @param truncated whether the message goes on
 */
record RenderedHtml(SafeHtml body, boolean truncated) {

    static RenderedHtml of(
            BodyPlan plan, SectionOctets read, SafeHtml.RemoteContent remote, InlineParts parts) {
        var html = new StringBuilder();
        int blocked = 0;
        boolean coloured = false;
        for (var piece : plan.pieces()) {
            var text = PartText.of(piece.part(), read.of(piece.section()));
            var safe = text.asHtml(remote, parts);
            html.append(safe.html());
            blocked += safe.blockedRemoteContent();
            coloured |= safe.coloured();
        }
        return new RenderedHtml(
                new SafeHtml(html.toString(), blocked, coloured), plan.truncated(read));
    }
}
