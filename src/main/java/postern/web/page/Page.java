package postern.web.page;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.util.HtmlUtils;

/** A small page of HTML without scripts; whatever is put into it is escaped here. */
final class Page {

    private static final String POLICY =
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none';"
                    + " frame-ancestors 'none'";

    private static final String FRAME =
            """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>%s</title>
            <style>
            :root { color-scheme: light dark }
            body { font: 1rem/1.5 system-ui, sans-serif; max-width: 44rem; margin: 3rem auto; padding: 0 1rem }
            dt { font-weight: 600; margin-top: 1rem }
            code { font-family: ui-monospace, monospace }
            td { padding: .2rem 1rem .2rem 0; vertical-align: top }
            </style>
            </head>
            <body>
            <h1>%s</h1>
            %s
            </body>
            </html>
            """;

    private Page() {}

    /**
     * @param title text
     * @param body HTML
     */
    static ResponseEntity<byte[]> of(String title, String body) {
        var escaped = text(title);
        var octets = FRAME.formatted(escaped, escaped, body).getBytes(StandardCharsets.UTF_8);
        return ResponseEntity.ok()
                .contentType(new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8))
                .cacheControl(CacheControl.maxAge(Duration.ofHours(1)))
                .header("Content-Security-Policy", POLICY)
                .header("X-Content-Type-Options", "nosniff")
                .body(octets);
    }

    static String text(String text) {
        return HtmlUtils.htmlEscape(text, StandardCharsets.UTF_8.name());
    }

    /** Text whose backticks become code. */
    static String prose(String text) {
        return text(text).replaceAll("`([^`]*)`", "<code>$1</code>");
    }
}
