package postern.testserver;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** An issuer of access tokens that a Dovecot in a container asks about them (RFC 7662). */
final class TokenIntrospection implements AutoCloseable {

    /** The container's name of this machine. */
    static final String HOST = "introspection";

    private final HttpServer server;
    private final Map<String, String> users = new ConcurrentHashMap<>();
    private volatile Function<String, Optional<String>> others = _ -> Optional.empty();
    private final AtomicInteger introspections = new AtomicInteger();

    TokenIntrospection() {
        try {
            // The container reaches it by the address of the engine's network, not by loopback.
            server = HttpServer.create(new InetSocketAddress(0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/introspect", this::introspect);
        server.start();
    }

    String url() {
        return url(server.getAddress().getPort(), "/introspect");
    }

    static String url(int port, String path) {
        return "http://%s:%s@%s:%d%s"
                .formatted(OauthDovecot.CLIENT, OauthDovecot.SECRET, HOST, port, path);
    }

    /** What a Dovecot 2.4 needs beside the mechanisms. */
    static String dovecot24(String url) {
        return """
        oauth2 {
          introspection_mode = post
          introspection_url = %s
          username_attribute = username
          active_attribute = active
          active_value = true
          force_introspection = yes
          openid_configuration_url = http://issuer.invalid/
        }
        """
                .formatted(url);
    }

    void issue(String token, String user) {
        users.put(token, user);
    }

    void trust(Function<String, Optional<String>> issuer) {
        others = issuer;
    }

    void end(String token) {
        users.remove(token);
    }

    int introspections() {
        return introspections.get();
    }

    private void introspect(HttpExchange exchange) throws IOException {
        try (exchange) {
            introspections.incrementAndGet();
            var form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            var token = token(form);
            var user =
                    users.containsKey(token) ? users.get(token) : others.apply(token).orElse(null);
            var json =
                    user == null
                            ? "{\"active\": false}"
                            : "{\"active\": true, \"username\": \"%s\", \"scope\": \"mail\"}"
                                    .formatted(user);
            var octets = json.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, octets.length);
            exchange.getResponseBody().write(octets);
        }
    }

    private static String token(String form) {
        return Arrays.stream(form.split("&"))
                .filter(field -> field.startsWith("token="))
                .map(field -> URLDecoder.decode(field.substring(6), StandardCharsets.UTF_8))
                .findFirst()
                .orElse("");
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
