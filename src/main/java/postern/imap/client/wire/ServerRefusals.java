package postern.imap.client.wire;

import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.ResponseCode;

/**
 * Maps a server's NO, BAD or BYE to exceptions (RFC 9051 §7.1). Servers send wrong response codes,
 * or none. A text that says that the server is busy or unavailable therefore takes precedence over
 * the code: "try again later" must never become "there is no such mailbox".
 */
public final class ServerRefusals {

    private static final String SLOW_DOWN =
            "the mail server takes no more connections or commands for now";

    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Duration LATER = Duration.ofSeconds(30);
    private static final Duration LONGEST_BACK_OFF = Duration.ofHours(1);

    /** Texts of servers that limit connections or request rates. */
    private static final Pattern TOO_MANY =
            pattern(
                    "too many (?!(\\w+"
                            + " )?(keyword|flag|folder|mailbox|message|recipient|result|search"
                            + "|argument|level|term|key|part|header)s?)",
                    "maximum number of (\\w+ )?(connections|sessions|logins)",
                    "connection limit|simultaneous|concurrent connections",
                    "(bandwidth|command|request|rate|traffic)s?[ -]?(or \\w+ )?limit(?!ed to)",
                    "exceeded .{0,40}(commands? or|bandwidth|connection|request rate)",
                    "throttl|back-?off time|slow down|too (fast|often|frequent)");

    private static final Pattern BACK_OFF =
            Pattern.compile("back-?off time: (\\d{1,9}) milliseconds", Pattern.CASE_INSENSITIVE);

    /** Texts that say that the server or its backend is unavailable; they override any code. */
    private static final Pattern UNAVAILABLE =
            pattern(
                    "^[\\[({< ]*(SYS/TEMP|UNAVAILABLE|TEMPFAIL)\\b",
                    "(server|service|system|backend|store|host)(\\(?s\\)?)?"
                            + " (is |are )?(\\w+ )?(not available|unavailable)",
                    "temporar(y|ily) (\\w+ ){0,2}(failure|error|problem|unavailable|not available)",
                    "authenticated but not connected");

    /** Similar texts that may also be advice after a mistake of the user. */
    private static final Pattern PERHAPS_UNAVAILABLE =
            pattern(
                    "\\bunavailable\\b|not available|temporar(y|ily)\\b|try (it )?again|retry"
                            + " later",
                    "(server|service|system) (is )?(too )?(busy|down|overloaded)",
                    "under maintenance|maintenance mode|shutting down");

    /** Codes that are specific enough to override advice in the text. */
    private static final Set<String> SPECIFIC_CODES =
            Set.of(
                    "AUTHENTICATIONFAILED",
                    "EXPIRED",
                    "NOPERM",
                    "AUTHORIZATIONFAILED",
                    "NONEXISTENT",
                    "ALREADYEXISTS",
                    "HASCHILDREN",
                    "INUSE",
                    "EXPUNGEISSUED",
                    "TOOBIG",
                    "APPENDLIMIT",
                    "OVERQUOTA",
                    "UNKNOWN-CTE",
                    "BADCHARSET",
                    "CANNOT",
                    "USEATTR");

    private static final Pattern NO_SUCH_MAILBOX =
            pattern(
                    // Anchored at the first match: a search from each match would take quadratic
                    // time.
                    "(?s:^(?>.*?(mailbox|folder)\\b).*\\b(does ?n[o']t exist|not found|unknown"
                            + "|not exists?))",
                    "no such (mailbox|folder)",
                    "unknown (mailbox|folder)",
                    "(does ?n[o']t|not) exist");

    /** Yahoo sends this for existing mailboxes as well. */
    private static final Pattern PERHAPS_NO_SUCH_MAILBOX =
            pattern("or server encountered an error|or (is )?not selectable");

    /**
     * What Dovecot says to one client at the moment when another renames or deletes the mailbox.
     */
    private static final Pattern CHANGED_MEANWHILE = pattern("(deleted|renamed) under us");

