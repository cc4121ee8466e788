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
import postern.wordlist.WordList;

/**
 * The mail server's preview (RFC 8970), if it is reliable. Servers decode less than the gateway:
 * they send an empty preview for a text that they do not find or cannot decode, replacement
 * characters for a wrong charset label, and the title of an HTML page as part of the text. Such
 * previews are discarded, and the gateway makes its own.
 */
final class ServerPreview {

    /** An encoded word, or two octets of quoted-printable in a row. */
    private static final Pattern ENCODED =
            Pattern.compile("=\\?[^\\s?]{1,40}\\?[BbQq]\\?|(?:=[0-9A-F]{2}){2}");

    private static final Pattern MARKUP =
            Pattern.compile(
                    "<(?:!--|!doctype|/?[a-z][a-z0-9]{0,10}[\\s>/])|&(?:nbsp|#\\d+);|[{;]\\s*[a-z-]+\\s*:[^;{}]*[;}]");

    /** A sentence that ends before the text does; names and dates have shorter abbreviations. */
    private static final Pattern SENTENCE =
            Pattern.compile("[。！？]|(?:\\p{Ll}{5}|\\p{Lo}{2})[.!?]\\s");

    /** Common titles of HTML pages, which servers put before the text. */
    private static final Set<String> TITLES =
            Set.copyOf(WordList.read(ServerPreview.class, "page-titles.txt").words("titles"));

    /** Upper bound on the characters of a preview (RFC 8970 §3.1). */
    private static final int LONGEST = 256;

    private static final int LONGEST_TITLE_WORDS = 4;

    /** A reply before the quotation: a text that is only a quotation is not recognised as one. */
    private static final String BEFORE = "answer\n\n";

    /** A shorter subject may be at the beginning of the text by chance. */
    private static final int SHORTEST_SUBJECT = 3;

    private ServerPreview() {}

    /** Null when the message has a text and this is not certain to be its beginning. */
    static @Nullable String of(
            @Nullable RawText serverPreview, BodySelection body, @Nullable String subject) {
        if (serverPreview == null) {
            return null;
        }
        // RFC 8970 §3: a preview is decoded UTF-8.
        var preview = new String(serverPreview.octets(), StandardCharsets.UTF_8);
        return readable(preview) && (body.text().isEmpty() || fits(preview, body.text(), subject))
                ? PreviewText.line(preview, LONGEST)
                : null;
    }

    /** Whether all of its characters can be part of a text. */
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

    /** "On Monday Ann wrote:" and no more: the server left out the quotation but not this line. */
    private static boolean onlyAttribution(String preview) {
        var line = preview.strip();
        if (!line.endsWith(":") || SENTENCE.matcher(line).find()) {
            return false;
        }
        var quotes = QuotedText.of(BEFORE + line + "\n> quoted\n").quotes();
        return !quotes.isEmpty() && quotes.getFirst().start() <= BEFORE.length();
    }

    /** The title is the subject in most cases, or one of the common titles. */
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
