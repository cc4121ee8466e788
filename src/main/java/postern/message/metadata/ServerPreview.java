package postern.message.metadata;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import postern.imap.message.BodyPart;
import postern.imap.message.RawText;
import postern.message.part.BodySelection;
import postern.message.part.PartNames;
import postern.message.part.PreviewText;
import postern.mime.text.BlankText;
import postern.mime.text.QuotedText;
import postern.mime.text.TextBody;

/**
 * What a mail server tells as a preview (RFC 8970), as far as it can be believed. Servers decode
 * less than the gateway does: they tell an empty preview of a text that they do not find or cannot
 * decode, replacement characters where the charset is another one than labelled, and the title of a
 * page as if it were text. Such a preview is not told, and the gateway makes its own.
 */
final class ServerPreview {

    /** An encoded word, or two octets in a row of quoted-printable. */
    private static final Pattern ENCODED =
            Pattern.compile("=\\?[^\\s?]{1,40}\\?[BbQq]\\?|(?:=[0-9A-F]{2}){2}");

    private static final Pattern MARKUP =
            Pattern.compile(
                    "<(?:!--|!doctype|/?[a-z][a-z0-9]{0,10}[\\s>/])|&(?:nbsp|#\\d+);|[{;]\\s*[a-z-]+\\s*:[^;{}]*[;}]");

    /** A sentence that ends before the text does; names and dates have shorter abbreviations. */
    private static final Pattern SENTENCE =
            Pattern.compile("[。！？]|(?:\\p{Ll}{5}|\\p{Lo}{2})[.!?]\\s");

    /** Words that pages have as their title, one of which stands in front of the text then. */
    private static final Set<String> TITLES =
            Set.of(
                    "title",
                    "titel",
                    "titre",
                    "untitled",
                    "unbenannt",
                    "document",
                    "dokument",
                    "newsletter",
                    "email",
                    "e-mail",
                    "mail",
                    "message",
                    "html",
                    "page",
                    "template",
                    "notification",
                    "benachrichtigung");

    /** Upper bound on the characters of a preview (RFC 8970 §3.1). */
    private static final int LONGEST = 256;

    private static final int LONGEST_TITLE_WORDS = 4;

    /**
     * Something to answer with: a text that is a quotation from end to end is not taken for one.
     */
    private static final String BEFORE = "answer\n\n";

    /** A shorter subject stands at the beginning of a text by chance. */
    private static final int SHORTEST_SUBJECT = 3;

    private ServerPreview() {}

    /** Null where the message has a text and this is not, for certain, its beginning. */
    static @Nullable String of(
            @Nullable RawText told, BodySelection body, @Nullable String subject) {
        if (told == null) {
            return null;
        }
        // RFC 8970 §3: a preview is UTF-8 and already decoded.
        var preview = new String(told.octets(), StandardCharsets.UTF_8);
        return readable(preview) && (body.text().isEmpty() || fits(preview, body.text(), subject))
                ? PreviewText.line(preview, LONGEST)
                : null;
    }

    /** Whether every character of it can be part of a text. */
    private static boolean readable(String preview) {
        return preview.chars()
                .allMatch(c -> c != 0xFFFD && (!Character.isISOControl(c) || space(c)));
    }

    private static boolean space(int c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    private static boolean fits(String preview, List<BodyPart> text, @Nullable String subject) {
        if (BlankText.is(preview)) {
            return text.stream().allMatch(part -> part.size() == 0);
        }
        var first = text.getFirst();
        boolean page = first.mediaType().equals("text/html");
        return !ENCODED.matcher(preview).find()
                && !TextBody.misread(preview, PartNames.parameters(first).get("charset"))
                && !onlyAttribution(preview)
                && !(page && (MARKUP.matcher(preview).find() || beginsWithTitle(preview, subject)));
    }

    /** "On Monday Ann wrote:" with nothing behind it: the quote was left out, the line was not. */
    private static boolean onlyAttribution(String preview) {
        var line = preview.strip();
        if (!line.endsWith(":") || SENTENCE.matcher(line).find()) {
            return false;
        }
        var quotes = QuotedText.of(BEFORE + line + "\n> quoted\n").quotes();
        return !quotes.isEmpty() && quotes.getFirst().start() <= BEFORE.length();
    }

    /** The title is most often the subject, or says that it is one. */
    private static boolean beginsWithTitle(String preview, @Nullable String subject) {
        var text = plain(preview);
        var title = subject == null ? "" : plain(subject);
        if (title.length() >= SHORTEST_SUBJECT && text.startsWith(title)) {
            return true;
        }
        var words = preview.strip().split("\\s+", LONGEST_TITLE_WORDS + 1);
        for (int i = 0; i < Math.min(words.length, LONGEST_TITLE_WORDS); i++) {
            if (TITLES.contains(plain(words[i]))) {
                return true;
            }
        }
        return false;
    }

    private static String plain(String text) {
        return text.strip().toLowerCase(Locale.ROOT);
    }
}
