package postern.imap.angus;

import org.jspecify.annotations.Nullable;

import postern.imap.ImapException;
import postern.imap.ResponseCode;

import java.time.Duration;
import java.util.regex.Pattern;

/** What a server's NO, BAD or BYE means to the caller (RFC 9051 §7.1). */
final class Refusals {

    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Duration LATER = Duration.ofSeconds(30);

    // Servers from before RFC 5530, and some since, say it in words only.
    private static final Pattern TOO_MANY =
            Pattern.compile(
                    "too many|maximum number of connections|connection limit|simultaneous|bandwidth"
                        + " limit|rate limit|throttl",
                    Pattern.CASE_INSENSITIVE);
    private static final Pattern NO_SUCH_MAILBOX =
            Pattern.compile(
                    "(mailbox|folder)\\b.*\\b(does ?n[o']t exist|not found|unknown)|no such"
                        + " (mailbox|folder)|unknown (mailbox|folder)|(does ?n[o']t|not)"
                        + " exist|unable to open this mailbox",
                    Pattern.CASE_INSENSITIVE);
    private static final Pattern MAILBOX =
            Pattern.compile("\\b(mailbox|folder)\\b", Pattern.CASE_INSENSITIVE);
    private static final Pattern OVER_QUOTA =
            Pattern.compile("over ?quota|quota exceeded", Pattern.CASE_INSENSITIVE);

    private static final Pattern EXISTS =
            Pattern.compile("already exists|mailbox exists", Pattern.CASE_INSENSITIVE);
    private static final Pattern HAS_CHILDREN =
            Pattern.compile(
                    "inferior|has (children|sub-?(folders|mailboxes))", Pattern.CASE_INSENSITIVE);
    private static final Pattern NOT_PERMITTED =
            Pattern.compile(
                    "permission denied|access denied|not permitted|insufficient"
                        + " (rights|permission)",
                    Pattern.CASE_INSENSITIVE);

    private Refusals() {}

    static ImapException toException(@Nullable ResponseCode code, String text) {
        var name = code == null ? "" : code.name();
        return switch (name) {
            case "AUTHENTICATIONFAILED", "EXPIRED" -> new ImapException.AuthenticationFailed(code);
            case "NOPERM", "AUTHORIZATIONFAILED", "CONTACTADMIN", "PRIVACYREQUIRED" ->
                    new ImapException.PermissionDenied(code);
            case "NONEXISTENT", "TRYCREATE" -> new ImapException.MailboxNotFound(code);
            case "ALREADYEXISTS" -> new ImapException.MailboxExists(code);
            case "HASCHILDREN" -> new ImapException.MailboxHasChildren(code);
            // RFC 5530: others have removed messages that this connection does not know to be gone
            case "INUSE", "EXPUNGEISSUED" -> new ImapException.MailboxInUse(code);
            case "TOOBIG", "APPENDLIMIT" -> new ImapException.MessageTooBig(code);
            case "OVERQUOTA" -> new ImapException.OverQuota(code);
            case "UNKNOWN-CTE" -> new ImapException.UnknownEncoding(code);
            case "LIMIT" -> new ImapException.ConnectionLimit(SOON, code);
            case "UNAVAILABLE" ->
                    TOO_MANY.matcher(text).find()
                            ? new ImapException.ConnectionLimit(SOON, code)
                            : new ImapException.ServerUnavailable(LATER, code);
            case "SERVERBUG", "CLIENTBUG", "CORRUPTION" ->
                    new ImapException.ProtocolError("the mail server reports a fault", code, null);
            case "BADCHARSET" ->
                    new ImapException.NotPossible(
                            "the mail server has no charset to search for this text in", code);
            default -> byText(code, text);
        };
    }

    static boolean ofMailbox(@Nullable ResponseCode code, String text) {
        return code != null || MAILBOX.matcher(text).find();
    }

    static ImapException login(@Nullable ResponseCode code, String text) {
        if (code != null) {
            var exception = toException(code, text);
            if (!(exception instanceof ImapException.NotPossible)) {
                return exception;
            }
        }
        return TOO_MANY.matcher(text).find()
                ? new ImapException.ConnectionLimit(SOON, code)
                : new ImapException.AuthenticationFailed(code);
    }

    static ImapException greeting(@Nullable ResponseCode code, String text) {
        return TOO_MANY.matcher(text).find()
                ? new ImapException.ConnectionLimit(SOON, code)
                : new ImapException.ServerUnavailable(LATER, code);
    }

    static ImapException bad(String verb, @Nullable ResponseCode code, String text) {
        return TOO_MANY.matcher(text).find()
                ? new ImapException.ConnectionLimit(SOON, code)
                : new ImapException.ProtocolError(
                        "the mail server does not understand " + verb, code, null);
    }

    private static ImapException byText(@Nullable ResponseCode code, String text) {
        if (TOO_MANY.matcher(text).find()) {
            return new ImapException.ConnectionLimit(SOON, code);
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
        if (NOT_PERMITTED.matcher(text).find()) {
            return new ImapException.PermissionDenied(code);
        }
        return new ImapException.NotPossible("the mail server refused this", code);
    }
}
