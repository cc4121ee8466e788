package postern.message;

import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import postern.digest.Sha256;
import postern.message.part.BodyPlan;
import postern.message.part.RenderedHtml;
import postern.mime.html.HtmlPage;

/**
 * A message as an HTML document of its own.
 *
 * @param blocked number of removed references to remote content
 */
record MessageHtml(String page, RemoteContent remote, int blocked, boolean truncated) {

    static final String BLOCKED = "Postern-Blocked-Remote-Content";
    static final String TRUNCATED = "Postern-Truncated";

    private static final MediaType HTML =
            new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8);

    static MessageHtml of(
            ReadMessage read,
            @Nullable String subject,
            RemoteContent remote,
            UnaryOperator<String> urls) {
        var links = RenderedHtml.inlineParts(read.message().bodyStructure(), urls);
        var plan = read.html() == null ? BodyPlan.EMPTY : read.html();
        var html =
                RenderedHtml.of(
                        plan,
                        read.sections(),
                        remote.inHtml(),
                        links,
                        read.body().pictures(),
                        picture -> urls.apply(picture.part().partId()));
        var page = HtmlPage.of(html.body(), subject, remote.policyInPage());
        return new MessageHtml(page, remote, html.body().blockedRemoteContent(), html.truncated());
    }

    ResponseEntity<String> response() {
        var response =
                ResponseEntity.ok()
                        .contentType(HTML)
                        .eTag(Sha256.eTag(page))
                        // A later release may sanitise more; the browser must not show an earlier
                        // result from its cache.
                        .cacheControl(CacheControl.noCache().cachePrivate())
                        .varyBy(HttpHeaders.AUTHORIZATION)
                        .header("Content-Security-Policy", remote.policy())
                        .header("Referrer-Policy", "no-referrer")
                        .header("X-Content-Type-Options", "nosniff")
                        .header(BLOCKED, Integer.toString(blocked));
        if (truncated) {
            response.header(TRUNCATED, "true");
        }
        return response.body(page);
    }
}
