package postern.web.link;

import java.time.Instant;

/** A link to a file: anyone with the URL can read the file until it expires. */
public record FileLink(LinkedFile file, String url, Instant expiresAt) {

    /** Omits the URL, so that it is safe to log. */
    @Override
    public String toString() {
        return "FileLink[expiresAt=%s]".formatted(expiresAt);
    }
}
