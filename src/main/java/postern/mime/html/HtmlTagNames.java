package postern.mime.html;

import org.jspecify.annotations.Nullable;

/**
 * Bounds the length of tag names in HTML. The parser rescans a tag name with each piece that it
 * reads, which takes quadratic time: seconds for a megabyte of {@code <A<A<A}, which is a single
 * name. No element has such a long name.
 */
final class HtmlTagNames {

    private static final int LONGEST = 1_000;

    private HtmlTagNames() {}

    /** The HTML with a space inserted into each overlong name. */
    static String bounded(String html) {
        @Nullable StringBuilder bounded = null;
        int copied = 0;
        for (int at = html.indexOf('<'); at >= 0; at = html.indexOf('<', at)) {
            int begin = at + 1;
            int end = end(html, begin);
            if (end - begin == LONGEST) {
                bounded = bounded == null ? new StringBuilder(html.length() + 1_000) : bounded;
                bounded.append(html, copied, end).append(' ');
                copied = end;
            }
            at = end;
        }
        return bounded == null ? html : bounded.append(html, copied, html.length()).toString();
    }

    /**
     * The end of the name that begins there (it may start with a slash), or the position of the
     * length limit.
     */
    private static int end(String html, int begin) {
        int most = Math.min(html.length(), begin + LONGEST);
        int at = begin < most && html.charAt(begin) == '/' ? begin + 1 : begin;
        if (at == most || !beginsName(html.charAt(at))) {
            return begin;
        }
        while (at < most && !endsName(html.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean beginsName(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    private static boolean endsName(char c) {
        return switch (c) {
            case '\t', '\n', '\f', '\r', ' ', '/', '>' -> true;
            default -> false;
        };
    }
}
