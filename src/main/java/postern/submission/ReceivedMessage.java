package postern.submission;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchItems;
import postern.imap.message.FetchedMessage;
import postern.imap.message.Flag;
import postern.message.metadata.EmailAddress;
import postern.message.metadata.HeaderLoader;
import postern.message.metadata.MessageOrigin;
import postern.message.part.HeaderField;
import postern.message.part.MessageIds;
import postern.mime.header.AddressField;
import postern.mime.header.HeaderText;

/**
 * The header of a message that something is sent about.
 *
 * @param flags empty where the mail server does not tell them
 */
record ReceivedMessage(Set<Flag> flags, List<HeaderField.Raw> header) {

    static final FetchItems ITEMS = FetchItems.of(FetchItem.FLAGS).with(HeaderLoader.WHOLE);

    /** Upper bound on the addresses that are looked at to find the user's own. */
    private static final int MOST_ADDRESSES = 1_000;

    /** Where servers and mailing lists note to whom they have delivered, the surest first. */
    private static final List<String> DELIVERED =
            List.of("delivered-to", "envelope-to", "x-original-to", "to", "cc", "bcc");

    static ReceivedMessage of(FetchedMessage message) {
        var octets = message.sections().get(HeaderLoader.WHOLE);
        return new ReceivedMessage(
                message.flags() == null ? Set.of() : message.flags(),
                HeaderField.split(octets == null ? new byte[0] : octets));
    }

    MessageOrigin origin() {
        return MessageOrigin.of(header);
    }

    /** Decoded, in one line; null where there is none. */
    @Nullable String text(String name) {
        return HeaderField.first(header, name)
                .map(value -> HeaderText.decode(value).strip())
                .filter(value -> !value.isEmpty())
                .orElse(null);
    }

    /** Without angle brackets; null where there is none. */
    @Nullable String messageId() {
        return HeaderField.first(header, "message-id")
                .map(value -> MessageIds.parse(new String(value, UTF_8)))
                .filter(ids -> !ids.isEmpty() && !ids.getFirst().isEmpty())
                .map(List::getFirst)
                .orElse(null);
    }

    /** The addresses that it was delivered to or written to, by field, the surest first. */
    List<List<String>> recipients() {
        return DELIVERED.stream().map(this::addresses).toList();
    }

    private List<String> addresses(String name) {
        var addresses = new ArrayList<String>();
        for (var field : header) {
            if (field.name().equalsIgnoreCase(name) && addresses.size() < MOST_ADDRESSES) {
                EmailAddress.listOf(AddressField.recipients(field.value())).stream()
                        .map(EmailAddress::email)
                        .filter(it -> it.indexOf('@') > 0)
                        .forEach(addresses::add);
            }
        }
        return addresses;
    }

    /** Those of these fields that can be returned as they are, with CRLF. */
    String fields(Set<String> names, int longestLine) {
        var fields = new StringBuilder();
        for (var field : header) {
            var value = new String(field.value(), ISO_8859_1).stripTrailing();
            var lines = (field.name() + ":" + value).split("\r?\n", -1);
            boolean sound = names.contains(field.name().toLowerCase(Locale.ROOT));
            for (var line : lines) {
                sound &=
                        line.length() <= longestLine
                                && line.chars().allMatch(c -> c == '\t' || c >= 0x20 && c < 0x7f);
            }
            if (sound) {
                fields.append(String.join("\r\n", lines)).append("\r\n");
            }
        }
        return fields.toString();
    }
}
