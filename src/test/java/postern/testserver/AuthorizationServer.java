package postern.testserver;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * An authorization server on loopback (RFC 6749, RFC 7636, RFC 7009). Refresh tokens rotate, and
 * one that is used again ends its grant, as does a code that is used again.
 */
public final class AuthorizationServer implements AutoCloseable {

    public static final String CLIENT = "the client";
    public static final String SECRET = "its:secret";

    /** The longest that RFC 7636 allows would be 128 characters. */
    public static final String VERIFIER = "v".repeat(43);

    private record Code(String user, String challenge, String redirectUri) {}

    private record Answer(int status, @Nullable String retryAfter, String body) {}

    private final HttpServer server;
    private final Map<String, Code> codes = new HashMap<>();
    private final Map<String, String> grantOfCode = new HashMap<>();
    private final Map<String, String> grantOfRefreshToken = new HashMap<>();
    private final Map<String, String> currentRefreshToken = new HashMap<>();
    private final Map<String, String> userOfGrant = new HashMap<>();
    private final Map<String, String> grantOfAccessToken = new HashMap<>();
    private final Set<String> ended = new HashSet<>();
    private final Queue<Answer> planned = new ArrayDeque<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> revoked = new CopyOnWriteArrayList<>();
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private volatile int lifetime = 3600;
    private volatile boolean refreshable = true;
    private int serial;

    private AuthorizationServer(HttpServer server) {
        this.server = server;
    }

