package postern.identity;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import postern.mime.header.MailAddress;

/**
 * An address that a user may send as.
 *
 * @param name that goes with it
 * @param local what stands in front of the {@code @}, or {@code *} for anything
 * @param domain in lower case and ASCII, or {@code *} for any
 * @param subaddresses whether also {@code local+anything} (RFC 5233) belongs to it
 */
public record Identity(@Nullable String name, String local, String domain, boolean subaddresses) {

    static final String ANY = "*";

    private static final Pattern NAMED = Pattern.compile("([^<>]*)<([^<>]+)>");

    /** One that an operator has configured; null for what is none. */
    static @Nullable Identity configured(String text) {
        var entry = text.strip();
        var named = NAMED.matcher(entry);
        if (named.matches()) {
            return address(named.group(1).strip(), named.group(2).strip());
        }
        if (entry.equals(ANY)) {
            return new Identity(null, ANY, ANY, false);
        }
        return entry.startsWith("@")
                ? withDomain(address(null, "x" + entry), ANY)
                : address(null, entry);
    }

    private static @Nullable Identity withDomain(@Nullable Identity domain, String local) {
        return domain == null ? null : new Identity(null, local, domain.domain(), false);
    }

    private static @Nullable Identity address(@Nullable String name, String email) {
        try {
            var address = MailAddress.of(name, email);
            return new Identity(
                    address.name(),
                    address.local(),
                    address.domain().toLowerCase(Locale.ROOT),
                    false);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    /** The user's own, with subaddresses; null where the user name is no address. */
    static @Nullable Identity own(String user) {
        var own = address(null, user);
        return own == null ? null : new Identity(null, own.local(), own.domain(), true);
    }

    /** That of a user name without a domain. */
    static Identity own(String user, String domain) {
        return new Identity(null, user, domain, true);
    }

    /** Whether it is one address, beside its subaddresses. */
    public boolean single() {
        return !local.equals(ANY) && !domain.equals(ANY);
    }

    /** The address, in which {@code *} stands for anything. */
    public String address() {
        return local + "@" + domain;
    }

    boolean matches(String email) {
        var address = email.toLowerCase(Locale.ROOT);
        int at = address.lastIndexOf('@');
        return at > 0
                && (domain.equals(ANY) || domain.equals(address.substring(at + 1)))
                && (local.equals(ANY) || local(address.substring(0, at)));
    }

    private boolean local(String other) {
        var own = local.toLowerCase(Locale.ROOT);
        int plus = other.indexOf('+');
        return own.equals(other)
                || subaddresses && plus > 0 && own.equals(other.substring(0, plus));
    }
}
