package postern.web.connector;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StalledWritesTest {

    /** More than the sockets hold. */
    private static final int ANSWER = 64 << 20;

    private static final int WINDOW = 1 << 30;

    private final Server server = new Server();
    private final ServerConnector connector = connector();

    @BeforeEach
    void start() throws Exception {
        server.addConnector(connector);
        server.setHandler(
                new Handler.Abstract() {
                    @Override
                    public boolean handle(Request request, Response response, Callback callback) {
                        response.write(true, ByteBuffer.allocate(ANSWER), callback);
                        return true;
                    }
                });
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    /** It is never idle for Jetty. */
    @Test
    void aClientThatSendsAndNeverReadsIsCut() throws Exception {
        try (var client = new RawHttp2(connector.getLocalPort())) {
            client.send(RawHttp2.windowUpdate(WINDOW));
            client.send(RawHttp2.get(1));

            assertThatThrownBy(() -> sendOn(client)).isInstanceOf(IOException.class);
        }
    }

    /** Until the connection is closed. */
    private static void sendOn(RawHttp2 client) throws IOException {
        while (true) {
            client.send(RawHttp2.windowUpdate(1));
        }
    }

    private ServerConnector connector() {
        var configuration = new HttpConfiguration();
        var http2 = new HTTP2CServerConnectionFactory(configuration);
        http2.addEventListener(new StalledWrites());
        var made = new ServerConnector(server, new HttpConnectionFactory(configuration), http2);
        made.setIdleTimeout(1_000);
        return made;
    }
}
