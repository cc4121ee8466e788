package postern.smtp;

import java.io.IOException;
import java.io.InputStream;

/** The octets of a message that is to be sent. */
public interface OutgoingMessage {

    /**
     * A field of the gateway's own in stored messages: which request stored it. It is not sent, as
     * Bcc is not.
     */
    String REQUEST_FIELD = "Postern-Request";

    InputStream open() throws IOException;

    /** Its size in octets, for SIZE (RFC 1870). */
    long length();

    /** Whether any octet is not ASCII, so that it needs 8BITMIME (RFC 6152). */
    boolean eightBit();

    /** Whether the header has such octets, so that it needs SMTPUTF8 (RFC 6531). */
    boolean eightBitHeader();
}
