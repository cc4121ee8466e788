package postern.testserver;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;

/**
 * A user at the pages of an authorization server: fills in the forms and follows the redirects, as
 * a browser does, until one leads to the app.
 */
public final class SignInPages {

    private static final int MOST_PAGES = 10;

    private final HttpClient http =
            HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
    private final Map<String, String> answers;
    private final List<String> titles = new ArrayList<>();

    public SignInPages(String user, String password) {
        this.answers = Map.of("username", user, "password", password);
    }

    /** Where an app sends a user, with a challenge for this verifier (RFC 7636). */
    public static URI authorization(
            String endpoint, Map<String, String> parameters, String verifier, String state) {
        var all = new LinkedHashMap<>(parameters);
        all.put("response_type", "code");
        all.put("state", state);
        all.put("code_challenge", challenge(verifier));
        all.put("code_challenge_method", "S256");
        return URI.create(endpoint + "?" + form(all));
    }

    /** The parameters with which the user comes back to the app. */
    public Map<String, String> visit(URI start, String redirectUri)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(start).header("Accept", "text/html").GET();
        for (int page = 0; page < MOST_PAGES; page++) {
            var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            var location = answer.headers().firstValue("Location").map(answer.uri()::resolve);
            if (location.isPresent() && location.get().toString().startsWith(redirectUri)) {
                return fields(location.get().getRawQuery());
            }
            if (location.isPresent()) {
                request = HttpRequest.newBuilder(location.get()).header("Accept", "text/html");
            } else {
                request = filledIn(answer);
            }
        }
        throw new IllegalStateException("no page leads back to the app: " + titles);
    }

    /** The titles of the pages that had a form. */
    public List<String> titles() {
        return List.copyOf(titles);
    }

    private HttpRequest.Builder filledIn(HttpResponse<String> answer) {
        var page = Jsoup.parse(answer.body(), answer.uri().toString());
        var form = page.selectFirst("form[method=post]");
        if (answer.statusCode() != 200 || form == null) {
            throw new IllegalStateException(answer.statusCode() + " " + page.text());
        }
        titles.add(page.title());
        var fields = new LinkedHashMap<String, String>();
        for (var input : form.select("input[name]")) {
            fields.put(input.attr("name"), value(input));
        }
        var target = form.hasAttr("action") ? form.absUrl("action") : answer.uri().toString();
        return HttpRequest.newBuilder(URI.create(target))
                .header("Accept", "text/html")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form(fields)));
    }

    /** Check boxes are ticked. */
    private String value(Element input) {
        return answers.getOrDefault(input.attr("name"), input.attr("value"));
    }

    private static String challenge(String verifier) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String form(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(it ->
                        URLEncoder.encode(it.getKey(), UTF_8)
                                + "="
                                + URLEncoder.encode(it.getValue(), UTF_8))
                .collect(Collectors.joining("&"));
    }

    private static Map<String, String> fields(String query) {
        return Arrays.stream(query.split("&"))
                .map(field -> field.split("=", 2))
                .collect(
                        Collectors.toMap(
                                field -> field[0], field -> URLDecoder.decode(field[1], UTF_8)));
    }
}
