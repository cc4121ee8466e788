package postern.web.connector;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.frames.DataFrame;
import org.eclipse.jetty.http2.frames.GoAwayFrame;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.http2.frames.SettingsFrame;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** One connection of HTTP/2 in the clear, on which frames are sent one by one. */
final class Http2Client implements AutoCloseable {

    /** What a stream ends with that is not reset. */
    static final int NO_RESET = -1;

    private static final int SECONDS = 60;

    private final HTTP2Client client = new HTTP2Client();
    private final int port;
    private final CompletableFuture<GoAwayFrame> goAway = new CompletableFuture<>();
    private final CompletableFuture<Map<Integer, Integer>> settings = new CompletableFuture<>();
    private final Session session;

    /**
     * @param window how much of an answer may come before it is read
     */
    Http2Client(int port, int window) throws Exception {
        this.port = port;
        client.setInitialStreamRecvWindow(window);
        client.setMaxRequestHeadersSize(1 << 17);
        client.start();
        session =
                client.connect(
                                new InetSocketAddress("localhost", port),
                                new Session.Listener() {
                                    @Override
                                    public void onSettings(Session on, SettingsFrame frame) {
                                        if (!frame.isReply()) {
                                            settings.complete(frame.getSettings());
                                        }
                                    }

                                    @Override
                                    public void onGoAway(Session on, GoAwayFrame frame) {
                                        goAway.complete(frame);
                                    }
                                })
                        .get(SECONDS, TimeUnit.SECONDS);
    }

    Map<Integer, Integer> settings() throws Exception {
        return settings.get(SECONDS, TimeUnit.SECONDS);
    }

    GoAwayFrame goAway() throws Exception {
        return goAway.get(SECONDS, TimeUnit.SECONDS);
    }

    boolean isOpen() {
        return !session.isClosed() && !goAway.isDone();
    }

    Exchange get(String path, HttpFields headers) throws Exception {
        return begin("GET", path, headers, true);
    }

    /**
     * @param ended whether no body follows
     */
    Exchange begin(String method, String path, HttpFields headers, boolean ended) throws Exception {
        return begin(new Exchange(true), method, path, headers, ended);
    }

    /** Asks for something of which no more is read than its head. */
    Exchange beginUnread(String path, HttpFields headers) throws Exception {
        return begin(new Exchange(false), "GET", path, headers, true);
    }

    private Exchange begin(
            Exchange exchange, String method, String path, HttpFields headers, boolean ended)
            throws Exception {
        var request =
                new MetaData.Request(
                        method,
                        HttpURI.build().scheme("http").host("localhost").port(port).pathQuery(path),
                        HttpVersion.HTTP_2,
                        headers);
        exchange.stream =
                session.newStream(new HeadersFrame(request, null, ended), exchange)
                        .get(SECONDS, TimeUnit.SECONDS);
        return exchange;
    }

    @Override
    public void close() throws Exception {
        client.stop();
    }

    /**
     * What was answered.
     *
     * @param reset the error of the reset that ended the stream, or {@link #NO_RESET}
     */
    record Answer(int status, HttpFields headers, String body, int reset) {}

    /** A request and its answer. */
    static final class Exchange implements Stream.Listener {

        private final CompletableFuture<MetaData.Response> head = new CompletableFuture<>();
        private final CompletableFuture<Integer> end = new CompletableFuture<>();
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private final boolean reads;
        private @Nullable Stream stream;

        private Exchange(boolean reads) {
            this.reads = reads;
        }

        Exchange send(byte[] octets, boolean last) {
            var on = requireNonNull(stream);
            on.data(new DataFrame(on.getId(), ByteBuffer.wrap(octets), last), Callback.NOOP);
            return this;
        }

        void reset(int error) {
            var on = requireNonNull(stream);
            on.reset(new ResetFrame(on.getId(), error), Callback.NOOP);
        }

        boolean isAnswered() {
            return head.isDone();
        }

        int status() throws Exception {
            return head.get(SECONDS, TimeUnit.SECONDS).getStatus();
        }

        int reset() throws Exception {
            return end.get(SECONDS, TimeUnit.SECONDS);
        }

        Answer answer() throws Exception {
            int status = status();
            int reset = reset();
            return new Answer(status, head.get().getHttpFields(), body.toString(UTF_8), reset);
        }

        @Override
        public void onHeaders(Stream on, HeadersFrame frame) {
            if (!(frame.getMetaData() instanceof MetaData.Response response)) {
                return;
            }
            if (response.getStatus() < 200) {
                on.demand();
                return;
            }
            head.complete(response);
            if (frame.isEndStream()) {
                end.complete(NO_RESET);
            } else if (reads) {
                on.demand();
            }
        }

        @Override
        public void onDataAvailable(Stream on) {
            var data = on.readData();
            if (data == null) {
                on.demand();
                return;
            }
            var buffer = data.frame().getByteBuffer();
            var octets = new byte[buffer.remaining()];
            buffer.get(octets);
            body.writeBytes(octets);
            boolean last = data.frame().isEndStream();
            data.release();
            if (last) {
                end.complete(NO_RESET);
            } else if (reads) {
                on.demand();
            }
        }

        @Override
        public void onReset(Stream on, ResetFrame frame, Callback callback) {
            end.complete(frame.getError());
            callback.succeeded();
        }

        @Override
        public void onFailure(
                Stream on, int error, String reason, Throwable failure, Callback callback) {
            head.completeExceptionally(failure);
            end.completeExceptionally(failure);
            callback.succeeded();
        }
    }
}
