package postern.web;

import jakarta.servlet.ServletRequest;
import java.io.IOException;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.HttpChannel;

/** The connection that a request came on. */
public final class ClientConnection {

    private ClientConnection() {}

    /**
     * Ends the exchange with a client that has stopped reading, so that a write that is blocked
     * fails. HTTP/2 has other requests on the same connection: there the stream alone ends, unless
     * the client reads nothing of the whole connection, which is closed after its idle timeout.
     * Returns at once.
     */
    public static void cut(ServletRequest request) {
        var exchange = ServletContextRequest.getServletContextRequest(request);
        var connection = exchange.getConnectionMetaData();
        if (connection.getHttpVersion().getVersion() <= HttpVersion.HTTP_1_1.getVersion()) {
            connection.getConnection().getEndPoint().close();
            return;
        }
        var failure =
                HttpChannel.from(exchange).onFailure(new IOException("the client stopped reading"));
        if (failure != null) {
            // it ends what waits for the write
            connection.getConnector().getExecutor().execute(failure);
        }
    }
}
