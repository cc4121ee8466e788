package postern.web.connector;

import static org.assertj.core.api.Assertions.assertThat;

import org.eclipse.jetty.http2.ErrorCode;
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
class UnreadFramesTest {

    private static final int CALM = ErrorCode.ENHANCE_YOUR_CALM_ERROR.code;

    /** Below what Jetty itself ends a connection for. */
    private static final int RESETS = 60;

    private final Server server = new Server();
    private final ServerConnector connector = connector();

    /** Reads no bodies, and answers nothing. */
    @BeforeEach
    void start() throws Exception {
        server.addConnector(connector);
        server.setHandler(
                new Handler.Abstract() {
                    @Override
                    public boolean handle(Request request, Response response, Callback callback) {
                        return true;
                    }
                });
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    @Test
    void aConnectionOnWhichManySmallFramesWaitIsEnded() throws Exception {
        try (var client = new RawHttp2(connector.getLocalPort())) {
            client.send(RawHttp2.post(1));
            client.send(RawHttp2.times(UnreadFrames.MOST + 1, RawHttp2.data(1, 1)));

            assertThat(client.await(RawHttp2.GOAWAY).error()).isEqualTo(CALM);
        }
    }

    @Test
    void framesOfStreamsThatAreOverDoNotCount() throws Exception {
        try (var client = new RawHttp2(connector.getLocalPort())) {
            int stream = 1;
            for (int i = 0; i < RESETS; i++, stream += 2) {
                client.send(RawHttp2.post(stream));
                client.send(RawHttp2.times(UnreadFrames.MOST / 20, RawHttp2.data(stream, 1)));
                client.send(RawHttp2.cancel(stream));
            }

            assertThatItIsOpen(client);
        }
    }

    @Test
    void streamsThatWereCancelledLeaveTheLimitAsItIs() throws Exception {
        try (var client = new RawHttp2(connector.getLocalPort())) {
            int stream = 1;
            for (int i = 0; i < RESETS; i++, stream += 2) {
                client.send(RawHttp2.get(stream));
                client.send(RawHttp2.cancel(stream));
            }
            client.send(RawHttp2.post(stream));
            client.send(RawHttp2.times(UnreadFrames.MOST + 1, RawHttp2.data(stream, 1)));

            assertThat(client.await(RawHttp2.GOAWAY).error()).isEqualTo(CALM);
        }
    }

    /** As a proxy sends the bodies of many clients. */
    @Test
    void largerFramesAreBoundedByTheWindowsAlone() throws Exception {
        try (var client = new RawHttp2(connector.getLocalPort())) {
            client.send(RawHttp2.post(1));
            client.send(
                    RawHttp2.times(UnreadFrames.MOST + 1, RawHttp2.data(1, UnreadFrames.SMALL)));

            assertThatItIsOpen(client);
        }
    }

    private static void assertThatItIsOpen(RawHttp2 client) throws Exception {
        var ping = new byte[] {1, 2, 3, 4, 5, 6, 7, 8};
        client.send(RawHttp2.frame(RawHttp2.PING, 0, 0, ping));
        assertThat(client.await(RawHttp2.PING).payload()).isEqualTo(ping);
    }

    private ServerConnector connector() {
        var configuration = new HttpConfiguration();
        var http2 = new HTTP2CServerConnectionFactory(configuration);
        http2.setInitialStreamRecvWindow(1 << 24);
        http2.setInitialSessionRecvWindow(1 << 24);
        http2.setFlowControlStrategyFactory(UnreadFrames::new);
        return new ServerConnector(server, new HttpConnectionFactory(configuration), http2);
    }
}
