package postern.mime.text;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The quotations and the signature of a plain text. When in doubt, text is not a quotation: showing
 * quoted text does less harm than hiding the sender's own.
 *
 * @param quotes in document order, each followed by those nested in it; the outermost have depth 1
 * @param signature null if there is none
 */
public record QuotedText(List<Quote> quotes, @Nullable Range signature) {

    private static final int MOST = 500;
    private static final int DEEPEST = 12;
    private static final int LONGEST_SIGNATURE = 30;
    private static final int MOST_ATTRIBUTION_LINES = 3;
    private static final int HEADER_LINES = 7;

    private static final Pattern RULE = Pattern.compile("[_-]{5,100}");

    /** A range of characters; the end is exclusive. */
    public record Range(int start, int end) {}

    /**
     * A quotation with its attribution line.
     *
     * @param trailing whether no text of the sender follows it
     */
    public record Quote(int start, int end, int depth, boolean trailing) {}

    public static QuotedText of(String text) {
        return new Lines(text).marked();
    }

    private record Line(int start, int end, int depth, boolean blank) {}

    private static final class Lines {

        private final String text;
        private final List<Line> lines = new ArrayList<>();
        private final List<Quote> quotes = new ArrayList<>();

        /** The outermost quotations: first line, and the line after the last. */
        private final List<int[]> blocks = new ArrayList<>();

        /** The lines in {@link #blocks}. */
        private final BitSet quoted = new BitSet();

        Lines(String text) {
            this.text = text;
            int start = 0;
            while (start < text.length()) {
                int end = text.indexOf('\n', start);
                end = end < 0 ? text.length() : end;
                int depth = QuotePrefix.of(text, start, end).depth();
                lines.add(new Line(start, end, depth, blank(start, end)));
                start = end + 1;
            }
        }

        private boolean blank(int start, int end) {
            for (int i = start; i < end; i++) {
                char c = text.charAt(i);
                if (c != '\u00A0' && !Character.isWhitespace(c)) {
                    return false;
                }
            }
            return true;
        }

        private String line(int index) {
            var line = lines.get(index);
            return text.substring(line.start(), Math.min(line.end(), line.start() + 500));
        }

        QuotedText marked() {
            int history = history();
            int endOfHistory = endOfHistory(history);
            marks(0, history);
            if (history < lines.size()) {
                blocks.add(new int[] {history, endOfHistory});
                marks(endOfHistory, lines.size());
            }
            blocks.forEach(block -> quoted.set(block[0], block[1]));
            int signature = signature();
            int firstSaid = firstSaid(signature);
            int lastSaid = lastSaid(signature);
            for (var block : blocks) {
                add(block[0], block[1], firstSaid, lastSaid);
            }
            return new QuotedText(List.copyOf(quotes), range(signature));
        }

        /** Finds runs of lines that begin with a quote mark. */
        private void marks(int from, int limit) {
            for (int i = from; i < limit && blocks.size() < MOST; ) {
                if (lines.get(i).depth() == 0) {
                    i++;
                    continue;
                }
                int end = endOfRun(i, limit);
                int start = attribution(i, from);
                if (start < i || !doubtful(i, end)) {
                    blocks.add(new int[] {start, end});
                }
                i = end;
            }
        }

        /** The end of the run; blank lines between quoted lines belong to it. */
        private int endOfRun(int start, int limit) {
            int end = start;
            for (int i = start; i < limit; i++) {
                if (lines.get(i).depth() > 0) {
                    end = i + 1;
                } else if (!lines.get(i).blank()) {
                    break;
                }
            }
            return end;
        }

        /**
         * Whether it may not be a quotation but a shell prompt or a {@code >From} of an mbox file.
         */
        private boolean doubtful(int start, int end) {
            return end - start == 1 && line(start).startsWith(">From ")
                    || lines.subList(start, end).stream()
                            .allMatch(line -> line.depth() == 0 || line.depth() > 2);
        }

        /**
         * The first line of the attribution, which may be wrapped; else the first line of the
         * quotation.
         */
        private int attribution(int quote, int least) {
            int last = quote - 1;
            while (last >= least && last >= quote - 2 && lines.get(last).blank()) {
                last--;
            }
            if (last < least || lines.get(last).depth() > 0) {
                return quote;
            }
            int first = last - 1;
            while (first > last - MOST_ATTRIBUTION_LINES && mayContinue(first, least)) {
                if (QuoteWords.continues(line(first), joined(first + 1, last))
                        && QuoteWords.attributes(joined(first, last))) {
                    return first;
                }
                first--;
            }
            return QuoteWords.attributes(line(last)) ? last : quote;
        }

        private boolean mayContinue(int line, int least) {
            return line >= least && !lines.get(line).blank() && lines.get(line).depth() == 0;
        }

