package postern.mime.text;

/** Converts text to HTML with links for web URLs and mail addresses. */
public final class LinkedText {

    private static final int LONGEST = 2_000;
    private static final int LONGEST_MAILBOX = 254;

    private LinkedText() {}

    public static void append(StringBuilder out, String text, int start, int end) {
        int written = start;
        int at = start;
        while (at < end) {
            int length = 0;
            var lead = "";
            int from = at;
            switch (text.charAt(at)) {
                case 'h', 'H' -> length = isWordStart(text, at, start) ? web(text, at, end) : 0;
                case 'w', 'W' -> {
                    length = isWordStart(text, at, start) ? www(text, at, end) : 0;
                    lead = "http://";
                }
                case '@' -> {
                    from = mailboxStart(text, at, written);
                    int to = from < at ? domainEnd(text, at + 1, end) : at;
                    length = to > at ? to - from : 0;
                    lead = "mailto:";
                }
                default -> {}
            }
            if (length == 0) {
                at++;
                continue;
            }
            escape(out, text, written, from);
            link(out, lead, text, from, from + length);
            at = from + length;
            written = at;
        }
        escape(out, text, written, end);
    }

    private static void link(StringBuilder out, String lead, String text, int start, int end) {
        out.append("<a href=\"").append(lead);
        escape(out, text, start, end);
        out.append("\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">");
        escape(out, text, start, end);
        out.append("</a>");
    }

    private static boolean isWordStart(String text, int at, int start) {
        return at == start || !Character.isLetterOrDigit(text.charAt(at - 1));
    }

    /** The length of the http or https URL that begins here; 0 if there is none. */
    private static int web(String text, int at, int end) {
        int host = 0;
        if (text.regionMatches(true, at, "https://", 0, 8)) {
            host = at + 8;
        } else if (text.regionMatches(true, at, "http://", 0, 7)) {
            host = at + 7;
        }
        return host == 0
                        || host >= end
                        || !Character.isLetterOrDigit(text.charAt(host)) && text.charAt(host) != '['
                ? 0
                : urlEnd(text, host, end) - at;
    }

    private static int www(String text, int at, int end) {
        if (!text.regionMatches(true, at, "www.", 0, 4)
                || at + 4 >= end
                || !Character.isLetterOrDigit(text.charAt(at + 4))) {
            return 0;
        }
        int to = urlEnd(text, at + 4, end);
        return text.substring(at + 4, to).indexOf('.') > 0 ? to - at : 0;
    }

    /** The end of the URL without the punctuation of the surrounding sentence. */
    private static int urlEnd(String text, int start, int end) {
        int to = start;
        int open = 0;
        while (to < end && to - start < LONGEST && isOfUrl(text.charAt(to))) {
            open += text.charAt(to) == '(' ? 1 : 0;
            to++;
        }
        int closed = (int) text.substring(start, to).chars().filter(c -> c == ')').count();
        while (to > start) {
            char last = text.charAt(to - 1);
            if (last == ')' && closed > open) {
                closed--;
            } else if (".,;:!?'*_~".indexOf(last) < 0) {
                break;
            }
            to--;
        }
        return to;
    }

    private static boolean isOfUrl(char c) {
        return c > ' '
                && c != '<'
                && c != '>'
                && c != '"'
                && c != '\u007F'
                && c != '\u00A0'
                && !Character.isWhitespace(c)
                && !Character.isISOControl(c)
                && Character.getType(c) != Character.FORMAT
                && "\u201C\u201D\u201E\u00AB\u00BB\u3001\u3002\uFF0C\uFF09\u300D".indexOf(c) < 0;
    }

    private static int mailboxStart(String text, int at, int least) {
        int from = at;
        int first = Math.max(least, at - LONGEST_MAILBOX);
        while (from > first && isOfMailbox(text.charAt(from - 1))) {
            from--;
        }
        while (from < at && ".-+".indexOf(text.charAt(from)) >= 0) {
            from++;
        }
        return from;
    }

    private static boolean isOfMailbox(char c) {
        return c < 0x80 && (Character.isLetterOrDigit(c) || "._%+-=".indexOf(c) >= 0);
    }

    /** The end of a domain that contains a dot; {@code start} if there is none. */
    private static int domainEnd(String text, int start, int end) {
        int to = start;
        while (to < end && to - start < LONGEST_MAILBOX && isOfDomain(text.charAt(to))) {
            to++;
        }
        while (to > start && !Character.isLetterOrDigit(text.charAt(to - 1))) { // punctuation
            to--;
        }
        int dot = text.indexOf('.', start, to);
        return dot > start ? to : start - 1;
    }

    private static boolean isOfDomain(char c) {
        return c < 0x80 && (Character.isLetterOrDigit(c) || c == '.' || c == '-');
    }

    public static void escape(StringBuilder out, String text, int start, int end) {
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&#34;");
                case '\'' -> out.append("&#39;");
                default -> {
                    if (c >= ' ' && c != '\u007F' || c == '\t' || c == '\n') {
                        out.append(c);
                    }
                }
            }
        }
    }
}
