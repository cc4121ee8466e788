package postern.message.change;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.regex.Pattern;
import postern.digest.Sha256;
import postern.imap.message.FetchedMessage;
import postern.imap.message.Flag;

/**
 * The state of a message as a strong entity tag (RFC 9110 §8.8.3): its mod-sequence if the mailbox
 * has them (RFC 7162), else a hash of its flags, because nothing else of a message changes.
 */
public record MessageETag(String value) {

    private static final Pattern MOD_SEQ = Pattern.compile("\"m(\\d{1,18})\"");

    /** For a message whose flags cannot be read. */
    private static final String UNKNOWN = "\"u\"";

    public static MessageETag of(FetchedMessage message) {
        return message.modSeq() != null
                ? new MessageETag("\"m" + message.modSeq() + "\"")
                : new MessageETag(
                        message.flags() == null ? UNKNOWN : "\"f" + hash(message.flags()) + "\"");
    }

    /** The mod-sequence in this tag, if it has one. */
    OptionalLong modSeq() {
        var matcher = MOD_SEQ.matcher(value);
        return matcher.matches()
                ? OptionalLong.of(Long.parseLong(matcher.group(1)))
                : OptionalLong.empty();
    }

    /** Without {@code \Recent}, which depends on the connection. */
    private static String hash(Collection<Flag> flags) {
        var names = new TreeSet<String>();
        for (var flag : flags) {
            if (!flag.equals(Flag.RECENT)) {
                names.add(flag.name().toLowerCase(Locale.ROOT));
            }
        }
        var digest =
                Sha256.start().digest(String.join(" ", names).getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(Arrays.copyOf(digest, 8));
    }
}
