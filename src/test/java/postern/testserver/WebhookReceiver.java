package postern.testserver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The server of an app on loopback; each path is a webhook of its own. */
public final class WebhookReceiver implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();

    private static @Nullable WebhookReceiver common;

    private final HttpServer server;
    private final Map<String, Hook> hooks = new ConcurrentHashMap<>();

    private record Answer(int status, @Nullable String retryAfter) {}

    /** A request that came. */
    public record Received(String id, long timestamp, String signatures, String body) {

        public JsonNode json() {
            return JSON.readTree(body);
        }

        public List<JsonNode> events() {
            return json().get("events").valueStream().toList();
        }

        /** As the specification of Standard Webhooks says. */
        public boolean isSignedWith(String secret) {
            try {
                var mac = Mac.getInstance("HmacSHA256");
                var key = Base64.getDecoder().decode(secret.substring("whsec_".length()));
                mac.init(new SecretKeySpec(key, "HmacSHA256"));
                var signed = mac.doFinal((id + "." + timestamp + "." + body).getBytes(UTF_8));
                var expected = "v1," + Base64.getEncoder().encodeToString(signed);
                return Arrays.asList(signatures.split(" ")).contains(expected);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** One webhook. */
    public final class Hook {

        private final String path;
        private final Queue<Answer> planned = new ConcurrentLinkedQueue<>();
        private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
        private volatile Answer usual = new Answer(204, null);
        private volatile CountDownLatch gate = new CountDownLatch(0);

        private Hook(String path) {
            this.path = path;
        }

        public String url() {
            return "http://127.0.0.1:%d%s".formatted(server.getAddress().getPort(), path);
        }

        /** How the next request is answered, of those that are not planned yet. */
        public Hook plan(int status, @Nullable String retryAfter) {
            planned.add(new Answer(status, retryAfter));
            return this;
        }

        /** How all requests are answered that are not planned. */
        public Hook usually(int status) {
            usual = new Answer(status, null);
            return this;
        }

        /** Answers wait for this. */
        public Hook waitFor(CountDownLatch latch) {
            gate = latch;
            return this;
        }

        /** The next request that came; it fails when none does. */
        public Received next() throws InterruptedException {
            return requireNonNull(received.poll(40, TimeUnit.SECONDS), "no delivery came");
        }

        /** The next request with such an event. */
        public Received next(String type) throws InterruptedException {
            for (var next = next(); ; next = next()) {
                if (next.events().stream().anyMatch(it -> it.get("type").asString().equals(type))) {
                    return next;
                }
            }
        }

        public boolean nothingCame() {
            return received.isEmpty();
        }
    }

    private WebhookReceiver(HttpServer server) {
        this.server = server;
    }

    public static WebhookReceiver start() {
        try {
            var http =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            var receiver = new WebhookReceiver(http);
            http.createContext("/", receiver::receive);
            http.start();
            return receiver;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One for the whole process, which takes everything. */
    public static synchronized WebhookReceiver common() {
        if (common == null) {
            common = start();
        }
        return common;
    }

    public Hook hook(String name) {
        return hooks.computeIfAbsent("/" + name, Hook::new);
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            var headers = exchange.getRequestHeaders();
            var hook = hooks.computeIfAbsent(exchange.getRequestURI().getPath(), Hook::new);
            var planned = hook.planned.poll();
            var answer = planned == null ? hook.usual : planned;
            var gate = hook.gate;
            hook.received.add(
                    new Received(
                            headers.getFirst("webhook-id"),
                            Long.parseLong(headers.getFirst("webhook-timestamp")),
                            headers.getFirst("webhook-signature"),
                            body));
            gate.await();
            if (answer.retryAfter() != null) {
                exchange.getResponseHeaders().set("Retry-After", answer.retryAfter());
            }
            exchange.sendResponseHeaders(answer.status(), -1);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
