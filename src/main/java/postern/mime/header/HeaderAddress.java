package postern.mime.header;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Somebody whom a header names, as far as the header tells.
 *
 * @param name decoded
 * @param email an address that {@link MailAddress} takes, or that would need SMTPUTF8; else the
 *     single word that stands where an address should be, such as {@code root}; or empty
 */
public record HeaderAddress(@Nullable String name, String email) {

    /**
     * What servers write into an ENVELOPE where they find no domain: Dovecot, Cyrus, and those that
     * descend from the University of Washington's. Drafts of other clients carry them into headers.
     */
    private static final Set<String> NO_DOMAINS =
            Set.of(
                    "missing_domain",
                    "missing-host-name",
                    "syntax_error",
                    "syntax-error",
                    "unspecified-domain",
                    "unknown_domain");

    private static final Set<String> NO_MAILBOXES =
            Set.of(
                    "MISSING_MAILBOX",
                    "MISSING_MAILBOX_TERMINATOR",
                    "MISSING_DOMAIN",
                    "SYNTAX_ERROR",
                    "INVALID_ADDRESS",
                    "UNEXPECTED_DATA_AFTER_ADDRESS",
                    "ERROR_IN_ADDRESS");

    /** Mail programs write it where a message has no visible recipients. */
    private static final Pattern UNDISCLOSED =
            Pattern.compile(
                    "\\W*(?:undisclosed|unlisted|unspecified)[ _-]*recipients?\\W*",
                    Pattern.CASE_INSENSITIVE);

    private static final int LONGEST_UNDISCLOSED = 60;

    /** Decoded and unquoted; null when nobody is named. */
    public static @Nullable HeaderAddress of(
            @Nullable String name, @Nullable String local, @Nullable String domain) {
        var named = name == null || name.isBlank() ? null : name.strip();
        if (local == null || local.isBlank() || NO_MAILBOXES.contains(local)) {
            return named == null ? null : without(named);
        }
        var host = domain == null ? "" : withoutRoot(domain);
        if (host.isEmpty() || madeUp(host)) {
            return MailAddress.atomic(local)
                    ? undisclosed(local) ? null : new HeaderAddress(named, local)
                    : without(written(named, local));
        }
        var email = MailAddress.quotedIfNeeded(local) + "@" + host;
        return usable(local, host)
                ? new HeaderAddress(named, email)
                : without(written(named, local + "@" + domain));
    }

    private static @Nullable HeaderAddress without(String name) {
        return undisclosed(name) ? null : new HeaderAddress(name, "");
    }

    /** What is no address stays readable. */
    private static String written(@Nullable String name, String address) {
        return name == null ? address : name + " <" + address + ">";
    }

    private static boolean undisclosed(String text) {
        return text.length() <= LONGEST_UNDISCLOSED && UNDISCLOSED.matcher(text).matches();
    }

    private static boolean usable(String local, String domain) {
        return MailAddress.quotable(local)
                && MailAddress.quotedIfNeeded(local).length() <= MailAddress.LONGEST_LOCAL
                && MailAddress.validDomain(domain);
    }

    /** The dot at the end of a name that is told in full (RFC 1034 §3.1). */
    private static String withoutRoot(String domain) {
        return domain.endsWith(".") ? domain.substring(0, domain.length() - 1) : domain;
    }

    private static boolean madeUp(String domain) {
        var plain = domain.startsWith(".") ? domain.substring(1) : domain;
        return NO_DOMAINS.contains(plain.toLowerCase(Locale.ROOT));
    }
}
