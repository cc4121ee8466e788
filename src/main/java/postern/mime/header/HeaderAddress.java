package postern.mime.header;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A person or group in an address field; either part may be missing.
 *
 * @param name decoded
 * @param email an address that {@link MailAddress} accepts; else the single word in place of an
 *     address, such as {@code root}; or empty
 */
public record HeaderAddress(@Nullable String name, String email) {

    /**
     * The placeholders that servers (Dovecot, Cyrus, UW IMAP and its descendants) put into an
     * ENVELOPE for a missing domain. Drafts of other clients copy them into headers.
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

    /** What mail programs write if a message has no visible recipients. */
    private static final Pattern UNDISCLOSED =
            Pattern.compile(
                    "\\W*(?:undisclosed|unlisted|unspecified)[ _-]*recipients?\\W*",
                    Pattern.CASE_INSENSITIVE);

    private static final int LONGEST_UNDISCLOSED = 60;

    /** From a decoded and unquoted name and address; null if both are empty. */
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

    /** Text that is not an address stays readable. */
    private static String written(@Nullable String name, String address) {
        return name == null ? address : name + " <" + address + ">";
    }

    private static boolean undisclosed(String text) {
        return text.length() <= LONGEST_UNDISCLOSED && UNDISCLOSED.matcher(text).matches();
    }

    private static boolean usable(String local, String domain) {
        return MailAddress.quotable(local)
                && MailAddress.writable(MailAddress.quotedIfNeeded(local))
                && MailAddress.validDomain(domain);
    }

    /** Removes the trailing dot of an absolute domain name (RFC 1034 §3.1). */
    private static String withoutRoot(String domain) {
        return domain.endsWith(".") ? domain.substring(0, domain.length() - 1) : domain;
    }

    private static boolean madeUp(String domain) {
        var plain = domain.startsWith(".") ? domain.substring(1) : domain;
        return NO_DOMAINS.contains(plain.toLowerCase(Locale.ROOT));
    }
}
