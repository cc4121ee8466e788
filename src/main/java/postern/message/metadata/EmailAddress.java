package postern.message.metadata;

import io.swagger.v3.oas.annotations.media.Schema;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.imap.message.Address;
import postern.imap.message.RawText;
import postern.mime.header.AddressField;
import postern.mime.header.HeaderAddress;
import postern.mime.header.HeaderText;

/// Somebody's address, and the name that goes with it.
///
/// @param name The name, where there is one.
/// @param email An address that new messages take as well; one that is not ASCII before the `@` can
///   be sent only to submission servers with SMTPUTF8. Where a message has none, the word that
///   stands in its place, such as `root`, or empty beside a mere name.
public record EmailAddress(
        @Schema(example = "Ada Lovelace") @Nullable String name,
        @Schema(example = "ada@example.org") String email) {

    public static List<EmailAddress> listOf(List<HeaderAddress> addresses) {
        return addresses.stream().map(EmailAddress::of).toList();
    }

    private static EmailAddress of(HeaderAddress address) {
        return new EmailAddress(address.name(), address.email());
    }

    /** Groups are replaced by their members; "undisclosed-recipients:;" becomes an empty list. */
    public static List<EmailAddress> ofEnvelope(List<Address> addresses) {
        int end = addresses.size() - 1;
        while (end >= 0
                && (addresses.get(end).mailbox() != null || addresses.get(end).host() != null)) {
            end--;
        }
        var list = new ArrayList<EmailAddress>(Math.min(addresses.size(), AddressField.MOST));
        for (int i = 0; i < addresses.size() && list.size() <= AddressField.MOST; i++) {
            var address = addresses.get(i);
            // A null host begins a group if the group ends later; otherwise it is an address
            // without a host.
            boolean opensGroup = address.host() == null && i < end;
            var readable = address.mailbox() == null || opensGroup ? null : readable(address);
            if (readable != null) {
                list.add(of(readable));
            }
        }
        return List.copyOf(list);
    }

    private static @Nullable HeaderAddress readable(Address address) {
        var name = address.name() == null ? null : HeaderText.decode(address.name().octets());
        var mailbox = address.mailbox() == null ? null : unquoted(plain(address.mailbox()));
        return HeaderAddress.of(
                name, mailbox, address.host() == null ? null : plain(address.host()));
    }

    /** Some servers do not remove the quotation marks. */
    private static String unquoted(String mailbox) {
        return mailbox.length() > 2 && mailbox.startsWith("\"") && mailbox.endsWith("\"")
                ? mailbox.substring(1, mailbox.length() - 1).replaceAll("\\\\(.)", "$1")
                : mailbox;
    }

    /** RFC 6532: non-ASCII octets in an address are UTF-8; encoded words are not decoded in it. */
    private static String plain(RawText text) {
        return new String(text.octets(), StandardCharsets.UTF_8);
    }
}
