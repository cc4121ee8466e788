package postern.imap;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import postern.account.Account;

/**
 * Why a mail server did not do what was asked, classified by what the caller can do about it. The
 * message is the gateway's own text and safe to show and to log; it never contains the server's
 * text.
 */
public abstract sealed class ImapException extends RuntimeException {

    private final @Nullable ResponseCode responseCode;

    private ImapException(
            String message, @Nullable ResponseCode responseCode, @Nullable Throwable cause) {
        super(message, cause);
        this.responseCode = responseCode;
    }

    /** The server's response code, where it sent one. */
    public @Nullable ResponseCode responseCode() {
        return responseCode;
    }

    /**
     * What happened in one word, as metrics have it, such as {@code dns} or {@code
     * mailbox-not-found}.
     */
    public String word() {
        var outage = outage();
        return outage != null
                ? outage.toString()
                : getClass()
                        .getSimpleName()
                        .replaceAll("(?<=[a-z])(?=[A-Z])", "-")
                        .toLowerCase(Locale.ROOT);
    }

    /** Why there is no connection, where that is the failure, and the caller may know it. */
    public @Nullable Outage outage() {
        return null;
    }

    /** The server rejects this user or credential. */
    public static final class AuthenticationFailed extends ImapException {

        private static final String TEXT =
                "the mail server does not accept this user name and credential";

        public AuthenticationFailed(@Nullable ResponseCode code) {
            super(TEXT, code, null);
        }

        /**
         * @param advice what the user of this provider must do before logging in, as a sentence
         */
        public AuthenticationFailed(@Nullable ResponseCode code, String advice) {
            super(TEXT + ". " + advice, code, null);
        }
    }

    /** The server rejects this access token; the user's session may get another one. */
    public static final class AccessTokenRefused extends ImapException {
        public AccessTokenRefused(String message, @Nullable ResponseCode code) {
            super(message, code, null);
        }
    }

    /**
     * The authorization server no longer gives access tokens for this grant, or the gateway has
     * lost it: the user has to sign in again.
     */
    public static final class SignInEnded extends ImapException {
        public SignInEnded() {
            super("the sign-in at the provider has ended", null, null);
        }
    }

    /** The authorization server gives no access token at the moment. */
    public static final class SignInUnavailable extends ImapException {
        private final Duration retryAfter;

        public SignInUnavailable(String message, Duration retryAfter, @Nullable Throwable cause) {
            super(message, null, cause);
            this.retryAfter = retryAfter;
        }

        public Duration retryAfter() {
            return retryAfter;
        }
    }

    /** The user may not do this. */
    public static final class PermissionDenied extends ImapException {
        public PermissionDenied(@Nullable ResponseCode code) {
            super("the mail server does not permit this", code, null);
        }
    }

    /** The token of the request reaches only other mailboxes; the mail server was not asked. */
    public static final class OutOfScope extends ImapException {
        public OutOfScope(String message) {
            super(message, null, null);
        }

        /**
         * Throws OutOfScope unless the token reaches this mailbox, and MailboxNotFound for one
         * whose name is not known.
         */
        public static void require(Account account, MailboxName mailbox) {
            if (!mailbox.located()) {
                throw new MailboxNotFound(null);
            }
            if (!account.limits().reaches(mailbox.wire())) {
                throw new OutOfScope("the token does not reach this mailbox");
            }
        }
    }

    /** There is no such mailbox, or it cannot be selected. */
    public static final class MailboxNotFound extends ImapException {
        public MailboxNotFound(@Nullable ResponseCode code) {
            super("there is no such mailbox", code, null);
        }
    }

    /** A mailbox of that name exists already. */
    public static final class MailboxExists extends ImapException {
        public MailboxExists(@Nullable ResponseCode code) {
            super("a mailbox of that name exists already", code, null);
        }
    }

    /** The mailbox has mailboxes below it. */
    public static final class MailboxHasChildren extends ImapException {
        public MailboxHasChildren(@Nullable ResponseCode code) {
            super("the mailbox has mailboxes below it", code, null);
        }
    }

    /** Another client uses the mailbox in a way that excludes this operation. */
    public static final class MailboxInUse extends ImapException {
        public MailboxInUse(@Nullable ResponseCode code) {
            super("the mailbox is in use", code, null);
        }
    }

    /** The UIDVALIDITY of the mailbox changed: ids, cursors and states from before are void. */
    public static final class MailboxReset extends ImapException {
        public MailboxReset() {
            super("the mail server has renumbered this mailbox; list it again", null, null);
        }
    }

    /** The message was expunged, or never existed. */
    public static final class MessageNotFound extends ImapException {
        public MessageNotFound() {
            super("there is no such message", null, null);
        }
    }

    /** The message has no such part. */
    public static final class PartNotFound extends ImapException {
        public PartNotFound() {
            super("the message has no such part", null, null);
        }
    }

    /**
     * The message was changed since the caller read it (RFC 7162 MODIFIED); its flags were not
     * stored.
     */
    public static final class MessageModified extends ImapException {
        public MessageModified(@Nullable ResponseCode code) {
            super("the message has been changed meanwhile; nothing was stored", code, null);
        }
    }

