package postern.web.problem;

import java.io.EOFException;
import org.springframework.web.multipart.MultipartException;
import org.springframework.web.util.DisconnectedClientHelper;
import postern.imap.ImapException;

/** Tells failures that a client causes by closing its connection. Nothing is logged for them. */
public final class DisconnectedClient {

    private DisconnectedClient() {}

    /**
     * Spring's helper takes a mail server that hangs up, and a form that ends early, for a client
     * that has left. It compares class names and misses the subclass of EOFException that Jetty
     * throws when a body ends before its length.
     */
    public static boolean caused(Throwable failure) {
        return !(failure instanceof ImapException || failure instanceof MultipartException)
                && (failure instanceof EOFException
                        || DisconnectedClientHelper.isClientDisconnectedException(failure));
    }
}
