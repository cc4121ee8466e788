package postern.web.transfer;

/**
 * The mail server failed in the middle of a file, so the response must not end as if it were
 * complete. It has no cause: Spring would take a lost connection for a disconnected client and end
 * the response normally.
 */
public final class TruncatedFile extends RuntimeException {

    public TruncatedFile() {
        super("the mail server failed in the middle of a file", null, false, false);
    }
}