    private static final Pattern MAILBOX = pattern("\\b(mailbox|folder)\\b");
    private static final Pattern OVER_QUOTA =
            pattern("over ?quota|quota exceeded|exceeds? .{0,20}quota|mailbox (is )?full");
    private static final Pattern EXISTS = pattern("already exists|mailbox exists");
    private static final Pattern HAS_CHILDREN =
            pattern("inferior|has (children|sub-?(folders|mailboxes))");
    private static final Pattern NOT_PERMITTED =
            pattern(
                    "permission denied|access denied|not permitted|insufficient"
                            + " (rights|permission)",
                    // NetEase sends this to clients that it does not trust.
                    "unsafe login");
    private static final Pattern CLOSED_TO_IMAP =
            pattern(
                    "imap (access )?is (disabled|not enabled)|not enabled for imap|imap access"
                            + " disabled",
                    "account (is |has been )?(disabled|suspended|blocked|deactivated)");
    private static final Pattern CREDENTIALS =
            pattern("password|credentials?\\b|user ?name|invalid login|login incorrect");
    private static final Pattern UNKNOWN_COMMAND =
            pattern(
                    "(unknown|unrecogni[sz]ed|unsupported|invalid|illegal|bad) command",
                    "command (is )?(unknown|unrecogni[sz]ed|not"
                            + " (known|recogni[sz]ed|supported|implemented))",
                    "not implemented|error in imap command|disabled");

    private ServerRefusals() {}

    private static Pattern pattern(String... alternatives) {
        return Pattern.compile(String.join("|", alternatives), Pattern.CASE_INSENSITIVE);
    }

    public static ImapException toException(@Nullable ResponseCode code, String text) {
        var temporary = temporary(code, text);
        if (temporary != null) {
            return temporary;
        }
        var name = code == null ? "" : code.name();
        return switch (name) {
            case "AUTHENTICATIONFAILED", "EXPIRED" -> new ImapException.AuthenticationFailed(code);
            case "NOPERM", "AUTHORIZATIONFAILED", "CONTACTADMIN", "PRIVACYREQUIRED" ->
                    new ImapException.PermissionDenied(code);
            case "NONEXISTENT", "TRYCREATE" -> new ImapException.MailboxNotFound(code);
            case "ALREADYEXISTS" -> new ImapException.MailboxExists(code);
            case "HASCHILDREN" -> new ImapException.MailboxHasChildren(code);
            // RFC 5530: other clients have expunged messages, which this connection has not learned
            // yet
            case "INUSE", "EXPUNGEISSUED" -> new ImapException.MailboxInUse(code);
            case "TOOBIG", "APPENDLIMIT" -> new ImapException.MessageTooBig(code);
            case "OVERQUOTA" -> new ImapException.OverQuota(code);
            case "UNKNOWN-CTE" -> new ImapException.UnknownEncoding(code);
            case "SERVERBUG", "CLIENTBUG", "CORRUPTION" ->
                    new ImapException.ProtocolError("the mail server reports a fault", code, null);
            case "BADCHARSET" ->
                    new ImapException.NotPossible(
                            "the mail server has no charset to search for this text in", code);
            case "LIMIT" ->
                    new ImapException.NotPossible("the mail server has a limit for this", code);
            default -> byText(code, text);
        };
    }

    /** The exception for a temporary failure; null for any other refusal. */
    private static @Nullable ImapException temporary(@Nullable ResponseCode code, String text) {
        var name = code == null ? "" : code.name().toUpperCase(Locale.ROOT);
        if (TOO_MANY.matcher(text).find() || name.equals("THROTTLED")) {
            return tooMany(code, text);
        }
        boolean unavailable =
                name.contains("UNAVAILABLE")
                        || name.equals("TEMPFAIL")
                        || name.equals("SYS/TEMP")
                        || UNAVAILABLE.matcher(text).find()
                        || !SPECIFIC_CODES.contains(name)
                                && PERHAPS_UNAVAILABLE.matcher(text).find();
        return unavailable ? new ImapException.ServerUnavailable(LATER, code) : null;
    }

    private static ImapException tooMany(@Nullable ResponseCode code, String text) {
        var matcher = BACK_OFF.matcher(text);
        if (!matcher.find()) {
            return new ImapException.ConnectionLimit(SLOW_DOWN, SOON, code);
        }
        var backOff = Duration.ofMillis(Long.parseLong(matcher.group(1)));
        return new ImapException.ConnectionLimit(
                SLOW_DOWN,
                backOff.compareTo(LONGEST_BACK_OFF) > 0 ? LONGEST_BACK_OFF : backOff,
                code);
    }

