package postern.imap.client.command;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import postern.imap.ResponseCode;
import postern.imap.message.SearchTerm;

/**
 * The charset of a search's texts.
 *
 * @param name the server's name for it
 */
public record SearchCharset(String name, Charset charset) {

    public static final SearchCharset UTF_8 = new SearchCharset("UTF-8", StandardCharsets.UTF_8);

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:+-]{0,39}");

    private static final String PRINTABLE =
            IntStream.rangeClosed(0x20, 0x7e)
                    .mapToObj(Character::toString)
                    .collect(Collectors.joining());

    /**
     * The first charset in a BADCHARSET code (RFC 9051 §7.1) that can encode the whole term; null
     * for none.
     */
    static @Nullable SearchCharset of(ResponseCode badCharset, SearchTerm term) {
        return NAME.matcher(badCharset.arguments())
                .results()
                .map(name -> named(name.group()))
                .<SearchCharset>mapMulti((found, down) -> {
                    if (found != null && found.fits(term)) {
                        down.accept(found);
                    }
                })
                .findFirst()
                .orElse(null);
    }

    private static @Nullable SearchCharset named(String name) {
        try {
            return new SearchCharset(name, Charset.forName(name));
        } catch (IllegalCharsetNameException | UnsupportedCharsetException _) {
            return null;
        }
    }

    private boolean fits(SearchTerm term) {
        return !charset.equals(StandardCharsets.UTF_8)
                && charset.canEncode()
                && keepsAscii()
                && term.fits(charset);
    }

    /** Whether ASCII is encoded as itself: the command line and quoted strings are ASCII. */
    private boolean keepsAscii() {
        return Arrays.equals(
                PRINTABLE.getBytes(charset), PRINTABLE.getBytes(StandardCharsets.US_ASCII));
    }
}
