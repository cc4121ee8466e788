package postern.web.browser;

import java.util.List;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which pages of other origins may use the gateway.
 *
 * @param allowedOrigins The origins whose pages may send requests and read the answers (CORS), such
 *     as {@code https://mail.example.com}, separated by commas. When none is named, only pages of
 *     the gateway's own origin can. Unit: list of {@code scheme://host:port}, the port only where
 *     it is not the usual one. Interplay: pages send a session token; cookies are not used. A page
 *     behind the same proxy whose {@code Host} header the proxy changes counts as another origin
 *     where the browser sends no {@code Sec-Fetch-Site}, which it does with HTTPS.
 */
@ConfigurationProperties("postern.cors")
record CorsProperties(@DefaultValue List<String> allowedOrigins) {

    private static final Pattern ORIGIN = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://[^/?#@*\\s]+");

    CorsProperties {
        for (var origin : allowedOrigins) {
            if (!ORIGIN.matcher(origin).matches()) {
                throw new IllegalArgumentException(
                        "postern.cors.allowed-origins must be like https://mail.example.com, with"
                                + " neither a path nor *");
            }
        }
        allowedOrigins = List.copyOf(allowedOrigins);
    }

    boolean allows(String origin) {
        return allowedOrigins.stream().anyMatch(origin::equalsIgnoreCase);
    }
}
