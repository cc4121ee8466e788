package postern.web.link;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import postern.imap.message.Section;
import postern.web.id.MessageId;

/**
 * The file that a link opens.
 *
 * @param partId empty unless the file is a part
 * @param disposition null for the disposition that the sender of the message chose
 */
public record LinkedFile(
        MessageId message, LinkKind kind, String partId, @Nullable LinkDisposition disposition) {

    public LinkedFile {
        if ((kind == LinkKind.PART) == partId.isEmpty() || !Section.validPartId(partId)) {
            throw new IllegalArgumentException("only a part has a part id, and it must have one");
        }
    }

    /** A compact text form for the URL. */
    String target() {
        return String.join(
                " ",
                message.toString(),
                kind.id(),
                partId,
                disposition == null ? "" : disposition.id());
    }

    /** Empty if {@link #target} cannot have made the text. */
    public static Optional<LinkedFile> parse(String target) {
        var words = target.split(" ", -1);
        try {
            var file =
                    new LinkedFile(
                            MessageId.parse(words[0]),
                            named(LinkKind.values(), words[1]),
                            words[2],
                            words[3].isEmpty() ? null : named(LinkDisposition.values(), words[3]));
            return Optional.of(file).filter(it -> it.target().equals(target));
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException _) {
            return Optional.empty();
        }
    }

    private static <T extends Enum<T>> T named(T[] values, String id) {
        return Arrays.stream(values)
                .filter(value -> value.name().toLowerCase(Locale.ROOT).equals(id))
                .findFirst()
                .orElseThrow(IllegalArgumentException::new);
    }
}
