package postern.message.part;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import postern.imap.message.BodyPart;
import postern.message.part.BodySelection.Picture;

/**
 * Text and HTML versions of the same content: the parts of each list that the other does not have.
 */
public record Alternatives(List<BodyPart> text, List<BodyPart> html) {

    /** Leaves out each blank alternative, if the other one is not blank. */
    public static BodySelection withoutBlank(BodySelection body, Predicate<BodyPart> blank) {
        var text = new ArrayList<BodyPart>();
        var html = new ArrayList<BodyPart>();
        for (var stretch : of(body)) {
            boolean both = !stretch.text.isEmpty() && !stretch.html.isEmpty();
            boolean noText = both && stretch.text.stream().allMatch(blank);
            boolean noHtml = both && stretch.html.stream().allMatch(blank);
            text.addAll(noText && !noHtml ? stretch.html : stretch.text);
            html.addAll(noHtml && !noText ? stretch.text : stretch.html);
        }
        var pictures =
                body.pictures().stream()
                        .map(it -> new Picture(it.part(), Math.min(it.after(), html.size())))
                        .toList();
        return new BodySelection(List.copyOf(text), List.copyOf(html), pictures, body.files());
    }

    private static List<Alternatives> of(BodySelection body) {
        var inText = partIds(body.text());
        var inHtml = partIds(body.html());
        var stretches = new ArrayList<Alternatives>();
        int t = 0;
        int h = 0;
        while (t < body.text().size() || h < body.html().size()) {
            var text = run(body.text(), t, inHtml);
            var html = run(body.html(), h, inText);
            t += text.size();
            h += html.size();
            if (!text.isEmpty() || !html.isEmpty()) {
                stretches.add(new Alternatives(text, html));
            }
            if (t < body.text().size()) {
                var both = List.of(body.text().get(t++));
                stretches.add(new Alternatives(both, both));
            }
            if (h < body.html().size()) {
                h++;
            }
        }
        return stretches;
    }

    private static List<BodyPart> run(List<BodyPart> parts, int from, Set<String> others) {
        int end = from;
        while (end < parts.size() && !others.contains(parts.get(end).partId())) {
            end++;
        }
        return parts.subList(from, end);
    }

    private static Set<String> partIds(List<BodyPart> parts) {
        return parts.stream().map(BodyPart::partId).collect(Collectors.toSet());
    }
}
