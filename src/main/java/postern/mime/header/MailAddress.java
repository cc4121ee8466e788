package postern.mime.header;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.IDN;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A mailbox in an address field (RFC 5322 §3.4), the domain in its A-label form (RFC 5890). Before
 * the @ it may have other characters than ASCII (RFC 6532 §3.2); then it needs SMTPUTF8.
 */
public record MailAddress(@Nullable String name, String local, String domain) {

    private static final Pattern LABEL =
            Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?");
    private static final Pattern LITERAL = Pattern.compile("\\[[0-9A-Za-z:.]{2,100}\\]");

    /**
     * RFC 5321 §4.5.3.1 has 64 but discourages limits: addresses that contain a ticket number are
     * longer. In octets.
     */
    private static final int LONGEST_LOCAL = 255;

    // RFC 5321 §4.5.3.1
    private static final int LONGEST_DOMAIN = 255;

    /** Characters that java.net.IDN maps away (IDNA 2003), but that IDNA 2008 keeps. */
    private static final String DEVIATIONS = "\u00df\u03c2\u200c\u200d";

    /** Throws IllegalArgumentException; its message continues the name of the field. */
    public static MailAddress of(@Nullable String name, String email) {
        if (name != null && name.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("must have a name without control characters");
        }
        int at = email.lastIndexOf('@');
        if (at < 1 || at == email.length() - 1) {
            throw new IllegalArgumentException("is not an e-mail address");
        }
        var named = name == null || name.isBlank() ? null : name.strip();
        return new MailAddress(
                named, local(email.substring(0, at)), domain(email.substring(at + 1)));
    }

    private static String local(String local) {
        if (!writable(local)) {
            throw new IllegalArgumentException("is not an e-mail address");
        }
        if (atomic(local)) {
            return quotedIfNeeded(local);
        }
        boolean quoted = local.length() > 2 && local.startsWith("\"") && local.endsWith("\"");
        if (!quoted || !escaped(local.substring(1, local.length() - 1))) {
            throw new IllegalArgumentException("is not an e-mail address");
        }
        return local;
    }

    /** Whether it is short enough, and nothing in it breaks the line or cannot be seen. */
    static boolean writable(String local) {
        return local.getBytes(UTF_8).length <= LONGEST_LOCAL
                && local.codePoints().allMatch(c -> c < 0x7f || international(c));
    }

    private static boolean international(int c) {
        return c > 0x7f
                && Character.isDefined(c)
                && Character.getType(c) != Character.SURROGATE
                && !Character.isISOControl(c)
                && !Character.isSpaceChar(c);
    }

    /**
     * Whether it consists of atoms and dots. Consecutive or trailing dots are not a dot-atom, but
     * many mobile phone addresses in Japan have them.
     */
    static boolean atomic(String local) {
        return !local.isEmpty() && local.chars().allMatch(c -> c > 0x7e || c == '.' || atom(c));
    }

    private static boolean atom(int c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || "!#$%&'*+/=?^_`{|}~-".indexOf(c) >= 0;
    }

    /** The local part as it is written before the @ (RFC 5322 §3.4.1). */
    static String quotedIfNeeded(String local) {
        boolean dotAtom =
                atomic(local)
                        && !local.startsWith(".")
                        && !local.endsWith(".")
                        && !local.contains("..");
        return dotAtom ? local : "\"" + local.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    /** Whether it can be written as a quoted string. */
    static boolean quotable(String local) {
        return !local.isEmpty() && local.chars().allMatch(c -> c >= 0x20 && c != 0x7f);
    }

    /** Whether it is valid between quotes; it is escaped already. */
    private static boolean escaped(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x20 || c == '"' || c == '\\' && ++i == text.length()) {
                return false;
            }
        }
        return true;
    }

    static boolean validDomain(String domain) {
        try {
            return !domain(domain).isEmpty();
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static String domain(String domain) {
        if (LITERAL.matcher(domain).matches()) {
            return domain;
        }
        var ascii = domain.chars().allMatch(c -> c < 0x80) ? domain : aLabels(domain);
        boolean sound = ascii.length() <= LONGEST_DOMAIN;
        for (var label : ascii.split("\\.", -1)) {
            sound &= LABEL.matcher(label).matches();
        }
        if (!sound) {
            throw new IllegalArgumentException("is not an e-mail address");
        }
        return ascii;
    }

    private static String aLabels(String domain) {
        if (domain.length() > LONGEST_DOMAIN) { // the conversion below is not linear
            throw new IllegalArgumentException("is not an e-mail address");
        }
        if (domain.chars().anyMatch(c -> DEVIATIONS.indexOf(c) >= 0)) {
            throw new IllegalArgumentException(
                    "has a domain that must be written in its ASCII form, xn--\u2026");
        }
        try {
            return IDN.toASCII(domain).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException | IndexOutOfBoundsException _) {
            throw new IllegalArgumentException("is not an e-mail address");
        }
    }

    /** The address without the name. */
    public String email() {
        return local + "@" + domain;
    }
}
