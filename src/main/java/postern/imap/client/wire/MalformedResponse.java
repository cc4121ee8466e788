package postern.imap.client.wire;

/**
 * What the server sent does not follow the grammar (RFC 9051 §9). The message names the place,
 * never the content.
 */
public final class MalformedResponse extends RuntimeException {

    public MalformedResponse(String message) {
        super(message, null, false, false);
    }
}
