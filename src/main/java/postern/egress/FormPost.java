package postern.egress;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URLEncoder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** Posts forms and reads small answers. A form is sent once: what it does may not be done twice. */
public final class FormPost {

    private static final String FORM = "application/x-www-form-urlencoded";

    private final HttpPost posts;

    /**
     * @param trusted creates TLS sockets that check certificates
     */
    public FormPost(Dns dns, Dialer dialer, SSLSocketFactory trusted) {
        this.posts = new HttpPost(dns, dialer, trusted);
    }

    /**
     * The answer, whatever its status.
     *
     * @param authorization the value of the header; null for none
     */
    public HttpAnswer post(
            Endpoint endpoint,
            Map<String, String> form,
            @Nullable String authorization,
            int largest,
            Deadline deadline)
            throws IOException {
        var fields = new LinkedHashMap<String, String>();
        if (authorization != null) {
            fields.put("Authorization", authorization);
        }
        fields.put("Content-Type", FORM);
        fields.put("Accept", "application/json");
        return posts.post(endpoint, fields, encode(form).getBytes(US_ASCII), largest, deadline);
    }

    /** The status of the answer, whose body is not read. */
    public int status(Endpoint endpoint, Map<String, String> form, Deadline deadline)
            throws IOException {
        var body = encode(form).getBytes(US_ASCII);
        return posts.notify(endpoint, Map.of("Content-Type", FORM), body, deadline).status();
    }

    private static String encode(Map<String, String> form) {
        return form.entrySet().stream()
                .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, UTF_8);
    }
}
