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
import org.jspecify.annotations.Nullable;

/**
 * A Dovecot that takes access tokens, and the issuer that it asks about them (RFC 7662). Its users
 * are those of the image, and have their passwords as well.
 */
public final class OauthDovecot implements AutoCloseable {

    /** What Dovecot calls itself at the issuer. */
    static final String CLIENT = "id";

    static final String SECRET = "secret";

    private static final String HOST = "introspection";

    private final HttpServer issuer;
    private final Map<String, String> users = new ConcurrentHashMap<>();
    private volatile Function<String, Optional<String>> others = _ -> Optional.empty();
    private final AtomicInteger introspections = new AtomicInteger();
    private final String introspection;
    private final ServerContainer container;

    private OauthDovecot(String image, @Nullable String introspection) {
        issuer = issuer();
        issuer.createContext("/introspect", this::introspect);
        issuer.start();
        this.introspection =
                introspection == null
                        ? url(issuer.getAddress().getPort(), "/introspect")
                        : introspection;
        container =
                ServerContainer.started(
                        image, image.endsWith("2.3") ? dovecot23() : dovecot24(), HOST);
    }

    public static OauthDovecot start(RealServer like) {
        return new OauthDovecot(image(like), null);
    }

    /** One that asks this authorization server on this machine, which knows its users by name. */
    public static OauthDovecot start(RealServer like, SpringAuthorizationServer issuer) {
        return new OauthDovecot(image(like), url(issuer.port(), "/oauth2/introspect"));
    }

    private static String image(RealServer like) {
        return switch (like) {
            case DOVECOT_2_3 -> "dovecot-2.3";
            case DOVECOT_2_4 -> "dovecot-2.4";
            default -> throw new IllegalArgumentException(like + " is no Dovecot");
        };
    }

    /** Ends the connections of a user. */
    public void disconnect(String user) {
        container.run("doveadm", "kick", user);
    }

    public String host() {
        return container.getHost();
    }

    public int port() {
        return container.getMappedPort(ServerContainer.IMAP);
    }

    /** The token is the user's from now on. */
    public void issue(String token, String user) {
        users.put(token, user);
    }

    /** Tokens are also those of another authorization server, which knows their users. */
    public void trust(Function<String, Optional<String>> issuer) {
        others = issuer;
    }

    /** The token is expired or withdrawn. */
    public void end(String token) {
        users.remove(token);
    }

    /** How often Dovecot has asked about a token. */
    public int introspections() {
        return introspections.get();
    }

    @Override
    public void close() {
        container.stop();
        issuer.stop(0);
    }

    private static HttpServer issuer() {
        try {
            // The container reaches it by the address of the engine's network, not by loopback.
            return HttpServer.create(new InetSocketAddress(0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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

    private static String url(int port, String path) {
        return "http://%s:%s@%s:%d%s".formatted(CLIENT, SECRET, HOST, port, path);
    }

    private Map<String, String> dovecot24() {
        var conf =
                ServerContainer.configuration("dovecot-2.4")
                                .replace(
                                        "auth_mechanisms = plain login",
                                        "auth_mechanisms = plain login oauthbearer xoauth2")
                        + """
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
                                .formatted(introspection);
        return Map.of("/etc/dovecot/dovecot.conf", conf);
    }

    private Map<String, String> dovecot23() {
        var conf =
                ServerContainer.configuration("dovecot-2.3")
                        .replace(
                                "auth_mechanisms = plain login",
                                "auth_mechanisms = plain login oauthbearer xoauth2")
                        .replace(
                                "passdb {\n  driver = passwd-file\n",
                                """
                                passdb {
                                  driver = oauth2
                                  mechanisms = xoauth2 oauthbearer
                                  args = /etc/dovecot/oauth2.ext
                                }
                                passdb {
                                  driver = passwd-file
                                  mechanisms = plain login
                                """);
        var oauth =
                """
                introspection_mode = post
                introspection_url = %s
                username_attribute = username
                active_attribute = active
                active_value = true
                openid_configuration_url = http://issuer.invalid/
                """
                        .formatted(introspection);
        return Map.of("/etc/dovecot/dovecot.conf", conf, "/etc/dovecot/oauth2.ext", oauth);
    }
}
