package postern.web.connector;

import static org.assertj.core.api.Assertions.assertThat;

import org.eclipse.jetty.http.HttpFields;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class UnreadFramesTest {

    @Test
    void aConnectionOnWhichManySmallFramesWaitIsEnded() throws Exception {
        try (var client = new Http2Client(start(), 1 << 16)) {
            var upload = client.begin("POST", "/", HttpFields.EMPTY, false);
            for (int i = 0; i <= UnreadFrames.MOST + 100; i++) {
                upload.send(new byte[1], false);
            }

            assertThat(client.goAway().getError())
                    .isEqualTo(ErrorCode.ENHANCE_YOUR_CALM_ERROR.code);
        }
    }

    /** A server that reads no bodies. */
    private static int start() throws Exception {
        var server = new Server();
        var configuration = new HttpConfiguration();
        var http2 = new HTTP2CServerConnectionFactory(configuration);
        http2.setFlowControlStrategyFactory(UnreadFrames::new);
        var connector =
                new ServerConnector(server, new HttpConnectionFactory(configuration), http2);
        server.addConnector(connector);
        server.setHandler(
                new Handler.Abstract() {
                    @Override
                    public boolean handle(Request request, Response response, Callback callback) {
                        return true;
                    }
                });
        server.start();
        return connector.getLocalPort();
    }
}
