package postern.web.link;

import java.time.Instant;

/** A link to a file: whoever has the URL reads the file until it expires. */
public record FileLink(LinkedFile file, String url, Instant expiresAt) {

    /** Without the URL, so that it may be logged. */
    @Override
    public String toString() {
        return "FileLink[expiresAt=%s]".formatted(expiresAt);
    }
}
