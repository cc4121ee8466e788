package postern.web.problem;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import postern.imap.ImapException;

/// A kind of problem.
public enum ProblemCode {
    INVALID_REQUEST(HttpStatus.BAD_REQUEST, "The request is not valid"),
    INVALID_CURSOR(HttpStatus.BAD_REQUEST, "The cursor is not valid for this list"),
    AUTHENTICATION_REQUIRED(HttpStatus.UNAUTHORIZED, "Credentials are needed"),
    AUTHENTICATION_FAILED(HttpStatus.UNAUTHORIZED, "The credentials are not accepted"),
    ACCESS_TOKEN_REFUSED(HttpStatus.UNAUTHORIZED, "The access token is not accepted"),
    SIGN_IN_ENDED(HttpStatus.UNAUTHORIZED, "The sign-in at the provider has ended"),
    SESSION_EXPIRED(HttpStatus.UNAUTHORIZED, "The session has expired"),
    SESSION_REVOKED(HttpStatus.UNAUTHORIZED, "The session has been ended"),
    PERMISSION_DENIED(HttpStatus.FORBIDDEN, "Not permitted"),
    SCOPE_MISSING(HttpStatus.FORBIDDEN, "The token is not for this"),
    MAILBOX_OUT_OF_SCOPE(HttpStatus.FORBIDDEN, "The token is not for this mailbox"),
    FOREIGN_PAGE(HttpStatus.FORBIDDEN, "Not for pages of other sites"),
    APP_NOT_ALLOWED(HttpStatus.FORBIDDEN, "The calling app is not allowed"),
    SERVER_NOT_ALLOWED(HttpStatus.FORBIDDEN, "This mail server is not allowed"),
    SENDING_NOT_PERMITTED(HttpStatus.FORBIDDEN, "Sending this is not permitted"),
    SUBMISSION_LOGIN_REFUSED(
            HttpStatus.FORBIDDEN, "The submission server does not accept the credential"),
    NOT_FOUND(HttpStatus.NOT_FOUND, "No such resource"),
    SERVER_NOT_FOUND(HttpStatus.NOT_FOUND, "No mail server was found"),
    MAILBOX_NOT_FOUND(HttpStatus.NOT_FOUND, "No such mailbox"),
    MESSAGE_NOT_FOUND(HttpStatus.NOT_FOUND, "No such message"),
    THREAD_NOT_FOUND(HttpStatus.NOT_FOUND, "No such thread"),
    PART_NOT_FOUND(HttpStatus.NOT_FOUND, "No such part"),
    METHOD_NOT_ALLOWED(HttpStatus.METHOD_NOT_ALLOWED, "The resource does not take this method"),
    NOT_ACCEPTABLE(HttpStatus.NOT_ACCEPTABLE, "Not available in an acceptable media type"),
    REQUEST_TOO_SLOW(HttpStatus.REQUEST_TIMEOUT, "The request came too slowly", true),
    MAILBOX_EXISTS(HttpStatus.CONFLICT, "The mailbox exists already"),
    MAILBOX_HAS_CHILDREN(HttpStatus.CONFLICT, "The mailbox has mailboxes below it"),
    MAILBOX_NOT_EMPTY(HttpStatus.CONFLICT, "There are messages in the mailbox"),
    TOO_MANY_SUBSCRIPTIONS(HttpStatus.CONFLICT, "The account has too many subscriptions"),
    MAILBOX_IN_USE(HttpStatus.CONFLICT, "The mailbox is in use", true),
    ALREADY_SENT(HttpStatus.CONFLICT, "It has been sent"),
    SUBMISSION_UNKNOWN(HttpStatus.CONFLICT, "The draft may have been sent"),
    REQUEST_IN_PROGRESS(HttpStatus.CONFLICT, "The same request is still running", true),
    MAILBOX_RESET(HttpStatus.GONE, "The mailbox has been renumbered"),
    STATE_EXPIRED(HttpStatus.GONE, "The state is too old"),
    LINK_EXPIRED(HttpStatus.GONE, "The link has expired"),
    MESSAGE_MODIFIED(HttpStatus.PRECONDITION_FAILED, "The message has been changed meanwhile"),
    PRECONDITION_FAILED(
            HttpStatus.PRECONDITION_FAILED, "The condition of the request does not hold"),
    MESSAGE_TOO_BIG(HttpStatus.CONTENT_TOO_LARGE, "The message is too big"),
    REQUEST_TOO_BIG(HttpStatus.CONTENT_TOO_LARGE, "The request is too big"),
    URI_TOO_LONG(HttpStatus.URI_TOO_LONG, "The request's URL is too long"),
    HEADERS_TOO_BIG(
            HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "The request's headers are too big"),
    UNSUPPORTED_MEDIA_TYPE(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "The body's media type is not taken"),
    RANGE_NOT_SATISFIABLE(HttpStatus.REQUESTED_RANGE_NOT_SATISFIABLE, "No octets in that range"),
    NOT_POSSIBLE(HttpStatus.UNPROCESSABLE_CONTENT, "The mail server cannot do this"),
    MESSAGE_NOT_SENDABLE(HttpStatus.UNPROCESSABLE_CONTENT, "The message cannot be sent as it is"),
    RECIPIENTS_REFUSED(HttpStatus.UNPROCESSABLE_CONTENT, "The recipients are refused"),
    MESSAGE_REFUSED(HttpStatus.UNPROCESSABLE_CONTENT, "The message is refused"),
    WEBHOOK_REFUSED(HttpStatus.UNPROCESSABLE_CONTENT, "The webhook does not take the delivery"),
    IDEMPOTENCY_KEY_REUSED(
            HttpStatus.UNPROCESSABLE_CONTENT, "The idempotency key belongs to another request"),
    CONNECTION_LIMIT(HttpStatus.TOO_MANY_REQUESTS, "All connections are busy", true),
    TOO_MANY_REQUESTS(HttpStatus.TOO_MANY_REQUESTS, "Too many requests", true),
    TOO_MANY_LOGINS(HttpStatus.TOO_MANY_REQUESTS, "Too many failed logins", true),
    SENDING_LIMIT(HttpStatus.TOO_MANY_REQUESTS, "Too much is sent", true),
    OVER_QUOTA(HttpStatus.INSUFFICIENT_STORAGE, "The account's storage is full"),
    INTERNAL_ERROR(HttpStatus.INTERNAL_SERVER_ERROR, "The gateway has failed"),
    SERVER_UNREACHABLE(HttpStatus.BAD_GATEWAY, "The mail server cannot be reached", true),
    CERTIFICATE_NOT_TRUSTED(
            HttpStatus.BAD_GATEWAY, "The certificate of the mail server is not trusted"),
    PROTOCOL_ERROR(HttpStatus.BAD_GATEWAY, "The mail server gave no proper answer"),
    OUTCOME_UNKNOWN(HttpStatus.BAD_GATEWAY, "Nobody knows whether it was done"),
    UNSUBSCRIBE_FAILED(HttpStatus.BAD_GATEWAY, "The mailing list could not be left", true),
    SERVER_UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE, "The mail server is not available", true),
    SIGN_IN_UNAVAILABLE(
            HttpStatus.SERVICE_UNAVAILABLE, "The authorization server is not available", true),
    STORE_UNAVAILABLE(
            HttpStatus.SERVICE_UNAVAILABLE, "What the replicas share cannot be reached", true),
    UPLOADS_FULL(HttpStatus.SERVICE_UNAVAILABLE, "There is no room for more uploads now", true),
    KEYS_FULL(
            HttpStatus.SERVICE_UNAVAILABLE, "There is no room for more idempotency keys now", true),
    LISTENERS_FULL(HttpStatus.SERVICE_UNAVAILABLE, "There is no room for more listeners now", true),
    SUBSCRIPTIONS_FULL(
            HttpStatus.SERVICE_UNAVAILABLE, "There is no room for more subscriptions now", true),
    SERVER_TIMED_OUT(HttpStatus.GATEWAY_TIMEOUT, "The mail server took too long", true);

    private final HttpStatus status;
    private final String title;
    private final boolean retryable;

    ProblemCode(HttpStatus status, String title) {
        this(status, title, false);
    }

    ProblemCode(HttpStatus status, String title, boolean retryable) {
        this.status = status;
        this.title = title;
        this.retryable = retryable;
    }

    public HttpStatus status() {
        return status;
    }

    public String title() {
        return title;
    }

    public boolean retryable() {
        return retryable;
    }

    /** The code in JSON and in the problem's type, such as {@code mailbox-not-found}. */
    @Override
    @JsonValue
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The code for a refusal by Spring or the servlet container. */
    public static ProblemCode of(HttpStatusCode status) {
        return switch (status.value()) {
            case 401 -> AUTHENTICATION_REQUIRED;
            case 404 -> NOT_FOUND;
            case 405 -> METHOD_NOT_ALLOWED;
            case 406 -> NOT_ACCEPTABLE;
            case 408 -> REQUEST_TOO_SLOW;
            case 413 -> REQUEST_TOO_BIG;
            case 414 -> URI_TOO_LONG;
            case 415 -> UNSUPPORTED_MEDIA_TYPE;
            case 416 -> RANGE_NOT_SATISFIABLE;
            case 431 -> HEADERS_TOO_BIG;
            // an unknown transfer coding, or another version of HTTP
            case 501, 505 -> INVALID_REQUEST;
            default -> status.is4xxClientError() ? INVALID_REQUEST : INTERNAL_ERROR;
        };
    }

    /**
     * The code for a failure of a request that has already changed something, so that a retryable
     * one becomes OUTCOME_UNKNOWN.
     */
    public static ProblemCode halfway(ImapException failure) {
        var code = of(failure);
        return code.retryable() ? OUTCOME_UNKNOWN : code;
    }

    public static ProblemCode of(ImapException failure) {
        return switch (failure) {
            case ImapException.AuthenticationFailed _ -> AUTHENTICATION_FAILED;
            case ImapException.AccessTokenRefused _ -> ACCESS_TOKEN_REFUSED;
            case ImapException.SignInEnded _ -> SIGN_IN_ENDED;
            case ImapException.SignInUnavailable _ -> SIGN_IN_UNAVAILABLE;
            case ImapException.PermissionDenied _ -> PERMISSION_DENIED;
            case ImapException.OutOfScope _ -> MAILBOX_OUT_OF_SCOPE;
            case ImapException.MailboxNotFound _ -> MAILBOX_NOT_FOUND;
            case ImapException.MailboxExists _ -> MAILBOX_EXISTS;
            case ImapException.MailboxHasChildren _ -> MAILBOX_HAS_CHILDREN;
            case ImapException.MailboxInUse _ -> MAILBOX_IN_USE;
            case ImapException.MailboxReset _ -> MAILBOX_RESET;
            case ImapException.MessageNotFound _ -> MESSAGE_NOT_FOUND;
            case ImapException.PartNotFound _ -> PART_NOT_FOUND;
            case ImapException.MessageModified _ -> MESSAGE_MODIFIED;
            case ImapException.MessageTooBig _ -> MESSAGE_TOO_BIG;
            case ImapException.NotPossible _, ImapException.UnknownEncoding _ -> NOT_POSSIBLE;
            case ImapException.ConnectionLimit _ -> CONNECTION_LIMIT;
            case ImapException.OverQuota _ -> OVER_QUOTA;
            case ImapException.ServerUnreachable _, ImapException.ConnectionLost _ ->
                    SERVER_UNREACHABLE;
            case ImapException.CertificateNotTrusted _ -> CERTIFICATE_NOT_TRUSTED;
            case ImapException.TooManyLogins _ -> TOO_MANY_LOGINS;
            case ImapException.ProtocolError _ -> PROTOCOL_ERROR;
            case ImapException.OutcomeUnknown _ -> OUTCOME_UNKNOWN;
            case ImapException.ServerUnavailable _ -> SERVER_UNAVAILABLE;
            case ImapException.ServerTimedOut _ -> SERVER_TIMED_OUT;
        };
    }
}
