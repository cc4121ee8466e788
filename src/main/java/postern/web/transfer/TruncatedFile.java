package postern.web.transfer;

/**
 * A file ended before its end because the mail server failed, and the response must not end as if
 * it were whole. It has no cause: Spring takes a lost connection for a client that left, and would
 * let the response end in good order.
 */
public final class TruncatedFile extends RuntimeException {

    public TruncatedFile() {
        super("the mail server failed in the middle of a file", null, false, false);
    }
}
