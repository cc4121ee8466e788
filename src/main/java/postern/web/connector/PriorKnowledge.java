package postern.web.connector;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.server.ServerSessionListener;
import org.eclipse.jetty.http2.frames.PingFrame;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/2 in the clear only for clients that begin with it. {@code Upgrade: h2c} is ignored (RFC
 * 9113 §3.1): a proxy that passes it on no longer sees the requests that follow, and its rules for
 * paths would not hold.
 */
final class PriorKnowledge extends HTTP2CServerConnectionFactory {

    private final UnreadAnswers unread;

    PriorKnowledge(HttpConfiguration configuration, UnreadAnswers unread) {
        super(configuration);
        this.unread = unread;
    }

    @Override
    protected ServerSessionListener newSessionListener(Connector connector, EndPoint endPoint) {
        return new HTTPServerSessionListener(endPoint) {

            @Override
            public void onPing(Session session, PingFrame frame) {
                unread.onPing(session, frame);
            }
        };
    }

    @Override
    public @Nullable Connection upgradeConnection(
            Connector connector,
            EndPoint endPoint,
            MetaData.Request request,
            HttpFields.Mutable answer) {
        return HttpMethod.PRI.is(request.getMethod())
                ? super.upgradeConnection(connector, endPoint, request, answer)
                : null;
    }
}
