package postern.mime;

import java.net.IDN;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Somebody's address as a header has it (RFC 5322 §3.4): ASCII, the domain in its A-label form (RFC
 * 5890).
 */
public record MailAddress(@Nullable String name, String local, String domain) {

    private static final Pattern DOT_ATOM =
            Pattern.compile("[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*");
    private static final Pattern LABEL =
            Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?");
    private static final Pattern LITERAL = Pattern.compile("\\[[0-9A-Za-z:.]{2,100}\\]");

    // RFC 5321 §4.5.3.1
    private static final int LONGEST_LOCAL = 64;
    private static final int LONGEST_DOMAIN = 255;

    /** What java.net.IDN maps away, as the rules of 2003 did, and those of 2008 no longer do. */
    private static final String DEVIATIONS = "\u00df\u03c2\u200c\u200d";

    /** Throws IllegalArgumentException that says what is wrong, to continue the field's name. */
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
        if (local.chars().anyMatch(c -> c > 0x7e)) {
            throw new IllegalArgumentException(
                    "has letters before the @ that need SMTPUTF8, which is not supported");
        }
        if (local.length() > LONGEST_LOCAL) {
            throw new IllegalArgumentException("is not an e-mail address");
        }
        if (DOT_ATOM.matcher(local).matches()) {
            return local;
        }
        boolean quoted = local.length() > 2 && local.startsWith("\"") && local.endsWith("\"");
        if (!quoted || !quotable(local.substring(1, local.length() - 1))) {
            throw new IllegalArgumentException("is not an e-mail address");
        }
        return local;
    }

    /** Whether this may stand between quotes, the escapes already in it. */
    private static boolean quotable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x20 || c == '"' || c == '\\' && ++i == text.length()) {
                return false;
            }
        }
        return true;
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

    /** Without the name. */
    public String email() {
        return local + "@" + domain;
    }
}
