package postern.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletRequest;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import org.jspecify.annotations.Nullable;
import postern.deadline.Deadlines;
import postern.web.ClientConnection;
import postern.web.id.EventId;

/** Writes events to a client, which is cut off when it stops reading. */
final class EventOutput {

    private final AsyncContext async;
    private final ServletRequest request;
    private final ServletOutputStream out;
    private final Deadlines deadlines;
    private final Duration writeTimeout;
    private long written = System.nanoTime();
    private boolean attributesForgotten;
    private volatile boolean left;

    EventOutput(
            AsyncContext async,
            ServletOutputStream out,
            Deadlines deadlines,
            Duration writeTimeout,
            Runnable whenLeft) {
        this.async = async;
        // the container answers no question for it once it has ended the exchange
        this.request = async.getRequest();
        this.out = out;
        this.deadlines = deadlines;
        this.writeTimeout = writeTimeout;
        async.addListener(new Exchange(whenLeft));
    }

    /** The beginning of the stream: with an id, the client has missed nothing up to there. */
    void begin(Duration retry, @Nullable EventId id) throws IOException {
        var text = "retry: %d\n".formatted(retry.toMillis());
        write(id == null ? text + "\n" : text + "id: " + id + "\n\n");
    }

    /**
     * @param json without line ends
     */
    void event(String type, String json, @Nullable EventId id) throws IOException {
        var line = id == null ? "" : "id: " + id + "\n";
        write("event: " + type + "\n" + line + "data: " + json + "\n\n");
    }

    void heartbeat() throws IOException {
        unlessLeft(this::forgetAttributes);
        write(":\n\n");
    }

    /**
     * Drops what the filters and Spring have kept of the request, which is over for them by now: a
     * few KB for as long as the stream is open.
     */
    private void forgetAttributes() {
        if (!attributesForgotten) {
            attributesForgotten = true;
            Collections.list(request.getAttributeNames()).forEach(request::removeAttribute);
        }
    }

    /** How long nothing has been written. */
    Duration silence() {
        return Duration.ofNanos(System.nanoTime() - written);
    }

    private void write(String text) throws IOException {
        unlessLeft(() -> {
            try (var _ = deadlines.in(writeTimeout, this::cut)) {
                out.write(text.getBytes(UTF_8));
                out.flush();
            }
        });
        written = System.nanoTime();
    }

    /** The container takes its objects back at any time, and they then fail in many ways. */
    private void unlessLeft(Step step) throws IOException {
        if (left) {
            throw new EOFException();
        }
        try {
            step.run();
        } catch (RuntimeException e) {
            if (left) {
                throw new IOException(e);
            }
            throw e;
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    /** Hears of the end of the exchange, at whatever end it began. */
    private final class Exchange implements AsyncListener {

        private final Runnable whenLeft;

        private Exchange(Runnable whenLeft) {
            this.whenLeft = whenLeft;
        }

        @Override
        public void onComplete(AsyncEvent event) {
            leave();
        }

        @Override
        public void onError(AsyncEvent event) {
            leave();
        }

        @Override
        public void onTimeout(AsyncEvent event) {
            // there is none
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
            // it is never dispatched again
        }

        private void leave() {
            left = true;
            whenLeft.run();
        }
    }

    private void cut() {
        ClientConnection.cut(request);
    }

    void end() {
        try {
            async.complete();
        } catch (IllegalStateException _) {
            // the container has ended it
        }
    }
}
