package postern.account;

/** A session token is invalid or no longer valid; the message is safe to show. */
public final class SessionRefused extends RuntimeException {

    /** Why. */
    public enum Reason {
        /** Not a token, damaged, or sealed with a key that is no longer in use. */
        UNREADABLE("the session token cannot be opened"),
        EXPIRED("the session has expired"),
        REVOKED("the session has been ended"),
        /** The operator has removed the mail server, or no longer allows its preset. */
        SERVER_NOT_ALLOWED("the gateway no longer connects to the mail server of this session");

        private final String words;

        Reason(String words) {
            this.words = words;
        }
    }

    private final Reason reason;

    SessionRefused(Reason reason) {
        super(reason.words);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
