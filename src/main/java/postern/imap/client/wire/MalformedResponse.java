package postern.imap.client.wire;

/**
 * The server's response violates the grammar (RFC 9051 §9). The message says what was expected,
 * never what was received.
 */
public final class MalformedResponse extends RuntimeException {

    public MalformedResponse(String message) {
        super(message, null, false, false);
    }
}
