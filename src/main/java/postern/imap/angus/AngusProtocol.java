package postern.imap.angus;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import java.util.Set;
import org.eclipse.angus.mail.iap.ByteArray;
import org.eclipse.angus.mail.iap.ProtocolException;
import org.eclipse.angus.mail.iap.ResponseInputStream;
import org.eclipse.angus.mail.imap.protocol.IMAPProtocol;
import org.eclipse.angus.mail.util.MailLogger;
import org.jspecify.annotations.Nullable;
import postern.account.ImapServer;
import postern.account.Security;
import postern.imap.Capabilities;

/**
 * Angus' part of a connection: greeting, TLS, capabilities, login. It reads through our {@link
 * Wire}, which then goes on alone.
 */
final class AngusProtocol extends IMAPProtocol {

    private static final MailLogger SILENT =
            new MailLogger(AngusProtocol.class, "imap", false, System.err);

    private final TrackedSockets sockets;
    private final int maxResponse;
    private @Nullable Wire wire;
    private @Nullable ResponseInputStream framed;

    AngusProtocol(ImapServer server, Properties properties, TrackedSockets sockets, int maxResponse)
            throws IOException, ProtocolException {
        // The superclass reads the greeting in its constructor, by way of getInputStream().
        this.sockets = sockets;
        this.maxResponse = maxResponse;
        super(
                prefix(server),
                server.host(),
                server.port(),
                properties,
                server.security() == Security.TLS,
                SILENT);
    }

    static String prefix(ImapServer server) {
        return server.security() == Security.TLS ? "imaps" : "imap";
    }

    Wire wire() {
        var made = wire;
        if (made == null) {
            made = new Wire(sockets::current, maxResponse);
            wire = made;
        }
        return made;
    }

    Capabilities capabilities() {
        return new Capabilities(Set.copyOf(getCapabilities().keySet()));
    }

    @Override
    protected ResponseInputStream getInputStream() {
        var made = framed;
        if (made == null) {
            made = new Framed(wire());
            framed = made;
        }
        return made;
    }

    /** Hands our responses to Angus. */
    private static final class Framed extends ResponseInputStream {

        private final Wire wire;

        Framed(Wire wire) {
            super(InputStream.nullInputStream());
            this.wire = wire;
        }

        @Override
        public ByteArray readResponse(@Nullable ByteArray ignored) throws IOException {
            var octets = wire.read().octets();
            // Angus cuts off the line end, which ours come without.
            var withLineEnd = new byte[octets.length + 2];
            System.arraycopy(octets, 0, withLineEnd, 0, octets.length);
            withLineEnd[octets.length] = '\r';
            withLineEnd[octets.length + 1] = '\n';
            return new ByteArray(withLineEnd, 0, withLineEnd.length);
        }

        @Override
        public int available() throws IOException {
            return wire.readable() ? 1 : 0;
        }
    }
}
