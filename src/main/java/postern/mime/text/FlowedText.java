package postern.mime.text;

/** Text of format=flowed (RFC 3676) with its soft line breaks taken out. */
public final class FlowedText {

    private static final String SIGNATURE = "-- ";

    private FlowedText() {}

    /**
     * Joins the lines of a paragraph; delSp says that the space before a soft break was added with
     * it.
     */
    public static String unfold(String text, boolean delSp) {
        var out = new StringBuilder(text.length());
        int depth = 0;
        boolean open = false;
        int start = 0;
        while (start < text.length()) {
            int end = endOfLine(text, start);
            int quotes = quoteDepth(text, start, end);
            int content = start + quotes;
            // Section 4.4: one space in front was put there to protect the line.
            content += text.startsWith(" ", content) && content < end ? 1 : 0;
            boolean signature =
                    end - content == SIGNATURE.length() && text.startsWith(SIGNATURE, content);
            if (!open || signature || quotes != depth) {
                startParagraph(out, open, quotes, end > content);
            }
            boolean flowed = !signature && end > content && text.charAt(end - 1) == ' ';
            out.append(text, content, flowed && delSp ? end - 1 : end);
            if (!flowed && end < text.length()) {
                out.append('\n');
            }
            open = flowed;
            depth = quotes;
            start = end + 1;
        }
        return open && text.endsWith("\n") ? out.append('\n').toString() : out.toString();
    }

    // Section 4.5: a change of depth ends a paragraph, even one whose last line says it goes on.
    private static void startParagraph(
            StringBuilder out, boolean open, int quotes, boolean hasContent) {
        if (open) {
            out.append('\n');
        }
        out.repeat('>', quotes);
        if (quotes > 0 && hasContent) {
            out.append(' ');
        }
    }

    private static int endOfLine(String text, int start) {
        int end = text.indexOf('\n', start);
        return end < 0 ? text.length() : end;
    }

    private static int quoteDepth(String text, int start, int end) {
        int at = start;
        while (at < end && text.charAt(at) == '>') {
            at++;
        }
        return at - start;
    }
}
