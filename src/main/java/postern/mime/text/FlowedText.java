package postern.mime.text;

/** Unwraps text of format=flowed (RFC 3676). */
public final class FlowedText {

    private static final String SIGNATURE = "-- ";

    private FlowedText() {}

    /** Joins the lines of a paragraph; with delSp the space before a soft line break is deleted. */
    public static String unfold(String text, boolean delSp) {
        var out = new StringBuilder(text.length());
        int depth = 0;
        boolean open = false;
        int start = 0;
        while (start < text.length()) {
            int end = endOfLine(text, start);
            int quotes = quoteDepth(text, start, end);
            int content = start + quotes;
            // Section 4.4: removes the one space that was stuffed at the start of the line.
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

    // Section 4.5: a change of quote depth ends a paragraph, even after a soft line break.
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
