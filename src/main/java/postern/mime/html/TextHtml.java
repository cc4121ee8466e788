package postern.mime.html;

import postern.mime.text.LinkedText;
import postern.mime.text.QuotePrefix;
import postern.mime.text.QuotedText;

/**
 * Plain text as HTML: line breaks stay, quotes become block quotes, and addresses become links. The
 * text itself is always escaped.
 */
public final class TextHtml {

    /** Deeper quotations are flattened. */
    private static final int DEEPEST = 12;

    private final StringBuilder out;
    private int depth;
    private boolean inBlock;

    private TextHtml(int capacity) {
        this.out = new StringBuilder(capacity);
    }

    /** Never fails on any input; returns a fragment for an empty document. */
    public static String of(String text) {
        var html = new TextHtml(text.length() + text.length() / 4);
        var quotes =
                QuotedText.of(text).quotes().stream()
                        .filter(quote -> quote.depth() == 1)
                        .iterator();
        var quote = quotes.hasNext() ? quotes.next() : null;
        int start = 0;
        while (start < text.length()) {
            int end = text.indexOf('\n', start);
            end = end < 0 ? text.length() : end;
            if (quote != null && quote.start() == start) {
                html.openQuote(quote);
            }
            html.line(text, start, end);
            if (quote != null && quote.end() == end) {
                html.closeQuote();
                quote = quotes.hasNext() ? quotes.next() : null;
            }
            start = end + 1;
        }
        html.toDepth(0);
        html.closeBlock();
        return html.out.toString();
    }

    private void openQuote(QuotedText.Quote quote) {
        toDepth(0);
        closeBlock();
        out.append("<details class=\"").append(QuotedHtml.QUOTE).append('"');
        out.append(quote.trailing() ? "" : " open=\"\"").append("><summary>…</summary>");
    }

    private void closeQuote() {
        toDepth(0);
        closeBlock();
        out.append("</details>");
    }

    private void line(String text, int start, int end) {
        var quote = QuotePrefix.of(text, start, end);
        toDepth(Math.min(quote.depth(), DEEPEST));
        if (inBlock) {
            out.append('\n');
        } else {
            out.append("<div dir=\"auto\" style=\"white-space:pre-wrap\">");
            inBlock = true;
        }
        LinkedText.append(out, text, quote.end(), end);
    }

    private void toDepth(int wanted) {
        if (wanted == depth) {
            return;
        }
        closeBlock();
        for (; depth < wanted; depth++) {
            out.append("<blockquote>");
        }
        for (; depth > wanted; depth--) {
            out.append("</blockquote>");
        }
    }

    private void closeBlock() {
        if (inBlock) {
            out.append("</div>");
            inBlock = false;
        }
    }
}
