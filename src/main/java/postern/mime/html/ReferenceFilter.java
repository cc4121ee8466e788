package postern.mime.html;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.owasp.html.HtmlStreamEventReceiver;

/**
 * Removes and counts references to other servers in sanitised HTML, and resolves those to parts of
 * the message. It runs after the sanitiser, when every URL is in canonical form.
 */
final class ReferenceFilter implements HtmlStreamEventReceiver {

    // In the sanitiser's notation: SafeHtml allows no quote in a URL.
    private static final Pattern IN_STYLE =
            Pattern.compile("url\\('((?:https?|cid):[^']*+)'\\)", Pattern.CASE_INSENSITIVE);

    private final HtmlStreamEventReceiver next;
    private final SafeHtml.RemoteContent remote;
    private final InlineReferences references;
    private int blocked;
    private boolean coloured;

    ReferenceFilter(
            HtmlStreamEventReceiver next,
            SafeHtml.RemoteContent remote,
            InlineReferences references) {
        this.next = next;
        this.remote = remote;
        this.references = references;
    }

    int blocked() {
        return blocked;
    }

    boolean coloured() {
        return coloured;
    }

    @Override
    public void openDocument() {
        next.openDocument();
    }

    @Override
    public void closeDocument() {
        next.closeDocument();
    }

    @Override
    public void openTag(String elementName, List<String> attributes) {
        var kept = new ArrayList<String>(attributes.size());
        for (int i = 0; i < attributes.size(); i += 2) {
            var name = attributes.get(i);
            var value = attributes.get(i + 1);
            switch (name) {
                case "src" -> keepReference(kept, name, value);
                case "background" -> {
                    coloured = true;
                    keepReference(kept, name, value);
                }
                case "bgcolor", "color" -> {
                    coloured = true;
                    keep(kept, name, value);
                }
                case "style" -> keepStyle(kept, value);
                default -> keep(kept, name, value);
            }
        }
        next.openTag(elementName, kept);
    }

    @Override
    public void closeTag(String elementName) {
        next.closeTag(elementName);
    }

    @Override
    public void text(String text) {
        next.text(text);
    }

    private void keepReference(List<String> kept, String name, String url) {
        if (InlineParts.isCid(url)) {
            var target = references.target(url);
            if (target != null) {
                keep(kept, name, target);
            }
        } else if (remote == SafeHtml.RemoteContent.BLOCK && isRemote(url)) {
            blocked++;
        } else {
            keep(kept, name, url);
        }
    }

    private static boolean isRemote(String url) {
        var start = url.substring(0, Math.min(url.length(), 6)).toLowerCase(Locale.ROOT);
        return start.startsWith("http:") || start.startsWith("https:");
    }

    private void keepStyle(List<String> kept, String style) {
        coloured |= style.contains("color:") || style.contains("background");
        keep(
                kept,
                "style",
                style.contains("url(") ? IN_STYLE.matcher(style).replaceAll(this::inStyle) : style);
    }

    private String inStyle(MatchResult match) {
        var url = match.group(1);
        if (InlineParts.isCid(url)) {
            var target = references.target(url);
            return target == null ? "none" : Matcher.quoteReplacement("url('" + target + "')");
        }
        if (remote == SafeHtml.RemoteContent.ALLOW) {
            return Matcher.quoteReplacement(match.group());
        }
        blocked++;
        return "none";
    }

    private static void keep(List<String> kept, String name, String value) {
        kept.add(name);
        kept.add(value);
    }
}
