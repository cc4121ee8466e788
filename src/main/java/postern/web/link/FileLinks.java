package postern.web.link;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import postern.account.LinkRefused;
import postern.account.LinkTokens;
import postern.web.Caller;
import postern.web.Locations;
import postern.web.id.MessageId;
import postern.web.problem.InvalidRequest;

/**
 * Makes signed URLs that open one file each without an Authorization header, for {@code <img>},
 * {@code <a>} and {@code <video>}. A link expires with the session in which it was made. Nothing is
 * stored.
 */
@Component
public final class FileLinks {

    private static final String PATH = "/v1/links/";

    private final LinkTokens tokens;
    private final LinkProperties properties;
    private final @Nullable String base;

    FileLinks(LinkTokens tokens, LinkProperties properties) {
        this.tokens = tokens;
        this.properties = properties;
        this.base =
                properties.baseUrl() == null
                        ? null
                        : properties.baseUrl().toString().replaceFirst("/+$", "");
    }

    /** The URL of a part, with the default lifetime. */
    public String url(Caller caller, MessageId message, String partId) {
        return create(
                        caller,
                        new LinkedFile(message, LinkKind.PART, partId, null),
                        properties.lifetime())
                .url();
    }

    /** Does not check that the file exists. */
    public FileLink create(Caller caller, LinkedFile file, Duration lifetime) {
        var link = tokens.start(caller.account(), caller.session(), file.target(), lifetime);
        var front = base == null ? Locations.contextPath() : base;
        return new FileLink(file, front + PATH + tokens.seal(link), link.expiresAt());
    }

    /** Throws {@link LinkRefused} if the token is invalid or expired. */
    public OpenedLink open(String token) {
        var link = tokens.open(token);
        var file =
                LinkedFile.parse(link.target())
                        .orElseThrow(() -> new LinkRefused(LinkRefused.Reason.UNREADABLE));
        return new OpenedLink(link.account(), file, tokens.remaining(link));
    }

    /** The requested lifetime, or the default; throws a 400 if it is too long. */
    public Duration lifetime(@Nullable Integer seconds, String pointer) {
        if (seconds == null) {
            return properties.lifetime();
        }
        long longest = properties.longestLifetime().toSeconds();
        if (seconds < 1 || seconds > longest) {
            throw InvalidRequest.at(pointer, "must be between 1 and %d".formatted(longest));
        }
        return Duration.ofSeconds(seconds);
    }
}
