package postern.web.connector;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http2.BufferingFlowControlStrategy;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Ends a connection on which too many small frames of bodies wait to be read. The windows bound
 * their octets, but a frame of one octet takes hundreds in memory.
 */
final class UnreadFrames extends BufferingFlowControlStrategy {

    static final int MOST = 8_192;

    /** In octets. Larger frames take less besides than the window counts for them. */
    static final int SMALL = 256;

    private static final float UPDATED_AT = 0.5f;

    private final AtomicInteger unread = new AtomicInteger();

    /** How many of them each stream has; Jetty drains those of a stream that ends all at once. */
    private final ConcurrentHashMap<Stream, Integer> ofStreams = new ConcurrentHashMap<>();

    UnreadFrames() {
        super(UPDATED_AT);
    }

    @Override
    public void onStreamCreated(Stream stream) {
        ofStreams.put(stream, 0);
        super.onStreamCreated(stream);
    }

    @Override
    public void onStreamDestroyed(Stream stream) {
        super.onStreamDestroyed(stream);
        var left = ofStreams.remove(stream);
        if (left != null) {
            unread.addAndGet(-left);
        }
    }

    @Override
    public void onDataReceived(Session session, @Nullable Stream stream, int length) {
        super.onDataReceived(session, stream, length);
        if (stream == null || length >= SMALL) {
            return;
        }
        ofStreams.computeIfPresent(
                stream,
                (_, frames) -> {
                    unread.incrementAndGet();
                    return frames + 1;
                });
        if (unread.get() > MOST) {
            session.close(
                    ErrorCode.ENHANCE_YOUR_CALM_ERROR.code, "too_many_small_frames", Callback.NOOP);
        }
    }

    @Override
    public void onDataConsumed(Session session, @Nullable Stream stream, int length) {
        if (stream != null && length < SMALL) {
            ofStreams.computeIfPresent(
                    stream,
                    (_, frames) -> {
                        if (frames == 0) {
                            return frames;
                        }
                        unread.decrementAndGet();
                        return frames - 1;
                    });
        }
        super.onDataConsumed(session, stream, length);
    }
}
