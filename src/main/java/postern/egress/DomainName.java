package postern.egress;

import java.net.IDN;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A host or mail domain of the public DNS, in ASCII and lower case. It is never an IP address in
 * whatever spelling, since its last label begins with a letter, and never a name that is resolved
 * inside of a network only.
 */
public record DomainName(String text) {

    private static final int LONGEST = 253;

    private static final Pattern NAME =
            Pattern.compile(
                    "(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?");

    /** Names that do not belong to the public DNS (RFC 6761, RFC 8375, RFC 9476 and usage). */
    private static final Set<String> INTERNAL =
            Set.of(
                    "alt",
                    "arpa",
                    "corp",
                    "home",
                    "internal",
                    "intranet",
                    "invalid",
                    "lan",
                    "local",
                    "localdomain",
                    "localhost",
                    "onion",
                    "private");

    public DomainName {
        if (text.length() > LONGEST
                || !NAME.matcher(text).matches()
                || INTERNAL.contains(text.substring(text.lastIndexOf('.') + 1))) {
            throw new IllegalArgumentException("not a name of the public DNS");
        }
    }

    public static Optional<DomainName> parse(String text) {
        try {
            var ascii = IDN.toASCII(text, IDN.USE_STD3_ASCII_RULES);
            return Optional.of(new DomainName(ascii.toLowerCase(Locale.ROOT)));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /** A name below this one. */
    public Optional<DomainName> child(String label) {
        return parse(label + "." + text);
    }

    /** The name without its first label. */
    public Optional<DomainName> parent() {
        return parse(text.substring(text.indexOf('.') + 1));
    }

    @Override
    public String toString() {
        return text;
    }
}