    /** The server does not accept a message of that size. */
    public static final class MessageTooBig extends ImapException {
        public MessageTooBig(@Nullable ResponseCode code) {
            super("the message is too big for the mail server", code, null);
        }
    }

    /** The server understood the command and cannot carry it out. */
    public static final class NotPossible extends ImapException {
        public NotPossible(String message, @Nullable ResponseCode code) {
            super(message, code, null);
        }
    }

    /**
     * The server cannot decode the transfer encoding of this part (RFC 9051 UNKNOWN-CTE); it can
     * send the part undecoded.
     */
    public static final class UnknownEncoding extends ImapException {
        public UnknownEncoding(@Nullable ResponseCode code) {
            super("the mail server cannot decode this part", code, null);
        }
    }

    /**
     * All connections that this account may have are in use, or the server refuses another one or
     * limits the request rate.
     */
    public static final class ConnectionLimit extends ImapException {
        private final Duration retryAfter;

        public ConnectionLimit(Duration retryAfter, @Nullable ResponseCode code) {
            this("all connections to the mail server are busy", retryAfter, code);
        }

        public ConnectionLimit(String message, Duration retryAfter, @Nullable ResponseCode code) {
            super(message, code, null);
            this.retryAfter = retryAfter;
        }

        public Duration retryAfter() {
            return retryAfter;
        }
    }

    /** The account's storage is full. */
    public static final class OverQuota extends ImapException {
        public OverQuota(@Nullable ResponseCode code) {
            super("the account's storage is full", code, null);
        }
    }

    /** No connection could be established: refused, unknown host, TLS failure. */
    public static final class ServerUnreachable extends ImapException {
        private final @Nullable Outage outage;

        public ServerUnreachable(String message, @Nullable Throwable cause) {
            this(Outage.of(cause), message, cause);
        }

        public ServerUnreachable(
                @Nullable Outage outage, String message, @Nullable Throwable cause) {
            super(message, null, cause);
            this.outage = outage;
        }

        /** Without the reason, so that a caller learns nothing of the network that it names. */
        public static ServerUnreachable withoutReason(String message, Throwable cause) {
            return new ServerUnreachable(null, message, cause);
        }

        @Override
        public @Nullable Outage outage() {
            return outage;
        }
    }

    /** The server's certificate is not valid for it, so that no credential was sent. */
    public static final class CertificateNotTrusted extends ImapException {
        public CertificateNotTrusted(String message, @Nullable Throwable cause) {
            super(message, null, cause);
        }

        @Override
        public Outage outage() {
            return Outage.of(getCause());
        }
    }

    /** Too many logins of the account have failed; the mail server was not asked. */
    public static final class TooManyLogins extends ImapException {
        private final Duration retryAfter;

        public TooManyLogins(Duration retryAfter) {
            super("too many logins of this account have failed", null, null);
            this.retryAfter = retryAfter;
        }

        public Duration retryAfter() {
            return retryAfter;
        }
    }

    /** The connection ended before the answer was complete. Nothing was changed. */
    public static final class ConnectionLost extends ImapException {
        private final boolean literalRefused;

        public ConnectionLost(String message, @Nullable Throwable cause) {
            this(message, cause, false);
        }

        private ConnectionLost(String message, @Nullable Throwable cause, boolean literalRefused) {
            super(message, null, cause);
            this.literalRefused = literalRefused;
        }

        /**
         * The server announced non-synchronizing literals (RFC 7888) but refused one and read its
         * octets as commands; the connection was closed.
         */
        public static ConnectionLost ofRefusedLiteral() {
            return new ConnectionLost(
                    "the mail server does not take literals as it says", null, true);
        }

        /** Whether to send the command again at once; it is sent without such a literal then. */
        public boolean literalRefused() {
            return literalRefused;
        }
    }

    /** The server's answer is not valid IMAP, or reports a fault (SERVERBUG, BAD). */
    public static final class ProtocolError extends ImapException {
        public ProtocolError(
                String message, @Nullable ResponseCode code, @Nullable Throwable cause) {
            super(message, code, cause);
        }
    }

    /** The server is temporarily unavailable. */
    public static final class ServerUnavailable extends ImapException {
        private final Duration retryAfter;

        public ServerUnavailable(Duration retryAfter, @Nullable ResponseCode code) {
            super("the mail server is not available at the moment", code, null);
            this.retryAfter = retryAfter;
        }

        public Duration retryAfter() {
            return retryAfter;
        }
    }

    /**
     * The connection ended or timed out after the server had received a command that changes
     * something and before it answered. The command may or may not have been carried out.
     */
    public static final class OutcomeUnknown extends ImapException {
        public OutcomeUnknown(@Nullable ImapException cause) {
            super(
                    "the connection ended before the mail server told whether it was done",
                    null,
                    cause);
        }
    }

    /** A deadline passed while waiting for the server. Nothing was changed. */
    public static final class ServerTimedOut extends ImapException {
        private final @Nullable Outage outage;

        public ServerTimedOut(String message, @Nullable Throwable cause) {
            this(null, message, cause);
        }

        /**
         * @param outage why there is no connection; null where there was one
         */
        public ServerTimedOut(@Nullable Outage outage, String message, @Nullable Throwable cause) {
            super(message, null, cause);
            this.outage = outage;
        }

        @Override
        public @Nullable Outage outage() {
            return outage;
        }
    }
}
