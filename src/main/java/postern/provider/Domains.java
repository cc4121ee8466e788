package postern.provider;

import java.net.IDN;
import java.util.Locale;
import java.util.Optional;

/** The domains of mail addresses, compared in lower case and ASCII (RFC 5890). */
final class Domains {

    private Domains() {}

    /** Throws IllegalArgumentException for what is not a domain. */
    static String normal(String domain) {
        var ascii = IDN.toASCII(domain.strip(), IDN.USE_STD3_ASCII_RULES);
        return ascii.toLowerCase(Locale.ROOT);
    }

    /** The domain of a user name that is an address. */
    static Optional<String> of(String user) {
        try {
            int at = user.lastIndexOf('@');
            return at < 0 ? Optional.empty() : Optional.of(normal(user.substring(at + 1)));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