        private String joined(int first, int last) {
            var joined = new StringBuilder();
            for (int i = first; i <= last; i++) {
                joined.append(line(i)).append(' ');
            }
            return joined.toString();
        }

        /** Finds the whole original message with its header, as Outlook quotes it. */
        private int history() {
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).depth() > 0 || lines.get(i).blank()) {
                    continue;
                }
                var line = line(i);
                if (QuoteWords.announcesOriginal(line)) {
                    return i;
                }
                if (QuoteWords.isFrom(line) && isHeader(i)) {
                    int start = rule(i);
                    return forwards(start) ? lines.size() : start;
                }
            }
            return lines.size();
        }

        private boolean isHeader(int from) {
            return QuoteWords.isHeader(
                    IntStream.range(from, endOfHeader(from)).mapToObj(this::line).toList());
        }

        /** The blank line that ends the header, within a bounded number of lines. */
        private int endOfHeader(int from) {
            int end = from;
            while (end < lines.size() && end <= from + HEADER_LINES && !lines.get(end).blank()) {
                end++;
            }
            return end;
        }

        /**
         * Some programs also mark the lines below the header: then lines without a mark are not
         * quoted.
         */
        private int endOfHistory(int history) {
            int body = history;
            boolean header = false;
            while (body < lines.size() && lines.get(body).depth() == 0) {
                var line = line(body);
                boolean from = !header && QuoteWords.isFrom(line);
                if (from) {
                    header = true;
                    body = endOfHeader(body);
                } else if (lines.get(body).blank() || body - history < 3 && isRule(line)) {
                    body++;
                } else {
                    return lines.size();
                }
            }
            return endOfRun(body, lines.size());
        }

        private static boolean isRule(String line) {
            return RULE.matcher(line.strip()).matches() || QuoteWords.announcesOriginal(line);
        }

        /** The rule above the header, if there is one. */
        private int rule(int header) {
            int above = header - 1;
            while (above >= 0 && above >= header - 2 && lines.get(above).blank()) {
                above--;
            }
            return above >= 0 && RULE.matcher(line(above).strip()).matches() ? above : header;
        }

        private boolean forwards(int start) {
            for (int i = start - 1; i >= 0 && i >= start - 3; i--) {
                if (!lines.get(i).blank()) {
                    return QuoteWords.announcesForwarded(line(i));
                }
            }
            return false;
        }

        /** The first line of the signature: the line "-- "; -1 if there is none. */
        private int signature() {
            int limit = lines.size();
            for (int i = lines.size() - 1; i >= 0; i--) {
                if (quoted.get(i)) {
                    limit = i;
                } else if (limit - i <= LONGEST_SIGNATURE
                        && (line(i).equals("-- ") || line(i).equals("--"))) {
                    return i;
                }
            }
            return -1;
        }

        private @Nullable Range range(int signature) {
            if (signature < 0) {
                return null;
            }
            int last = signature;
            for (int i = signature + 1; i < lines.size() && !quoted.get(i); i++) {
                last = lines.get(i).blank() ? last : i;
            }
            return new Range(lines.get(signature).start(), lines.get(last).end());
        }

        private void add(int first, int end, int firstSaid, int lastSaid) {
            boolean after = lastSaid >= end;
            if (firstSaid >= first && !after || quotes.size() >= MOST) {
                return; // nothing else to show
            }
            int last = end - 1;
            while (last > first && lines.get(last).blank()) {
                last--;
            }
            quotes.add(new Quote(lines.get(first).start(), lines.get(last).end(), 1, !after));
            within(first, last + 1, 2, !after);
        }

        /**
         * The first line outside quotations and signature; the number of lines if there is none.
         */
        private int firstSaid(int signature) {
            int limit = signature < 0 ? lines.size() : signature;
            for (int i = 0; i < limit; i++) {
                if (!lines.get(i).blank() && !quoted.get(i)) {
                    return i;
                }
            }
            return lines.size();
        }

        private int lastSaid(int signature) {
            int limit = signature < 0 ? lines.size() : signature;
            for (int i = limit - 1; i >= 0; i--) {
                if (!lines.get(i).blank() && !quoted.get(i)) {
                    return i;
                }
            }
            return -1;
        }

        private void within(int from, int to, int depth, boolean trailing) {
            for (int i = from; i < to && depth <= DEEPEST && quotes.size() < MOST; ) {
                if (lines.get(i).depth() < depth) {
                    i++;
                    continue;
                }
                int end = i;
                while (end < to && lines.get(end).depth() >= depth) {
                    end++;
                }
                quotes.add(
                        new Quote(lines.get(i).start(), lines.get(end - 1).end(), depth, trailing));
                within(i, end, depth + 1, trailing);
                i = end;
            }
        }
    }
}
