package postern.web.connector;

import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http2.BufferingFlowControlStrategy;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.util.Callback;

/**
 * Ends a connection on which too many frames of bodies wait to be read. The windows bound their
 * octets, but a frame of one octet takes hundreds in memory.
 */
final class UnreadFrames extends BufferingFlowControlStrategy {

    static final int MOST = 8_192;

    private static final float UPDATED_AT = 0.5f;

    private final AtomicInteger unread = new AtomicInteger();

    UnreadFrames() {
        super(UPDATED_AT);
    }

    @Override
    public void onDataReceived(Session session, Stream stream, int length) {
        super.onDataReceived(session, stream, length);
        if (unread.incrementAndGet() > MOST) {
            session.close(
                    ErrorCode.ENHANCE_YOUR_CALM_ERROR.code, "too_many_small_frames", Callback.NOOP);
        }
    }

    @Override
    public void onDataConsumed(Session session, Stream stream, int length) {
        unread.decrementAndGet();
        super.onDataConsumed(session, stream, length);
    }
}
