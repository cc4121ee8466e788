package postern.compose;

import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import postern.message.metadata.EmailAddress;

/** The user's own addresses. */
record OwnAddresses(Set<String> keys) {

    static final OwnAddresses NONE = new OwnAddresses(Set.of());

    static OwnAddresses of(Collection<String> emails) {
        var keys = new HashSet<String>();
        emails.forEach(email -> keys.add(key(email)));
        return new OwnAddresses(Set.copyOf(keys));
    }

    /** Whether it is one of these, ignoring a subaddress after a plus sign (RFC 5233). */
    boolean contain(EmailAddress address) {
        var key = key(address.email());
        return keys.contains(key) || keys.contains(untagged(key));
    }

    static String untagged(String key) {
        int plus = key.indexOf('+');
        int at = key.lastIndexOf('@');
        return plus > 0 && plus < at ? key.substring(0, plus) + key.substring(at) : key;
    }

    /** A normalised form of the address; ignores case, as almost all servers do. */
    static String key(String email) {
        var address = HeaderComposer.address(email);
        return (address == null ? email : address.email()).toLowerCase(Locale.ROOT);
    }
}
