package postern.message;

import io.swagger.v3.oas.annotations.media.Schema;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.imap.Address;
import postern.imap.RawText;
import postern.mime.HeaderText;

/** An address as in RFC 8621 §4.1.2.3. */
@Schema(description = "Somebody's address, and the name that goes with it.")
public record EmailAddress(
        @Schema(description = "The name, where there is one.", example = "Ada Lovelace")
                @Nullable String name,
        @Schema(example = "ada@example.org") String email) {

    /** Groups are flattened to their members, so that undisclosed recipients are an empty list. */
    static List<EmailAddress> listOf(List<Address> addresses) {
        var list = new ArrayList<EmailAddress>(addresses.size());
        for (int i = 0; i < addresses.size(); i++) {
            var address = addresses.get(i);
            if (address.mailbox() != null && !opensGroup(addresses, i)) {
                list.add(of(address, address.mailbox()));
            }
        }
        return List.copyOf(list);
    }

    /** A group ends; without an end, an address with no host is just a name that somebody typed. */
    private static boolean opensGroup(List<Address> addresses, int index) {
        return addresses.get(index).host() == null
                && addresses.subList(index + 1, addresses.size()).stream()
                        .anyMatch(a -> a.mailbox() == null && a.host() == null);
    }

    private static EmailAddress of(Address address, RawText mailbox) {
        var host = address.host();
        var email =
                host == null || host.octets().length == 0
                        ? plain(mailbox)
                        : plain(mailbox) + "@" + plain(host);
        return new EmailAddress(nameOf(address), email);
    }

    private static @Nullable String nameOf(Address address) {
        if (address.name() == null) {
            return null;
        }
        var name = HeaderText.decode(address.name().octets()).strip();
        return name.isEmpty() ? null : name;
    }

    /** RFC 6532: what is not ASCII in an address is UTF-8; encoded words have no meaning there. */
    private static String plain(RawText text) {
        return new String(text.octets(), StandardCharsets.UTF_8);
    }
}
