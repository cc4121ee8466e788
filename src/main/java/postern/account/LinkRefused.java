package postern.account;

/** A link is invalid or no longer valid; the message is safe to show. */
public final class LinkRefused extends RuntimeException {

    /** Why. */
    public enum Reason {
        /** Not a link, damaged, or sealed with a key that is no longer in use. */
        UNREADABLE("there is no such link"),
        EXPIRED("the link has expired"),
        REVOKED("the session that the link was made in has been ended"),
        /** The operator has removed the mail server, or no longer allows its preset. */
        SERVER_NOT_ALLOWED("the gateway no longer connects to the mail server of this link");

        private final String words;

        Reason(String words) {
            this.words = words;
        }
    }

    private final Reason reason;

    public LinkRefused(Reason reason) {
        super(reason.words);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
