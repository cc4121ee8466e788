package postern.web.problem;

import java.io.EOFException;
import org.springframework.web.multipart.MultipartException;
import org.springframework.web.util.DisconnectedClientHelper;
import postern.imap.ImapException;

/** Recognises failures caused by a client that closed its connection; they are not logged. */
public final class DisconnectedClient {

    private DisconnectedClient() {}

    /**
     * Corrects Spring's helper. That also reports a mail server that closes its connection and a
     * truncated form as a disconnected client; and since it compares class names, it misses the
     * subclass of EOFException that Jetty throws when a body is shorter than its Content-Length.
     */
    public static boolean caused(Throwable failure) {
        return !(failure instanceof ImapException || failure instanceof MultipartException)
                && (failure instanceof EOFException
                        || DisconnectedClientHelper.isClientDisconnectedException(failure));
    }
}
