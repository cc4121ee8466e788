package postern.message.metadata;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import postern.imap.message.Flag;
import postern.message.part.HeaderField;
import postern.mime.header.AddressField;

/// The receipt that the sender of a message asks for (RFC 8098 §2.1), which `sendReceipt` sends.
///
/// @param to Who would get it.
/// @param confirmationNeeded Whether the user has to confirm these addresses before: there are
///   several, or it is not the one that the message came from (Return-Path).
/// @param possible Whether it can be sent at all; `false` where the message demands something of it
///   that is not known here (Disposition-Notification-Options).
/// @param sent Whether the message bears `$mdnsent`: the receipt was sent, or will never be. Absent
///   where the keywords are not known.
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RequestedReceipt(
        List<EmailAddress> to,
        boolean confirmationNeeded,
        boolean possible,
        @Nullable Boolean sent) {

    /** Set once a receipt was sent, or must never be (RFC 3503). */
    public static final Flag SENT = new Flag("$MDNSent");

    /** Upper bound on the addresses; a message with more is an attack. */
    private static final int MOST = 10;

    /** Null where the message asks for none. */
    static @Nullable RequestedReceipt of(List<HeaderField.Raw> header) {
        var to = new ArrayList<EmailAddress>();
        boolean more = false;
        for (var field : header) {
            if (field.name().equalsIgnoreCase("disposition-notification-to")) {
                for (var address : EmailAddress.listOf(AddressField.recipients(field.value()))) {
                    more |= to.size() == MOST;
                    if (to.size() < MOST && to.stream().noneMatch(it -> same(it, address))) {
                        to.add(address);
                    }
                }
            }
        }
        return to.isEmpty()
                ? null
                : new RequestedReceipt(
                        List.copyOf(to),
                        to.size() > 1 || !same(to.getFirst(), returnPath(header)),
                        !more && !demandsMore(header),
                        null);
    }

    private static @Nullable EmailAddress returnPath(List<HeaderField.Raw> header) {
        var addresses =
                HeaderField.first(header, "return-path")
                        .map(AddressField::authors)
                        .map(EmailAddress::listOf)
                        .orElse(List.of());
        return addresses.size() == 1 ? addresses.getFirst() : null;
    }

    /** RFC 8098 §2.1: the local parts are compared with their case, the domains without. */
    private static boolean same(EmailAddress one, @Nullable EmailAddress other) {
        return other != null && comparable(one).equals(comparable(other));
    }

    private static String comparable(EmailAddress address) {
        var email = address.email();
        int at = email.lastIndexOf('@') + 1;
        return email.substring(0, at) + email.substring(at).toLowerCase(Locale.ROOT);
    }

    private static boolean demandsMore(List<HeaderField.Raw> header) {
        return HeaderField.first(header, "disposition-notification-options")
                .map(value -> new String(value, ISO_8859_1).toLowerCase(Locale.ROOT))
                .filter(options -> options.replaceAll("\\s", "").contains("=required"))
                .isPresent();
    }

    /**
     * @param flags null where they are not known
     */
    public RequestedReceipt inStateOf(@Nullable Collection<Flag> flags) {
        return with(flags == null ? null : flags.contains(SENT));
    }

    RequestedReceipt with(@Nullable Boolean known) {
        return new RequestedReceipt(to, confirmationNeeded, possible, known);
    }
}