    public static AuthorizationServer start() {
        try {
            var http =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            var server = new AuthorizationServer(http);
            http.createContext("/token", server::token);
            http.createContext("/revoke", server::revoke);
            http.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String url(String path) {
        return "http://127.0.0.1:%d%s".formatted(server.getAddress().getPort(), path);
    }

    /** What the app gets when this user has consented; the verifier is {@link #VERIFIER}. */
    public synchronized String code(String user, String redirectUri) {
        var code = "code-" + ++serial;
        codes.put(code, new Code(user, challenge(VERIFIER), redirectUri));
        return code;
    }

    /** The access tokens issued from now on last this many seconds. */
    public AuthorizationServer lifetime(int seconds) {
        lifetime = seconds;
        return this;
    }

    /** Whether codes are redeemed with a refresh token from now on. */
    public AuthorizationServer refreshable(boolean value) {
        refreshable = value;
        return this;
    }

    /** Answers the next request to the token endpoint in this way. */
    public synchronized AuthorizationServer plan(
            int status, @Nullable String retryAfter, String body) {
        planned.add(new Answer(status, retryAfter, body));
        return this;
    }

    /** The token endpoint waits for this before it answers. */
    public AuthorizationServer waitFor(CountDownLatch latch) {
        gate = latch;
        return this;
    }

    /** The user withdraws the consent. */
    public synchronized void withdraw(String user) {
        userOfGrant.forEach((grant, owner) -> {
            if (owner.equals(user)) {
                ended.add(grant);
            }
        });
    }

    /** The access token is refused from now on; its grant lives. */
    public synchronized void end(String accessToken) {
        grantOfAccessToken.remove(accessToken);
    }

    /** The user of a valid access token. */
    public synchronized Optional<String> user(String accessToken) {
        var grant = grantOfAccessToken.get(accessToken);
        return grant == null || ended.contains(grant)
                ? Optional.empty()
                : Optional.ofNullable(userOfGrant.get(grant));
    }

    /** The forms that came to the token endpoint. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    /** How often a refresh token of this user was used. */
    public synchronized long refreshes(String user) {
        return requests.stream()
                .map(AuthorizationServer::fields)
                .filter(form -> "refresh_token".equals(form.get("grant_type")))
                .map(form -> grantOfRefreshToken.get(form.get("refresh_token")))
                .filter(grant -> grant != null && user.equals(userOfGrant.get(grant)))
                .count();
    }

    /** Whether the user has a grant that has not ended. */
    public synchronized boolean lives(String user) {
        return userOfGrant.entrySet().stream()
                .anyMatch(it -> it.getValue().equals(user) && !ended.contains(it.getKey()));
    }

    /** The refresh tokens that were revoked. */
    public List<String> revoked() {
        return List.copyOf(revoked);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void token(HttpExchange exchange) throws IOException {
        try (exchange) {
            var form = new String(exchange.getRequestBody().readAllBytes(), US_ASCII);
            requests.add(form);
            gate.await();
            var answer =
                    authorized(exchange)
                            ? answer(fields(form))
                            : new Answer(401, null, "{\"error\": \"invalid_client\"}");
            if (answer.retryAfter() != null) {
                exchange.getResponseHeaders().set("Retry-After", answer.retryAfter());
            }
            var octets = answer.body().getBytes(UTF_8);
            exchange.sendResponseHeaders(answer.status(), octets.length);
            exchange.getResponseBody().write(octets);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void revoke(HttpExchange exchange) throws IOException {
        try (exchange) {
            var form = fields(new String(exchange.getRequestBody().readAllBytes(), US_ASCII));
            revoked.add(form.get("token"));
            exchange.sendResponseHeaders(200, -1);
        }
    }

    private static boolean authorized(HttpExchange exchange) {
        var pair = CLIENT.replace(' ', '+') + ":" + SECRET.replace(":", "%3A");
        var expected = "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
        return expected.equals(exchange.getRequestHeaders().getFirst("Authorization"));
    }

    private synchronized Answer answer(Map<String, String> form) {
        var next = planned.poll();
        if (next != null) {
            return next;
        }
        return switch (form.getOrDefault("grant_type", "")) {
            case "authorization_code" -> redeem(form);
            case "refresh_token" -> refresh(form.getOrDefault("refresh_token", ""));
            default -> refused("unsupported_grant_type");
        };
    }

    private Answer redeem(Map<String, String> form) {
        var text = form.getOrDefault("code", "");
        var replayed = grantOfCode.get(text);
        if (replayed != null) {
            ended.add(replayed);
            return refused("invalid_grant");
        }
        var code = codes.remove(text);
        if (code == null
                || !code.redirectUri().equals(form.get("redirect_uri"))
                || !code.challenge().equals(challenge(form.getOrDefault("code_verifier", "")))) {
            return refused("invalid_grant");
        }
        var grant = "grant-" + ++serial;
        grantOfCode.put(text, grant);
        userOfGrant.put(grant, code.user());
        return issue(grant, refreshable);
    }

    private Answer refresh(String token) {
        var grant = grantOfRefreshToken.get(token);
        if (grant == null || ended.contains(grant)) {
            return refused("invalid_grant");
        }
        if (!token.equals(currentRefreshToken.get(grant))) {
            ended.add(grant); // used twice: it may be stolen
            return refused("invalid_grant");
        }
        return issue(grant, true);
    }

    private Answer issue(String grant, boolean withRefreshToken) {
        var user = userOfGrant.get(grant);
        var access = "access-%d-of-%s".formatted(++serial, user);
        grantOfAccessToken.put(access, grant);
        var refresh = "";
        if (withRefreshToken) {
            var token = "refresh-%d-of-%s".formatted(++serial, user);
            grantOfRefreshToken.put(token, grant);
            currentRefreshToken.put(grant, token);
            refresh = ", \"refresh_token\": \"%s\"".formatted(token);
        }
        var claims = "{\"email\": \"%s@example.org\"}".formatted(user);
        return new Answer(
                200,
                null,
                """
                {"access_token": "%s", "token_type": "bearer", "expires_in": %d,
                 "id_token": "%s.%s.c2ln"%s}
                """
                        .formatted(
                                access,
                                lifetime,
                                base64("{\"alg\": \"RS256\"}".getBytes(UTF_8)),
                                base64(claims.getBytes(UTF_8)),
                                refresh));
    }

    private static Answer refused(String error) {
        return new Answer(400, null, "{\"error\": \"%s\"}".formatted(error));
    }

    private static String challenge(String verifier) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(US_ASCII));
            return base64(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String base64(byte[] octets) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }

    private static Map<String, String> fields(String form) {
        var fields = new HashMap<String, String>();
        Arrays.stream(form.split("&"))
                .map(field -> field.split("=", 2))
                .forEach(field -> fields.put(field[0], URLDecoder.decode(field[1], UTF_8)));
        return fields;
    }
}
