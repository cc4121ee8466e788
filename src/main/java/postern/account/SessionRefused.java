package postern.account;

/** A session token is not good, or no longer; the message is safe to show. */
public final class SessionRefused extends RuntimeException {

    /** Why. */
    public enum Reason {
        /** Not a token, damaged, or sealed with a key that is not ours any more. */
        UNREADABLE("the session token cannot be opened"),
        EXPIRED("the session has expired"),
        REVOKED("the session has been ended");

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
