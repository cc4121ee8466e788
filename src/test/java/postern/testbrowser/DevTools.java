package postern.testbrowser;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A connection of the DevTools protocol: commands, their results, and events. */
final class DevTools implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int PATIENCE_SECONDS = 60;

    private final HttpClient http = HttpClient.newHttpClient();
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> pending = new ConcurrentHashMap<>();
    private final CopyOnWriteArrayList<Consumer<Event>> listeners = new CopyOnWriteArrayList<>();
    private @Nullable WebSocket socket;

    /**
     * Something that happened.
     *
     * @param session where it happened; empty for the browser itself
     */
    record Event(String session, String method, JsonNode parameters) {

        /** A parameter, by its path such as {@code "request/url"}; empty if there is none. */
        String text(String path) {
            return parameters.at("/" + path).asString("");
        }
    }

    private DevTools() {}

    static DevTools connect(URI address) {
        var devTools = new DevTools();
        devTools.socket =
                devTools.http
                        .newWebSocketBuilder()
                        .buildAsync(address, devTools.new Messages())
                        .join();
        return devTools;
    }

    /** Gets events on the thread of the connection, where it must not wait for a result. */
    void listen(Consumer<Event> listener) {
        listeners.add(listener);
    }

    void ignore(Consumer<Event> listener) {
        listeners.remove(listener);
    }

    /** Sends a command and waits for its result. */
    JsonNode call(String session, String method, Map<String, ?> parameters) {
        try {
            return send(session, method, parameters).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(method + " " + parameters, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    CompletableFuture<JsonNode> send(String session, String method, Map<String, ?> parameters) {
        int id = ids.incrementAndGet();
        var command = new LinkedHashMap<String, Object>();
        command.put("id", id);
        command.put("method", method);
        command.put("params", parameters);
        if (!session.isEmpty()) {
            command.put("sessionId", session);
        }
        var result = new CompletableFuture<JsonNode>();
        pending.put(id, result);
        write(JSON.writeValueAsString(command));
        return result;
    }

    /** A WebSocket takes one message at a time. */
    private synchronized void write(String text) {
        if (socket != null) {
            socket.sendText(text, true).join();
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    private void receive(JsonNode message) {
        if (message.has("id")) {
            var result = pending.remove(message.get("id").asInt());
            if (result != null && message.has("error")) {
                result.completeExceptionally(
                        new IllegalStateException(message.get("error").toString()));
            } else if (result != null) {
                result.complete(message.get("result"));
            }
            return;
        }
        var event =
                new Event(
                        message.path("sessionId").asString(""),
                        message.get("method").asString(),
                        message.path("params"));
        listeners.forEach(listener -> listener.accept(event));
    }

    /** Messages may come in several pieces. */
    private final class Messages implements WebSocket.Listener {

        private final StringBuilder begun = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(
                WebSocket webSocket, CharSequence data, boolean last) {
            begun.append(data);
            if (last) {
                var text = begun.toString();
                begun.setLength(0);
                receive(JSON.readTree(text));
            }
            webSocket.request(1);
            return null;
        }
    }
}
