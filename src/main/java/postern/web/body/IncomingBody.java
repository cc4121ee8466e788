package postern.web.body;

import jakarta.servlet.ServletRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import postern.web.problem.ProblemException;
import postern.web.problem.ProblemWriter;

/**
 * A request's body, which knows whether it has ended, and can be discarded without blocking. While
 * somebody waits for it, it must come as fast as {@link Pace} wants; else reading it fails, and the
 * request is answered 408.
 */
final class IncomingBody extends Request.Wrapper {

    private static final String ATTRIBUTE = IncomingBody.class.getName();

    /** A smaller rest is awaited, so that the connection persists. */
    private static final long SMALL = 64 << 10;

    private static final Duration SOON = Duration.ofSeconds(1);

    /** Upper bounds on what is read from a client that does not stop sending. */
    static final long MOST = 64L << 20;

    static final Duration LONGEST = Duration.ofSeconds(30);

    /** The client has read the response, or is gone, if it sends nothing for that time. */
    static final Duration QUIET = Duration.ofSeconds(5);

    private final boolean awaitsContinue;
    private final boolean onItsOwnStream;
    private final Pace pace;
    private Content.@Nullable Chunk first;
    private @Nullable BodyShare share;
    private @Nullable ProblemException cut;
    private @Nullable Runnable waiting;
    private Scheduler.@Nullable Task watch;
    private boolean ended;
    private boolean asked;
    private long octets;
    private boolean reading;
    private @Nullable Goal goal;

    /**
     * When to stop to discard.
     *
     * @param octets how many octets of the body may have been read then
     */
    private record Goal(long octets, Runnable then) {}

    private IncomingBody(Request request, Content.@Nullable Chunk first, Pace pace) {
        super(request);
        this.first = first;
        this.pace = pace;
        this.awaitsContinue = request.getHeaders().contains(HttpHeader.EXPECT);
        this.onItsOwnStream = isMultiplexed(request);
        setAttribute(ATTRIBUTE, this);
    }

    /** The body of a request that has just come; null where none follows. */
    static @Nullable IncomingBody begin(Request request, IncomingBodyProperties properties) {
        if (isMultiplexed(request)) {
            // whether it has a body is told by the end of its stream, and not by its headers
            var first = request.read();
            return first != null && first.isLast() && !first.hasRemaining() && isWhole(first)
                    ? null
                    : new IncomingBody(request, first, properties.pace());
        }
        var headers = request.getHeaders();
        return headers.contains(HttpHeader.TRANSFER_ENCODING)
                        || headers.getLongField(HttpHeader.CONTENT_LENGTH) > 0
                ? new IncomingBody(request, null, properties.pace())
                : null;
    }

    /** Whether the connection of HTTP/2 has other requests at the same time. */
    static boolean isMultiplexed(Request request) {
        return request.getConnectionMetaData().getHttpVersion().getVersion()
                > HttpVersion.HTTP_1_1.getVersion();
    }

    private static boolean isWhole(Content.Chunk chunk) {
        return !Content.Chunk.isFailure(chunk);
    }

    /** The body of this request; null where none was announced. */
    static @Nullable IncomingBody of(ServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof IncomingBody body ? body : null;
    }

    /** What the unfinished body takes of the gateway. */
    void countIn(BodyShare counted) {
        synchronized (this) {
            share = counted;
            if (!ended) {
                return;
            }
        }
        counted.came();
    }

    /** Nobody reads the body for the request any more. */
    void leave() {
        BodyShare counted;
        synchronized (this) {
            counted = share;
            share = null;
            stopWatching();
        }
        if (counted != null) {
            counted.end();
        }
    }

    synchronized @Nullable BodyShare share() {
        return share;
    }

    synchronized boolean ended() {
        return ended;
    }

    @Override
    public Content.@Nullable Chunk read() {
        var failure = cut();
        if (failure != null) {
            return Content.Chunk.from(failure, true);
        }
        var chunk = takeFirst();
        if (chunk == null) {
            chunk = super.read();
        }
        if (chunk == null) {
            return null;
        }
        var full = note(chunk);
        if (full == null) {
            return chunk;
        }
        chunk.release();
        return Content.Chunk.from(cut(full), true);
    }

    /** What was read to see whether there is a body. */
    private synchronized Content.@Nullable Chunk takeFirst() {
        var taken = first;
        first = null;
        return taken;
    }

    /** Nobody will read the body. */
    void release() {
        var unread = takeFirst();
        if (unread != null) {
            unread.release();
        }
    }

    private synchronized @Nullable IOException cut() {
        return cut == null ? null : new IOException("the body was cut", cut);
    }

    /** From now on the body cannot be read, and the answer to the request is this problem. */
    private synchronized IOException cut(ProblemException reason) {
        cut = reason;
        setAttribute(ProblemWriter.INSTEAD, reason);
        return new IOException("the body was cut", reason);
    }

