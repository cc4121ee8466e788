package postern.imap.angus;

/**
 * What the server sent does not follow the grammar (RFC 9051 §9). The message names the place,
 * never the content.
 */
final class Unparsable extends RuntimeException {

    Unparsable(String message) {
        super(message, null, false, false);
    }
}