    public static boolean isAboutMailbox(@Nullable ResponseCode code, String text) {
        return code != null || MAILBOX.matcher(text).find();
    }

    /**
     * Whether a server that refuses to open or count a mailbox says that it does not exist.
     * TRYCREATE is defined for commands that add messages (RFC 5530 §3), and is ignored here.
     */
    public static boolean saysNonexistent(@Nullable ResponseCode code, String text) {
        if (code != null && code.name().equals("NONEXISTENT")) {
            return true;
        }
        return NO_SUCH_MAILBOX.matcher(text).find()
                && !PERHAPS_NO_SUCH_MAILBOX.matcher(text).find();
    }

    /** The text without the mailbox's name, which may contain any words. */
    public static String withoutName(String text, MailboxName mailbox) {
        var name = mailbox.wire();
        return name.isEmpty()
                ? text
                : text.replaceAll(
                        "(?<![\\p{Alnum}])" + Pattern.quote(name) + "(?![\\p{Alnum}])", "");
    }

    /** Whether the server does not know the command; then nothing was changed. */
    public static boolean isUnknownCommand(@Nullable ResponseCode code, String text) {
        return (code == null || !SPECIFIC_CODES.contains(code.name()))
                && UNKNOWN_COMMAND.matcher(text).find();
    }

    /**
     * Whether the server does not serve the connection although it accepted the login (Outlook).
     */
    public static boolean isDeadLogin(String text) {
        return text.toLowerCase(Locale.ROOT).contains("authenticated but not connected");
    }

    /** The exception for a NO or BAD to a login. */
    public static ImapException login(@Nullable ResponseCode code, String text) {
        var name = code == null ? "" : code.name();
        if (name.equals("LIMIT")) {
            return tooMany(code, text);
        }
        // "password is incorrect, or the system is busy" (QQ) counts as refused credentials.
        boolean ofCredentials = CREDENTIALS.matcher(text).find();
        if (!(ofCredentials && (name.isEmpty() || name.equals("ALERT")))) {
            var exception = toException(code, text);
            if (!(exception instanceof ImapException.NotPossible
                    || exception instanceof ImapException.MailboxNotFound)) {
                return exception;
            }
        } else if (TOO_MANY.matcher(text).find()) {
            return tooMany(code, text);
        }
        return CLOSED_TO_IMAP.matcher(text).find()
                ? new ImapException.PermissionDenied(code)
                : new ImapException.AuthenticationFailed(code);
    }

    public static ImapException greeting(@Nullable ResponseCode code, String text) {
        return TOO_MANY.matcher(text).find()
                ? tooMany(code, text)
                : new ImapException.ServerUnavailable(LATER, code);
    }

    /** The exception for a server that says in another way that it is unavailable. */
    public static ImapException away(@Nullable ResponseCode code) {
        return new ImapException.ServerUnavailable(LATER, code);
    }

    public static ImapException bad(String verb, @Nullable ResponseCode code, String text) {
        var temporary = temporary(code, text);
        if (temporary != null) {
            return temporary;
        }
        var exception = code == null ? null : toException(code, "");
        return exception == null || exception instanceof ImapException.NotPossible
                ? new ImapException.ProtocolError(
                        "the mail server does not understand " + verb, code, null)
                : exception;
    }

    private static ImapException byText(@Nullable ResponseCode code, String text) {
        if (CHANGED_MEANWHILE.matcher(text).find()) {
            return new ImapException.MailboxInUse(code);
        }
        if (OVER_QUOTA.matcher(text).find()) {
            return new ImapException.OverQuota(code);
        }
        if (NO_SUCH_MAILBOX.matcher(text).find()) {
            return new ImapException.MailboxNotFound(code);
        }
        if (EXISTS.matcher(text).find()) {
            return new ImapException.MailboxExists(code);
        }
        if (HAS_CHILDREN.matcher(text).find()) {
            return new ImapException.MailboxHasChildren(code);
        }
        if (NOT_PERMITTED.matcher(text).find() || CLOSED_TO_IMAP.matcher(text).find()) {
            return new ImapException.PermissionDenied(code);
        }
        return new ImapException.NotPossible("the mail server refused this", code);
    }
}
