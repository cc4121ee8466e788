package postern.web.inbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.function.RequestPredicate;
import org.springframework.web.servlet.function.RequestPredicates;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

/**
 * Serves the files of the web inbox, which {@code web/} is built into. They are few and small, so
 * that all of them are held in memory, and no path of a request is ever looked up in a file system.
 *
 * <p>Not a controller: a provider that a user signed in at comes back here with query parameters of
 * its own, which a controller would refuse.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("postern.inbox.enabled")
class InboxFiles {

    private static final String FILES = "classpath:/postern/web/inbox/";

    /**
     * Scripts, styles and requests of this origin; pictures that are being written come as blobs.
     */
    private static final String APP_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:;"
                    + " connect-src 'self'; frame-src 'self' blob:; base-uri 'none';"
                    + " form-action 'none'; frame-ancestors 'none'";

    /**
     * The empty document that a message is put into. Of its own origin, so that the app can fill it
     * and ask how high it is, and without {@code allow-scripts}, so that nothing in it ever runs.
     */
    private static final String FRAME_POLICY =
            "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:%s;"
                    + " form-action 'none'; base-uri 'none'; frame-ancestors 'self';"
                    + " sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox";

    private static final byte[] EMPTY =
            "<!doctype html><title>Message</title>".getBytes(StandardCharsets.UTF_8);

    private static final String REMOTE = " https: http:";

    private static final MediaType HTML =
            new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8);
    private static final MediaType SCRIPT =
            new MediaType("text", "javascript", StandardCharsets.UTF_8);
    private static final MediaType STYLE = new MediaType("text", "css", StandardCharsets.UTF_8);
    private static final MediaType PICTURE = MediaType.valueOf("image/svg+xml");

    @Bean
    RouterFunction<ServerResponse> inbox() throws IOException {
        var files = new PathMatchingResourcePatternResolver(InboxFiles.class.getClassLoader());
        var index = octets(files.getResource(FILES + "index.html"));
        var assets = new HashMap<String, byte[]>();
        for (var asset : files.getResources(FILES + "assets/*")) {
            assets.put(String.valueOf(asset.getFilename()), octets(asset));
        }
        return RouterFunctions.route()
                .route(at("/inbox"), InboxFiles::toDirectory)
                .route(at("/inbox/"), _ -> page(index, APP_POLICY, CacheControl.noCache()))
                .route(at("/inbox/frame"), _ -> frame(""))
                .route(at("/inbox/frame-remote"), _ -> frame(REMOTE))
                .route(at("/inbox/assets/{name}"), it -> asset(assets, it.pathVariable("name")))
                .build();
    }

    private static RequestPredicate at(String path) {
        return RequestPredicates.methods(HttpMethod.GET, HttpMethod.HEAD)
                .and(RequestPredicates.path(path));
    }

    /** The URLs of the page are relative to it, whatever path a proxy has put in front. */
    private static ServerResponse toDirectory(ServerRequest request) {
        var query = request.uri().getRawQuery();
        return ServerResponse.status(HttpStatus.FOUND)
                .location(URI.create(query == null ? "inbox/" : "inbox/?" + query))
                .build();
    }

    /** Kept, so that a message that was seen can be shown again without a connection. */
    private static ServerResponse frame(String pictures) {
        return page(
                EMPTY,
                FRAME_POLICY.formatted(pictures),
                CacheControl.maxAge(Duration.ofDays(1)).cachePublic());
    }

    private static ServerResponse page(byte[] html, String policy, CacheControl caching) {
        return ServerResponse.ok()
                .contentType(HTML)
                .cacheControl(caching)
                .header("Content-Security-Policy", policy)
                .header("Cross-Origin-Opener-Policy", "same-origin")
                .header("Referrer-Policy", "no-referrer")
                .header("X-Content-Type-Options", "nosniff")
                .body(html);
    }

    /** The name of an asset contains a hash of its content. */
    private static ServerResponse asset(Map<String, byte[]> assets, String name) {
        var content = assets.get(name);
        if (content == null) {
            throw new ProblemException(ProblemCode.NOT_FOUND, "the inbox has no such file");
        }
        return ServerResponse.ok()
                .contentType(type(name))
                .cacheControl(CacheControl.maxAge(Duration.ofDays(365)).cachePublic().immutable())
                .header("X-Content-Type-Options", "nosniff")
                .header(HttpHeaders.CONTENT_LENGTH, Integer.toString(content.length))
                .body(content);
    }

    private static MediaType type(String name) {
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "js" -> SCRIPT;
            case "css" -> STYLE;
            case "svg" -> PICTURE;
            default -> MediaType.APPLICATION_OCTET_STREAM;
        };
    }

    private static byte[] octets(Resource file) {
        try {
            return file.getContentAsByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException("the web inbox was not built into this jar", e);
        }
    }
}
