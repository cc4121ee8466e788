package postern.mime.text;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import postern.wordlist.WordList;

/** Recognises how mail programs introduce quotations, in many languages. */
public final class QuoteWords {

    private static final int LONGEST_ATTRIBUTION = 400;

    private static final WordList WORDS = WordList.read(QuoteWords.class, "quote-words.txt");

    private static final Pattern WROTE =
            Pattern.compile(
                    "\\b(?:" + anyOf("wrote") + ")\\b|" + anyOf("wrote-anywhere"),
                    Pattern.CASE_INSENSITIVE
                            | Pattern.UNICODE_CASE
                            | Pattern.UNICODE_CHARACTER_CLASS);

    // In any language, an attribution has a date and a time, or ends with an address.

    private static final Pattern ADDRESS_AT_END =
            Pattern.compile("[<(\\[][^\\s<>()\\[\\]@]+@[^\\s<>()\\[\\]@]+[>)\\]]\\s*[:：]\\*?$");
    private static final Pattern ADDRESS = Pattern.compile("[^\\s<>()\\[\\]@]+@[^\\s<>()\\[\\]@]+");
    private static final Pattern DATE =
            Pattern.compile(
                    "(?<!\\d)\\d{1,4}(?:[./-]\\s?|[年년]\\s?)\\d{1,2}(?:[./-]\\s?|[月월]\\s?)\\d{1,4}(?!\\d)",
                    Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern YEAR =
            Pattern.compile("(?<![\\d:.])\\d{4}(?![\\d:])", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern DAY =
            Pattern.compile("(?<![\\d:.])\\d{1,2}(?![\\d:])", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern TIME =
            Pattern.compile(
                    "(?<!\\d)\\d{1,2}\\s?[:：.hH時点시]\\s?\\d{2}(?!\\d)",
                    Pattern.UNICODE_CHARACTER_CLASS);

    private static final Pattern FORMAT = Pattern.compile("\\p{Cf}");
    private static final Pattern SPACE = Pattern.compile("[\\p{Zs}\\s]+");

    /** The style of the box that Outlook draws around a quoted header, in any language. */
    public static final Pattern OUTLOOKS_RULE =
            Pattern.compile("border-top\\s*+:\\s*+solid\\s", Pattern.CASE_INSENSITIVE);

    private static final Pattern FIELD =
            Pattern.compile("\\*?\\p{L}[\\p{L}\\p{M} .'’*-]{0,23}\\h?[:：].*", Pattern.DOTALL);

    private static final Pattern ORIGINAL =
            Pattern.compile(
                    "[-_*]{2,}\\s*(?:" + anyOf("original") + ")\\s*[-_*]{2,}",
                    Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);

    private static final Pattern FORWARDED =
            Pattern.compile(
                    "-{2,}\\s*\\p{L}.*|(?:" + anyOf("forwarded") + ").*",
                    Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.DOTALL);

    private static final Set<String> FROM = Set.copyOf(WORDS.words("from"));
    private static final Set<String> SENT = Set.copyOf(WORDS.words("sent"));
    private static final Set<String> SUBJECT = Set.copyOf(WORDS.words("subject"));

    private QuoteWords() {}

    private static String anyOf(String section) {
        return WORDS.words(section).stream().map(Pattern::quote).collect(Collectors.joining("|"));
    }

    /** Whether it is an attribution, such as {@code On 1 March Ada wrote:}. */
    public static boolean attributes(String text) {
        if (text.length() > LONGEST_ATTRIBUTION) {
            return false;
        }
        var line = plain(text);
        return (line.endsWith(":") || line.endsWith("：") || line.endsWith(":*"))
                && (WROTE.matcher(line).find()
                        || ADDRESS_AT_END.matcher(line).find()
                        || isDated(line));
    }

    /** Removes direction marks, which occur anywhere in Hebrew and Arabic attributions. */
    private static String plain(String text) {
        var visible = FORMAT.matcher(text).replaceAll("");
        return SPACE.matcher(visible).replaceAll(" ").strip();
    }

    /** A date alone is not enough: {@code The plan for 28.11.2026:} is the sender's own text. */
    private static boolean isDated(String line) {
        if (!hasDate(line)) {
            return false;
        }
        var address = ADDRESS.matcher(line);
        return address.find() || TIME.matcher(DATE.matcher(line).replaceAll(" ")).find();
    }

    private static boolean hasDate(String line) {
        var rest = ADDRESS.matcher(line).replaceAll("");
        return DATE.matcher(rest).find() || YEAR.matcher(rest).find() && DAY.matcher(rest).find();
    }

    /** Whether the second line continues an attribution whose date is in the first. */
    public static boolean continues(String above, String line) {
        if (above.isBlank() || above.length() > LONGEST_ATTRIBUTION) {
            return false;
        }
        var before = plain(above);
        return !before.isEmpty()
                && ".!?".indexOf(before.charAt(before.length() - 1)) < 0
                && (!before.endsWith(":") || attributes(before))
                && hasDate(before)
                && !hasDate(line);
    }

    public static boolean announcesOriginal(String line) {
        return line.length() < 100 && ORIGINAL.matcher(line.strip()).matches();
    }

    /**
     * Whether it announces a forwarded message, which is not folded, since it is the content of the
     * mail.
     */
    public static boolean announcesForwarded(String text) {
        var line = text.strip();
        return !announcesOriginal(line) && FORWARDED.matcher(line).matches();
    }

    /** Whether these lines begin with a quoted message header as Outlook writes it. */
    public static boolean isHeader(List<String> lines) {
        return !lines.isEmpty()
                && isFrom(lines.getFirst())
                && lines.stream().anyMatch(QuoteWords::isSent)
                && lines.stream().anyMatch(QuoteWords::isSubject);
    }

    /** Whether it looks like a header field, in any language. */
    public static boolean isField(String line) {
        return FIELD.matcher(line).matches();
    }

    /**
     * Whether a text with this beginning may be such a header, even if its colon is not included.
     */
    public static boolean beginsFrom(String beginning) {
        return isFrom(beginning)
                || FROM.contains(beginning.replace("*", "").strip().toLowerCase(Locale.ROOT));
    }

    public static boolean isFrom(String line) {
        return FROM.contains(field(line));
    }

    public static boolean isSent(String line) {
        return SENT.contains(field(line));
    }

    static boolean isSubject(String line) {
        return SUBJECT.contains(field(line));
    }

    /** The name before the colon, which may be in bold: {@code *From:* Ada}. */
    private static String field(String line) {
        int colon = line.indexOf(':');
        colon = colon < 0 ? line.indexOf('：') : colon;
        return colon < 0 || colon > 24
                ? ""
                : line.substring(0, colon).replace("*", "").strip().toLowerCase(Locale.ROOT);
    }
}