    /** Returns why no more of the body can be taken, if so. */
    private @Nullable ProblemException note(Content.Chunk chunk) {
        boolean over;
        BodyShare counted;
        long now;
        synchronized (this) {
            asked = true;
            octets += chunk.remaining();
            pace.came(chunk.remaining());
            over = chunk.isLast() && isWhole(chunk);
            ended |= over;
            if (over) {
                stopWatching();
            }
            now = octets;
            counted = share;
        }
        if (counted == null) {
            return null;
        }
        if (over) {
            counted.came();
            return null;
        }
        return counted.grow(now);
    }

    @Override
    public void demand(Runnable whenAvailable) {
        boolean available;
        synchronized (this) {
            asked = true;
            available = first != null;
            if (!available) {
                waiting = whenAvailable;
                pace.waitFrom(System.nanoTime());
            }
        }
        if (available) {
            getComponents().getExecutor().execute(whenAvailable);
            return;
        }
        watchPace();
        super.demand(this::available);
    }

    private void available() {
        var reader = stopWaiting();
        if (reader != null) {
            reader.run();
        }
    }

    private synchronized @Nullable Runnable stopWaiting() {
        var reader = waiting;
        waiting = null;
        pace.waitUntil(System.nanoTime());
        return reader;
    }

    /** One timer at a time, which is set anew only while somebody waits. */
    private void watchPace() {
        synchronized (this) {
            if (waiting == null || pace.watched()) {
                return;
            }
            watch = later(pace.watch(System.nanoTime()), this::judgePace);
        }
    }

    /** A pending timer would keep the request in memory. Guarded by this. */
    private void stopWatching() {
        if (watch != null && watch.cancel()) {
            pace.unwatch();
        }
        watch = null;
    }

    private void judgePace() {
        synchronized (this) {
            pace.unwatch();
            if (waiting != null && pace.tooSlow(System.nanoTime())) {
                cut(new SlowBody());
            }
        }
        if (cut() == null) {
            watchPace();
        } else {
            available();
        }
    }

    /** Like that of Jetty, but the rest of a larger body can still be read. */
    @Override
    public boolean consumeAvailable() {
        long most = octetsRead() + SMALL;
        for (var chunk = read(); chunk != null; chunk = read()) {
            chunk.release();
            if (chunk.isLast() || Content.Chunk.isFailure(chunk) || octetsRead() >= most) {
                break;
            }
        }
        return ended();
    }

    private synchronized long octetsRead() {
        return octets;
    }

    /** Whether the connection has to end with the response, since the rest of the body follows. */
    boolean endsConnection() {
        return !onItsOwnStream && !ended();
    }

    /** Waits for the end of a small body for a moment. */
    void awaitEnd(Runnable then) {
        if (lost() || getHeaders().getLongField(HttpHeader.CONTENT_LENGTH) - octetsRead() > SMALL) {
            then.run();
            return;
        }
        var soon = new Goal(octetsRead() + SMALL, then);
        read(soon);
        later(SOON, () -> leave(soon));
    }

    /**
     * Discards the rest of the body until the client stops sending. A stream of HTTP/2 is treated
     * the same: Jetty would reset it as cancelled, and some clients then drop the response.
     */
    void discard(Runnable then) {
        if (lost()) {
            then.run();
            return;
        }
        var rest = new Goal(octetsRead() + MOST, then);
        read(rest);
        watch(rest, octetsRead(), System.nanoTime() + LONGEST.toNanos());
    }

    /** Whether there is nothing to read, or a client that awaits 100 Continue sends nothing. */
    private synchronized boolean lost() {
        return ended || cut != null || awaitsContinue && !asked;
    }

    private void read(Goal next) {
        synchronized (this) {
            goal = next;
            if (reading) {
                return; // the demand of the goal before is still pending
            }
            reading = true;
        }
        readOn();
    }

    private void readOn() {
        for (var next = next(); next != null; next = next()) {
            var chunk = read();
            if (chunk == null) {
                demand(this::readOn);
                return;
            }
            chunk.release();
            if (chunk.isLast() || Content.Chunk.isFailure(chunk) || octetsRead() >= next.octets()) {
                leave(next);
            }
        }
    }

    private synchronized @Nullable Goal next() {
        reading = goal != null;
        return goal;
    }

    private void leave(Goal left) {
        synchronized (this) {
            if (goal != left) {
                return;
            }
            goal = null;
        }
        getComponents().getExecutor().execute(left.then());
    }

    /** Closes the connection, or stream, of a client that is quiet or does not stop. */
    private void watch(Goal rest, long before, long end) {
        later(
                QUIET,
                () -> {
                    long now;
                    synchronized (this) {
                        if (goal != rest) {
                            return;
                        }
                        now = octets;
                    }
                    if (now > before && System.nanoTime() < end) {
                        watch(rest, now, end);
                    } else if (onItsOwnStream) {
                        leave(rest); // which resets the stream
                    } else {
                        // the pending demand is notified of it
                        getConnectionMetaData().getConnection().getEndPoint().close();
                    }
                });
    }

    private Scheduler.Task later(Duration time, Runnable task) {
        var scheduler = getComponents().getScheduler();
        return scheduler.schedule(task, time.toMillis(), TimeUnit.MILLISECONDS);
    }
}
