package postern.mime.html;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.owasp.html.HtmlStreamEventReceiver;
import org.owasp.html.HtmlStreamEventReceiverWrapper;

/**
 * Rewrites references to parts of the message. A Content-Location may be any URL, even one that the
 * sanitiser removes, so references by location are replaced before sanitising.
 */
final class InlineReferences {

    private static final String LOCATED = "cid:located-";

    private final InlineParts parts;
    private final List<String> located = new ArrayList<>();

    InlineReferences(InlineParts parts) {
        this.parts = parts;
    }

    /** Replaces references by location with {@code cid:} URLs that are private to this document. */
    HtmlStreamEventReceiver named(HtmlStreamEventReceiver sanitiser) {
        return parts.located() ? new Naming(sanitiser) : sanitiser;
    }

    /** The target of a {@code cid:} URL after sanitising; null if there is none. */
    @Nullable String target(String cid) {
        if (cid.startsWith(LOCATED)) {
            try {
                return located.get(Integer.parseInt(cid.substring(LOCATED.length())));
            } catch (NumberFormatException | IndexOutOfBoundsException _) {
                // not one of ours
            }
        }
        return parts.byCid(cid);
    }

    private final class Naming extends HtmlStreamEventReceiverWrapper {

        Naming(HtmlStreamEventReceiver sanitiser) {
            super(sanitiser);
        }

        @Override
        public void openTag(String elementName, List<String> attributes) {
            var named = new ArrayList<>(attributes);
            for (int i = 0; i + 1 < named.size(); i += 2) {
                if (named.get(i).equals("src") || named.get(i).equals("background")) {
                    named.set(i + 1, named(named.get(i + 1)));
                }
            }
            underlying.openTag(elementName, named);
        }

        private String named(String url) {
            var target = parts.byLocation(url);
            if (target == null) {
                return url;
            }
            located.add(target);
            return LOCATED + (located.size() - 1);
        }
    }
}
