import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import module java.base;
import module java.net.http;

/** What the other examples share: requests, errors and repetitions. */
class Postern {
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    private String authorization = "";

    void logIn() throws Exception {
        var login = new JsonObject();
        login.addProperty("username", setting("POSTERN_USER", "demo"));
        login.addProperty("password", setting("POSTERN_PASSWORD", "demo"));
        authorization = "";
        authorization = "Bearer " + call("POST", "/sessions", login).get("token").getAsString();
    }

    JsonObject call(String method, String path, JsonObject body) throws Exception {
        var json = body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body.toString());
        return call(method, path, "application/json", json, UUID.randomUUID().toString());
    }

    /**
     * Sends a request, again if it has to be, and gives its answer. A request that was answered by nothing may have been
     * carried out: with the same Idempotency-Key it is not done twice. Requests that only read ignore the key.
     */
    JsonObject call(String method, String path, String type, HttpRequest.BodyPublisher body, String key) throws Exception {
        var keyed = method.equals("POST");
        return repeat(keyed, () -> {
            var request = request(path).method(method, body).timeout(Duration.ofMinutes(5));
            if (keyed) request.header("Content-Type", type).header("Idempotency-Key", key);
            try (var in = send(request).body()) {
                // all of it before it is parsed: an answer that ends in its middle is a lost connection
                var answer = JsonParser.parseString(new String(in.readAllBytes(), StandardCharsets.UTF_8));
                return answer.isJsonObject() ? answer.getAsJsonObject() : null; // 204 has none
            }
        });
    }

    HttpRequest.Builder request(String path) {
        var request = HttpRequest.newBuilder(URI.create(setting("POSTERN_URL", "http://localhost:8080") + "/v1" + path));
        return authorization.isEmpty() ? request : request.header("Authorization", authorization);
    }

    HttpResponse<InputStream> send(HttpRequest.Builder request) throws Exception {
        var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        if (answer.statusCode() >= 400) throw new Problem(answer);
        return answer;
    }

    /**
     * Tries up to five times: after a lost connection, after a problem that says it is `retryable`, and, where all tries
     * have one Idempotency-Key, after `outcome-unknown`: the gateway then finds out what was done.
     */
    static <T> T repeat(boolean keyed, Callable<T> attempt) throws Exception {
        for (int tries = 1; ; tries++) {
            try {
                return attempt.call();
            } catch (IOException failure) {
                var problem = failure instanceof Problem it ? it : null;
                var again = problem == null || problem.retryable || (keyed && problem.code.equals("outcome-unknown"));
                if (tries == 5 || !again) throw failure;
                Thread.sleep(Duration.ofSeconds(problem == null ? tries : problem.retryAfter));
            }
        }
    }

    static String setting(String name, String otherwise) {
        return System.getenv().getOrDefault(name, otherwise);
    }
}
