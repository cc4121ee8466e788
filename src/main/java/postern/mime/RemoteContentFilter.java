package postern.mime;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.owasp.html.HtmlStreamEventReceiver;

/**
 * Takes references to other servers out of HTML that is already safe, and counts them. It stands
 * behind the sanitiser, where every URL has its one canonical form.
 */
final class RemoteContentFilter implements HtmlStreamEventReceiver {

    // As the sanitiser writes them: SafeHtml lets no quote into a URL.
    private static final Pattern REMOTE_IN_STYLE =
            Pattern.compile("url\\('https?:[^']*+'\\)", Pattern.CASE_INSENSITIVE);

    private final HtmlStreamEventReceiver next;
    private final SafeHtml.RemoteContent remote;
    private int blocked;

    RemoteContentFilter(HtmlStreamEventReceiver next, SafeHtml.RemoteContent remote) {
        this.next = next;
        this.remote = remote;
    }

    int blocked() {
        return blocked;
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
        next.openTag(
                elementName,
                switch (remote) {
                    case ALLOW -> attributes;
                    case BLOCK -> local(attributes);
                });
    }

    @Override
    public void closeTag(String elementName) {
        next.closeTag(elementName);
    }

    @Override
    public void text(String text) {
        next.text(text);
    }

    private List<String> local(List<String> attributes) {
        var kept = new ArrayList<String>(attributes.size());
        for (int i = 0; i < attributes.size(); i += 2) {
            var name = attributes.get(i);
            var value = attributes.get(i + 1);
            switch (name) {
                case "src", "background" -> keepUnlessRemote(kept, name, value);
                case "style" -> keepLocalStyle(kept, value);
                default -> keep(kept, name, value);
            }
        }
        return kept;
    }

    private void keepUnlessRemote(List<String> kept, String name, String url) {
        var start = url.substring(0, Math.min(url.length(), 6)).toLowerCase(Locale.ROOT);
        if (start.startsWith("http:") || start.startsWith("https:")) {
            blocked++;
        } else {
            keep(kept, name, url);
        }
    }

    private void keepLocalStyle(List<String> kept, String style) {
        var matcher = REMOTE_IN_STYLE.matcher(style);
        keep(
                kept,
                "style",
                matcher.replaceAll(_ -> {
                    blocked++;
                    return "none";
                }));
    }

    private static void keep(List<String> kept, String name, String value) {
        kept.add(name);
        kept.add(value);
    }
}
